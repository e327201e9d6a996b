-- Nội dung sửa của một lượt: what a person has changed of what the sources say, who has approved it, and why. One row a transfer that was amended; the transfer
-- itself carries the whole body.
ALTER TABLE "transfer" ADD COLUMN "origin" TEXT NOT NULL DEFAULT 'SOURCE';

CREATE TABLE "transfer_amendment" (
    "transfer_id" UUID NOT NULL,
    "source" JSONB NOT NULL,
    "differences" JSONB NOT NULL,
    "reason" TEXT NOT NULL,
    "amended_by" TEXT NOT NULL,
    "amended_by_name" TEXT NOT NULL,
    "amended_at" TIMESTAMPTZ(3) NOT NULL DEFAULT app_now(),
    "needs_approval" BOOLEAN NOT NULL,
    "decision" TEXT,
    "decided_by" TEXT,
    "decided_by_name" TEXT,
    "decided_at" TIMESTAMPTZ(3),
    "decision_reason" TEXT,

    CONSTRAINT "transfer_amendment_pkey" PRIMARY KEY ("transfer_id")
);
ALTER TABLE "transfer_amendment" ADD CONSTRAINT "transfer_amendment_transfer_id_fkey"
    FOREIGN KEY ("transfer_id") REFERENCES "transfer"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
