-- The oldest that waits, of each system: what alerts look for. In a transaction of its own: while it is built the table can be read.
CREATE INDEX "transfer_waiting_idx" ON "transfer" ("system_id", (coalesce("requeued_at", "created_at")))
  WHERE "state" IN ('PLANNED', 'QUEUED', 'SENDING', 'WAITING_RETRY', 'INDETERMINATE');
