-- Sổ thời gian liên thông: one row a dossier, kept by a background job from its events and transfers, so that a month's report reads a month's rows. It holds nothing that cannot be
-- worked out again; it begins empty, and the job walks through all dossiers once.
CREATE TABLE "dossier_ledger" (
    "dossier_id" UUID NOT NULL,
    "unit_id" INTEGER NOT NULL,
    "procedure_code" TEXT NOT NULL,
    "due_at" TIMESTAMPTZ(3) NOT NULL,
    "closed_at" TIMESTAMPTZ(3),
    "outcome" TEXT NOT NULL,
    "late_ms" BIGINT NOT NULL,
    "desk_ms" BIGINT NOT NULL,
    "registry_ms" BIGINT NOT NULL,
    "tax_ms" BIGINT NOT NULL,
    "applicant_ms" BIGINT NOT NULL,
    "interlink_ms" BIGINT NOT NULL,
    "saved_ms" BIGINT NOT NULL,
    "revisit_at" TIMESTAMPTZ(3),
    "computed_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "dossier_ledger_pkey" PRIMARY KEY ("dossier_id")
);
CREATE INDEX "dossier_ledger_due_at_idx" ON "dossier_ledger"("due_at");
CREATE INDEX "dossier_ledger_closed_at_idx" ON "dossier_ledger"("closed_at");
CREATE INDEX "dossier_ledger_revisit_at_idx" ON "dossier_ledger"("revisit_at");
ALTER TABLE "dossier_ledger" ADD CONSTRAINT "dossier_ledger_dossier_id_fkey" FOREIGN KEY ("dossier_id") REFERENCES "dossier"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Phần của từng hệ thống: only where there is something to tell.
CREATE TABLE "dossier_ledger_system" (
    "dossier_id" UUID NOT NULL,
    "system_id" TEXT NOT NULL,
    "waited_ms" BIGINT NOT NULL,
    "beside_ms" BIGINT NOT NULL,
    "saved_ms" BIGINT NOT NULL,

    CONSTRAINT "dossier_ledger_system_pkey" PRIMARY KEY ("dossier_id","system_id")
);
ALTER TABLE "dossier_ledger_system" ADD CONSTRAINT "dossier_ledger_system_dossier_id_fkey" FOREIGN KEY ("dossier_id") REFERENCES "dossier_ledger"("dossier_id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Mốc của sổ: up to which change of the log the ledger is, and how far the first walk has come.
CREATE TABLE "ledger_mark" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "rules" TEXT NOT NULL,
    "txid" BIGINT NOT NULL,
    "event_id" BIGINT NOT NULL,
    "walked_to" UUID,
    "walked_at" TIMESTAMPTZ(3),
    "looked_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "ledger_mark_pkey" PRIMARY KEY ("id")
);
