-- Since when a transfer waits: since it was planned, or since it was put in line again. What was refused in the night and is replayed in the morning
-- has not waited the whole night. Without a default: nothing is written to the rows that there are.
ALTER TABLE "transfer" ADD COLUMN "requeued_at" TIMESTAMPTZ(3);
