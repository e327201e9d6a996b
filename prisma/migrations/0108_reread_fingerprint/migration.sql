-- The values with which a feed was last read again: seen once more after that, they are for a person. Null: not read again for it.
ALTER TABLE "discrepancy" ADD COLUMN "reread_fingerprint" TEXT;
