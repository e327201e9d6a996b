-- Cảnh báo nguy cơ trễ hạn: what would miss its due date is alarmed before it does. A row is kept for ever: an auditor sees when an alarm was raised and when
-- and why it was cleared.
CREATE TABLE "risk_alarm" (
    "id" UUID NOT NULL,
    "transfer_id" UUID NOT NULL,
    "due_at" TIMESTAMPTZ(3) NOT NULL,
    "reason" TEXT NOT NULL,
    "raised_at" TIMESTAMPTZ(3) NOT NULL DEFAULT app_now(),
    "cleared_at" TIMESTAMPTZ(3),
    "cleared_because" TEXT,

    CONSTRAINT "risk_alarm_pkey" PRIMARY KEY ("id")
);

CREATE INDEX "risk_alarm_transfer_id_raised_at_idx" ON "risk_alarm"("transfer_id", "raised_at");

ALTER TABLE "risk_alarm" ADD CONSTRAINT "risk_alarm_transfer_id_fkey" FOREIGN KEY ("transfer_id") REFERENCES "transfer"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- One open alarm a transfer, however many guardians look at it.
CREATE UNIQUE INDEX "risk_alarm_open_key" ON "risk_alarm" ("transfer_id") WHERE "cleared_at" IS NULL;
