-- Kế hoạch gửi lại: a filter of transfers frozen to a list. Each row keeps what its transfer was at that moment, what the dry run foresaw and what became of it.
CREATE TABLE "replay_plan" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "act" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'DRAFT',
    "version" INTEGER NOT NULL DEFAULT 1,
    "filter" JSONB NOT NULL,
    "row_count" INTEGER NOT NULL,
    "needs_approval" BOOLEAN NOT NULL,
    "per_second" DOUBLE PRECISION,
    "window_from" TEXT,
    "window_to" TEXT,
    "stop_at_failure_share" DOUBLE PRECISION,
    "stop_after_settled" INTEGER NOT NULL,
    "stopped_because" TEXT,
    "request_key" TEXT,
    "created_by" TEXT NOT NULL,
    "created_by_name" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT app_now(),
    "approved_by" TEXT,
    "approved_by_name" TEXT,
    "approved_at" TIMESTAMPTZ(3),
    "run_by" TEXT,
    "run_by_name" TEXT,
    "run_by_role" TEXT,
    "started_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),
    "last_act" TEXT NOT NULL,
    "last_act_by" TEXT NOT NULL,
    "last_act_at" TIMESTAMPTZ(3) NOT NULL DEFAULT app_now(),
    "counted_delivered" INTEGER NOT NULL DEFAULT 0,
    "counted_failed" INTEGER NOT NULL DEFAULT 0,
    "paced_at" TIMESTAMPTZ(3),
    "lease_token" BIGINT NOT NULL DEFAULT 0,
    "lease_until" TIMESTAMPTZ(3),

    CONSTRAINT "replay_plan_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "replay_plan_created_at_id_idx" ON "replay_plan"("created_at" DESC, "id");
CREATE UNIQUE INDEX "replay_plan_created_by_request_key_key" ON "replay_plan"("created_by", "request_key");

CREATE TABLE "replay_plan_row" (
    "plan_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "transfer_id" UUID NOT NULL,
    "state" TEXT NOT NULL,
    "digest" TEXT NOT NULL,
    "dispatch_no" INTEGER NOT NULL,
    "lease_token" BIGINT NOT NULL,
    "forecast" TEXT,
    "forecast_reason" TEXT,
    "result" TEXT NOT NULL DEFAULT 'WAITING',
    "result_reason" TEXT,
    "outcome_of" UUID,
    "queued_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "replay_plan_row_pkey" PRIMARY KEY ("plan_id","position")
);
CREATE UNIQUE INDEX "replay_plan_row_plan_id_transfer_id_key" ON "replay_plan_row"("plan_id", "transfer_id");
CREATE INDEX "replay_plan_row_plan_id_forecast_position_idx" ON "replay_plan_row"("plan_id", "forecast", "position");
CREATE INDEX "replay_plan_row_plan_id_result_position_idx" ON "replay_plan_row"("plan_id", "result", "position");
ALTER TABLE "replay_plan_row" ADD CONSTRAINT "replay_plan_row_plan_id_fkey"
    FOREIGN KEY ("plan_id") REFERENCES "replay_plan"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "replay_plan_row" ADD CONSTRAINT "replay_plan_row_transfer_id_fkey"
    FOREIGN KEY ("transfer_id") REFERENCES "transfer"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- An act on a plan names it, so that a plan's history is found.
ALTER TABLE "audit_entry" ADD COLUMN "plan_id" UUID;
CREATE INDEX "audit_entry_plan_id_idx" ON "audit_entry"("plan_id");

-- Cuộc gọi ngoài lượt: a call to a system that is no delivery, such as a dry run's inquiry. It takes its place among the calls in flight while it lasts.
CREATE TABLE "gate_guest" (
    "id" UUID NOT NULL,
    "system_id" TEXT NOT NULL,
    "until" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "gate_guest_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "gate_guest_system_id_until_idx" ON "gate_guest"("system_id", "until");
