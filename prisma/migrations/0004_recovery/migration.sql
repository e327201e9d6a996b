-- A database that was restored from a backup knows less than the other systems do.
CREATE TABLE "recovery_epoch" (
    "id" UUID NOT NULL,
    "backup_at" TIMESTAMPTZ(3) NOT NULL,
    "opened_at" TIMESTAMPTZ(3) NOT NULL DEFAULT app_now(),
    "opened_by" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "closed_at" TIMESTAMPTZ(3),
    "closed_by" TEXT,

    CONSTRAINT "recovery_epoch_pkey" PRIMARY KEY ("id")
);
-- One at a time.
CREATE UNIQUE INDEX "recovery_epoch_open_key" ON "recovery_epoch" ((closed_at IS NULL)) WHERE closed_at IS NULL;

-- Which database this is, and how far it has come: compared with what a process has seen of it before.
CREATE TABLE "database_identity" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "installation_id" UUID NOT NULL,
    "mark" BIGINT NOT NULL DEFAULT 0,
    "cluster" TEXT,
    "timeline" INTEGER,
    "database_oid" BIGINT,

    CONSTRAINT "database_identity_pkey" PRIMARY KEY ("id")
);

ALTER TABLE "transfer" ADD COLUMN "recovery_epoch_id" UUID;
ALTER TABLE "transfer" ADD CONSTRAINT "transfer_recovery_epoch_id_fkey"
    FOREIGN KEY ("recovery_epoch_id") REFERENCES "recovery_epoch"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
CREATE INDEX "transfer_recovery_epoch_idx" ON "transfer" ("recovery_epoch_id") WHERE "recovery_epoch_id" IS NOT NULL;

-- A feed that was set back over there is read again from its start; what it no longer shows is counted.
ALTER TABLE "poll_cursor"
    ADD COLUMN "alarm_since" TIMESTAMPTZ(3),
    ADD COLUMN "reread_since" TIMESTAMPTZ(3),
    ADD COLUMN "reread_ended_at" TIMESTAMPTZ(3),
    ADD COLUMN "lost_changes" INTEGER,
    ADD COLUMN "read_to_end_at" TIMESTAMPTZ(3);
ALTER TABLE "inbox_message" ADD COLUMN "reread_at" TIMESTAMPTZ(3);
CREATE INDEX "inbox_message_received_at_id_idx" ON "inbox_message" ("received_at" DESC, "id");
CREATE INDEX "inbox_message_attention_idx" ON "inbox_message" ("state", "received_at" DESC, "id") WHERE "state" IN ('QUARANTINED', 'CONFLICT');
