-- Phiếu xin lỗi và hẹn lại ngày trả kết quả: what it said is kept as it was said, so that it can be printed again.
CREATE TABLE "apology_letter" (
    "id" UUID NOT NULL,
    "dossier_id" UUID NOT NULL,
    "year" INTEGER NOT NULL,
    "number" INTEGER NOT NULL,
    "issued_at" TIMESTAMPTZ(3) NOT NULL DEFAULT app_now(),
    "issued_by" TEXT NOT NULL,
    "issued_by_name" TEXT NOT NULL,
    "due_at" TIMESTAMPTZ(3) NOT NULL,
    "new_due_at" TIMESTAMPTZ(3) NOT NULL,
    "reason" TEXT NOT NULL,
    "content" JSONB NOT NULL,

    CONSTRAINT "apology_letter_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "apology_letter_year_number_key" ON "apology_letter"("year", "number");
CREATE INDEX "apology_letter_dossier_id_issued_at_idx" ON "apology_letter"("dossier_id", "issued_at");
ALTER TABLE "apology_letter" ADD CONSTRAINT "apology_letter_dossier_id_fkey" FOREIGN KEY ("dossier_id") REFERENCES "dossier"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
-- What a citizen was given in writing is not changed afterwards.
CREATE FUNCTION apology_letter_stays() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN RAISE EXCEPTION 'an apology letter is never changed or removed'; END $$;
CREATE TRIGGER apology_letter_stays BEFORE UPDATE OR DELETE ON apology_letter FOR EACH ROW EXECUTE FUNCTION apology_letter_stays();
