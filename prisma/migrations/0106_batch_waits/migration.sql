-- A batch of repairs says for which systems it waits, and why.
ALTER TABLE "discrepancy_batch" ADD COLUMN "waits_for" TEXT[] DEFAULT ARRAY[]::TEXT[];
