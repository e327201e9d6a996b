-- The gate before a system: how fast it may be called, whether it is paused, and when it was last found to be well again.
CREATE TABLE "system_gate" (
    "system_id" TEXT NOT NULL,
    "max_per_second" DOUBLE PRECISION,
    "max_in_flight" INTEGER,
    "ramp_ms" INTEGER NOT NULL DEFAULT 30000,
    "set_by" TEXT,
    "set_at" TIMESTAMPTZ(3),
    "paused_at" TIMESTAMPTZ(3),
    "paused_by" TEXT,
    "pause_reason" TEXT,
    "tokens" DOUBLE PRECISION NOT NULL DEFAULT 0,
    "refilled_at" TIMESTAMPTZ(3) NOT NULL DEFAULT app_now(),
    "recovered_at" TIMESTAMPTZ(3),
    "turns" BIGINT NOT NULL DEFAULT 0,
    CONSTRAINT "system_gate_pkey" PRIMARY KEY ("system_id")
);
INSERT INTO "system_gate" ("system_id") VALUES ('ONE_STOP'), ('VILIS'), ('PORTAL');

-- The breaker of one class of operations of a system, shared by all processes.
CREATE TABLE "system_breaker" (
    "system_id" TEXT NOT NULL,
    "class" TEXT NOT NULL,
    "failures" INTEGER NOT NULL DEFAULT 0,
    "openings" INTEGER NOT NULL DEFAULT 0,
    "opened_at" TIMESTAMPTZ(3),
    "open_until" TIMESTAMPTZ(3),
    "probe_until" TIMESTAMPTZ(3),
    "cause" TEXT,
    CONSTRAINT "system_breaker_pkey" PRIMARY KEY ("system_id", "class")
);
INSERT INTO "system_breaker" ("system_id", "class")
SELECT "system_id", "class" FROM "system_gate", unnest(ARRAY['SEND', 'INQUIRE']) AS "class";

-- What is most urgent goes first: the nearest legal due date, and nobody is passed over for more than ten days.
ALTER TABLE "transfer" ADD COLUMN "urgent_at" TIMESTAMPTZ(3);
UPDATE "transfer" SET "urgent_at" = least("due_at", "created_at" + interval '10 days');
ALTER TABLE "transfer" ALTER COLUMN "urgent_at" SET NOT NULL;
DROP INDEX "transfer_claim_idx";
CREATE INDEX "transfer_claim_idx" ON "transfer" ("system_id", "urgent_at", "sequence", "id", "next_attempt_at")
  WHERE "state" IN ('PLANNED', 'QUEUED', 'WAITING_RETRY', 'INDETERMINATE');
DROP INDEX "transfer_lease_idx";
CREATE INDEX "transfer_lease_idx" ON "transfer" ("system_id", "lease_until") WHERE "state" = 'SENDING';
