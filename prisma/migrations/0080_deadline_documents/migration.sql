-- Lịch làm việc và quy tắc tính hạn trả, as documents: a load replaces the whole of one, checked as a whole, and what was in force before stays to be read.
CREATE TABLE "deadline_document" (
  "id" SERIAL NOT NULL,
  "kind" TEXT NOT NULL,
  "content" JSONB NOT NULL,
  "sha256" TEXT NOT NULL,
  "loaded_by" TEXT NOT NULL,
  "loaded_at" TIMESTAMPTZ(3) NOT NULL DEFAULT app_now(),
  CONSTRAINT "deadline_document_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "deadline_document_kind" CHECK ("kind" IN ('CALENDAR', 'RULES'))
);
CREATE INDEX "deadline_document_kind_id_idx" ON "deadline_document"("kind", "id" DESC);
