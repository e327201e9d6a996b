-- Đợt xử lý sai lệch: one act on all the discrepancies that a filter matched, each as it was then.
CREATE TABLE "discrepancy_batch" (
    "id" UUID NOT NULL,
    "act" TEXT NOT NULL,
    "filter" JSONB NOT NULL,
    "reason" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "needs_approval" BOOLEAN NOT NULL,
    "row_count" INTEGER NOT NULL,
    "request_key" TEXT,
    "created_by" TEXT NOT NULL,
    "created_by_name" TEXT NOT NULL,
    "created_by_role" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT app_now(),
    "approved_by" TEXT,
    "approved_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),
    "last_act" TEXT NOT NULL DEFAULT 'CREATE',
    "last_act_by" TEXT NOT NULL,
    "last_act_at" TIMESTAMPTZ(3) NOT NULL DEFAULT app_now(),
    "last_request_key" TEXT,
    "lease_token" BIGINT NOT NULL DEFAULT 0,
    "lease_until" TIMESTAMPTZ(3),

    CONSTRAINT "discrepancy_batch_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "discrepancy_batch_created_by_request_key_key" ON "discrepancy_batch"("created_by", "request_key");
CREATE INDEX "discrepancy_batch_created_at_id_idx" ON "discrepancy_batch"("created_at" DESC, "id");

CREATE TABLE "discrepancy_batch_row" (
    "batch_id" UUID NOT NULL,
    "discrepancy_id" UUID NOT NULL,
    "seen_version" INTEGER NOT NULL,
    "result" TEXT NOT NULL DEFAULT 'WAITING',
    "because" TEXT,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "discrepancy_batch_row_pkey" PRIMARY KEY ("batch_id", "discrepancy_id")
);
CREATE INDEX "discrepancy_batch_row_batch_id_result_discrepancy_id_idx" ON "discrepancy_batch_row"("batch_id", "result", "discrepancy_id");
ALTER TABLE "discrepancy_batch_row" ADD CONSTRAINT "discrepancy_batch_row_batch_id_fkey" FOREIGN KEY ("batch_id") REFERENCES "discrepancy_batch"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What is open of a dossier, for its page.
CREATE INDEX "discrepancy_dossier_id_idx" ON "discrepancy"("dossier_id");
