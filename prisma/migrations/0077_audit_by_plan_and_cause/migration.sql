-- Nhật ký theo kế hoạch và theo nguyên nhân: an act on a transfer tells by what it had failed and of which plan it was a part; a note, of which cause it is.
ALTER TABLE "audit_entry" ADD COLUMN "cause_id" UUID;

-- An entry is never changed; what is filled in here stands in it already, in another place.
ALTER TABLE "audit_entry" DISABLE TRIGGER "audit_entry_stays";
UPDATE "audit_entry" SET "cause_id" = ("before"->>'causeId')::uuid WHERE "act" = 'NOTE_CAUSE' AND "before"->>'causeId' IS NOT NULL;
UPDATE "audit_entry" SET "plan_id" = split_part("after"->>'request', ':', 2)::uuid
  WHERE "plan_id" IS NULL AND "transfer_id" IS NOT NULL AND "after"->>'request' ~ '^plan:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}:[0-9]+$';
ALTER TABLE "audit_entry" ENABLE TRIGGER "audit_entry_stays";

-- Most entries are of no plan, and those of a plan are read in the order of their time.
DROP INDEX "audit_entry_plan_id_idx";
CREATE INDEX "audit_entry_plan_idx" ON "audit_entry" ("plan_id", "at", "id") WHERE "plan_id" IS NOT NULL;
CREATE INDEX "audit_entry_cause_idx" ON "audit_entry" ("cause_id", "at", "id") WHERE "cause_id" IS NOT NULL;
