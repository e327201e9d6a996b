-- Which supplements have been taken, by number: they may be told in any order.
ALTER TABLE "dossier" ADD COLUMN "supplement_numbers" INTEGER[] DEFAULT ARRAY[]::INTEGER[];
-- Until here each number had to be higher than the ones before: none up to the highest may be taken now.
UPDATE "dossier" SET "supplement_numbers" = ARRAY(SELECT generate_series(1, "supplement_count")) WHERE "supplement_count" > 0;

-- When a code was loaded: a transfer that was held for it by an attempt of about the same time may have looked just before.
ALTER TABLE "code_mapping" ADD COLUMN "loaded_at" TIMESTAMPTZ(3) NOT NULL DEFAULT app_now();
