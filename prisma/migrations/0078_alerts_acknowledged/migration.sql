-- Đã nhận cảnh báo: who has said that somebody is on it, and since when it is not told again.
ALTER TABLE "alert" ADD COLUMN "acknowledged_by" TEXT, ADD COLUMN "acknowledged_at" TIMESTAMPTZ(3), ADD COLUMN "acknowledged_why" TEXT;

-- Thông báo thử: a notice of no alert, by which a person sees whether a channel reaches them.
ALTER TABLE "alert_notice" ALTER COLUMN "alert_id" DROP NOT NULL;
CREATE INDEX "alert_notice_tests_idx" ON "alert_notice" ("channel", "created_at" DESC) WHERE "kind" = 'TEST';
