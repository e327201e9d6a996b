-- Hạn của dự báo: when the dry run was done, so that neither it nor an approval is good for ever. Of what is ready, the last act was no earlier.
ALTER TABLE "replay_plan" ADD COLUMN "forecast_at" TIMESTAMPTZ(3), ADD COLUMN "cleared_at" TIMESTAMPTZ(3);
UPDATE "replay_plan" SET "forecast_at" = "last_act_at" WHERE "state" NOT IN ('DRAFT', 'DRY_RUNNING', 'CANCELLED');

-- Mã kiểm tra nội dung thay thế, as the dry run has found it: what is sent in a transfer's place is what was seen and approved, or nothing.
ALTER TABLE "replay_plan_row" ADD COLUMN "forecast_digest" TEXT;

-- Plans whose words are to be cleared when their time is over.
CREATE INDEX "replay_plan_kept_idx" ON "replay_plan" ("finished_at") WHERE "cleared_at" IS NULL AND "finished_at" IS NOT NULL;
