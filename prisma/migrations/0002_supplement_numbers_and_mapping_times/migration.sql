-- Which supplements have been taken, by number: they may be told in any order.
ALTER TABLE "dossier" ADD COLUMN "supplement_numbers" INTEGER[] DEFAULT ARRAY[]::INTEGER[];
-- Until here each number had to be higher than the ones before: none up to the highest may be taken now.
UPDATE "dossier" SET "supplement_numbers" = ARRAY(SELECT generate_series(1, "supplement_count")) WHERE "supplement_count" > 0;
