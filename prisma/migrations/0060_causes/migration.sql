-- Nguyên nhân lỗi: one row for failures that have the same fingerprint. It is written once, by the first of them, and by nobody but a person who notes
-- something afterwards: however many fail at once, none waits for another. How many there are is counted by the two indexes below.
CREATE TABLE "failure_cause" (
    "id" UUID NOT NULL,
    "system_id" TEXT NOT NULL,
    "operation" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "code" TEXT NOT NULL,
    "field" TEXT,
    "first_seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT app_now(),
    "note" TEXT,
    "remedy" TEXT,
    "noted_by" TEXT,
    "noted_at" TIMESTAMPTZ(3),
    "version" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "failure_cause_pkey" PRIMARY KEY ("id")
);

-- No foreign keys: each failure would lock the row of its cause, and an outage is one cause of thousands at once. The id is a hash of the fingerprint, and the
-- row is written by the very statement that refers to it.
ALTER TABLE "transfer" ADD COLUMN "cause_id" UUID;
ALTER TABLE "attempt" ADD COLUMN "cause_id" UUID;

-- What has never failed is in neither of them. The second holds no column that the closing of an attempt changes but this one: one that succeeds writes no index anew.
CREATE INDEX "transfer_cause_idx" ON "transfer" ("cause_id", "created_at" DESC, "id", "receiving_unit_id", "operation", "state", "procedure_code", "dossier_id")
  WHERE "cause_id" IS NOT NULL AND "state" NOT IN ('DELIVERED', 'ABANDONED', 'SUPERSEDED');
CREATE INDEX "attempt_cause_idx" ON "attempt" ("cause_id", "started_at") WHERE "cause_id" IS NOT NULL;
