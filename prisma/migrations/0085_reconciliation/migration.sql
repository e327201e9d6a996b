-- Lượt đối soát: one comparison with some systems, its place kept in `progress`. `active_key` is the scope while it is active, so that there is one at a time.
CREATE TABLE "reconciliation_run" (
    "id" UUID NOT NULL,
    "scope" TEXT NOT NULL,
    "range_from" DATE NOT NULL,
    "range_to" DATE NOT NULL,
    "systems" TEXT[],
    "state" TEXT NOT NULL DEFAULT 'QUEUED',
    "version" INTEGER NOT NULL DEFAULT 1,
    "active_key" TEXT,
    "reason" TEXT NOT NULL,
    "request_key" TEXT,
    "started_by" TEXT NOT NULL,
    "started_by_name" TEXT NOT NULL,
    "progress" JSONB NOT NULL DEFAULT '{}',
    "units_total" INTEGER NOT NULL DEFAULT 0,
    "units_done" INTEGER NOT NULL DEFAULT 0,
    "resume_at" TIMESTAMPTZ(3),
    "waits_for" TEXT,
    "ended_because" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT app_now(),
    "begun_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),
    "last_act" TEXT NOT NULL,
    "last_act_by" TEXT NOT NULL,
    "last_act_at" TIMESTAMPTZ(3) NOT NULL DEFAULT app_now(),
    "lease_token" BIGINT NOT NULL DEFAULT 0,
    "lease_until" TIMESTAMPTZ(3),

    CONSTRAINT "reconciliation_run_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "reconciliation_run_active_key_key" ON "reconciliation_run"("active_key");
CREATE UNIQUE INDEX "reconciliation_run_started_by_request_key_key" ON "reconciliation_run"("started_by", "request_key");
CREATE INDEX "reconciliation_run_created_at_id_idx" ON "reconciliation_run"("created_at" DESC, "id");

-- Sai lệch đối soát. `live_key` (system, dossier, class) while it is live: found again it is the same one.
CREATE TABLE "discrepancy" (
    "id" UUID NOT NULL,
    "class" TEXT NOT NULL,
    "system_id" TEXT NOT NULL,
    "dossier_code" TEXT NOT NULL,
    "dossier_id" UUID,
    "receiving_unit_id" INTEGER,
    "commune_code" TEXT NOT NULL,
    "received_on" DATE NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'SUSPECTED',
    "version" INTEGER NOT NULL DEFAULT 1,
    "live_key" TEXT,
    "fields" JSONB NOT NULL,
    "fingerprint" TEXT NOT NULL,
    "our_status" TEXT,
    "their_status" TEXT,
    "our_changed_at" TIMESTAMPTZ(3),
    "their_changed_at" TIMESTAMPTZ(3),
    "probable_cause" TEXT NOT NULL,
    "proposed_repair" TEXT NOT NULL,
    "transfer_id" UUID,
    "message_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT app_now(),
    "suspected_at" TIMESTAMPTZ(3) NOT NULL DEFAULT app_now(),
    "suspected_run_id" UUID NOT NULL,
    "found_at" TIMESTAMPTZ(3),
    "found_run_id" UUID,
    "seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT app_now(),
    "seen_run_id" UUID NOT NULL,
    "seen_count" INTEGER NOT NULL DEFAULT 1,
    "checked_run_id" UUID,
    "repair" TEXT,
    "repair_count" INTEGER NOT NULL DEFAULT 0,
    "repaired_at" TIMESTAMPTZ(3),
    "repaired_by" TEXT,
    "repair_run_id" UUID,
    "repair_transfer_ids" UUID[],
    "repair_error" TEXT,
    "ignored_at" TIMESTAMPTZ(3),
    "ignored_by" TEXT,
    "ignored_because" TEXT,
    "closed_at" TIMESTAMPTZ(3),
    "closed_run_id" UUID,
    "last_act" TEXT NOT NULL DEFAULT 'SUSPECT',
    "last_act_by" TEXT NOT NULL DEFAULT '',
    "last_act_at" TIMESTAMPTZ(3) NOT NULL DEFAULT app_now(),

    CONSTRAINT "discrepancy_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "discrepancy_live_key_key" ON "discrepancy"("live_key");
CREATE INDEX "discrepancy_created_at_id_idx" ON "discrepancy"("created_at" DESC, "id" DESC);
CREATE INDEX "discrepancy_system_id_state_received_on_id_idx" ON "discrepancy"("system_id", "state", "received_on", "id");
CREATE INDEX "discrepancy_dossier_code_idx" ON "discrepancy"("dossier_code");
CREATE INDEX "discrepancy_found_run_id_idx" ON "discrepancy"("found_run_id");
CREATE INDEX "discrepancy_closed_run_id_idx" ON "discrepancy"("closed_run_id");

-- Nhịp đối soát: up to here the rate at which reconciliation calls a system has been used, by all processes together.
CREATE TABLE "reconciliation_pace" (
    "system_id" TEXT NOT NULL,
    "paced_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "reconciliation_pace_pkey" PRIMARY KEY ("system_id")
);

-- An act on a run or on a discrepancy names it, so that its history is found.
ALTER TABLE "audit_entry" ADD COLUMN "reconciliation_run_id" UUID;
ALTER TABLE "audit_entry" ADD COLUMN "discrepancy_id" UUID;
CREATE INDEX "audit_entry_reconciliation_run_id_idx" ON "audit_entry"("reconciliation_run_id");
CREATE INDEX "audit_entry_discrepancy_id_idx" ON "audit_entry"("discrepancy_id");
