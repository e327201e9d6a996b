-- Acts of a named person on a system stand in the same audit trail as those on a transfer.
ALTER TABLE "audit_entry" ADD COLUMN "system_id" TEXT;
CREATE INDEX "audit_entry_system_id_idx" ON "audit_entry"("system_id");

-- Reads of a system (live look-ups and polls) have a breaker of their own.
INSERT INTO "system_breaker" ("system_id", "class") SELECT "system_id", 'READ' FROM "system_gate" ON CONFLICT DO NOTHING;
