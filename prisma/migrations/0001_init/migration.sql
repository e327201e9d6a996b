-- Time is one function: leases, due dates and retries all ask it. Only tests shift it.
CREATE EXTENSION IF NOT EXISTS pg_trgm;

CREATE TABLE "app_clock" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "shift_ms" BIGINT NOT NULL DEFAULT 0,
    CONSTRAINT "app_clock_pkey" PRIMARY KEY ("id")
);
INSERT INTO "app_clock" DEFAULT VALUES;

CREATE FUNCTION app_now() RETURNS timestamptz LANGUAGE sql STABLE AS
$$ SELECT statement_timestamp() + (SELECT shift_ms FROM app_clock WHERE id = 1) * interval '1 millisecond' $$;

-- The right to send: each claim takes the next token.
CREATE SEQUENCE transfer_lease;

-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateTable
CREATE TABLE "administrative_unit" (
    "id" SERIAL NOT NULL,
    "code" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "level" TEXT NOT NULL DEFAULT 'COMMUNE',
    "province_code" TEXT NOT NULL,
    "province_name" TEXT NOT NULL,
    "valid_from" DATE NOT NULL,
    "valid_to" DATE,
    "successor_code" TEXT,
    "standing" TEXT NOT NULL,

    CONSTRAINT "administrative_unit_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "procedure" (
    "code" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "field_code" TEXT NOT NULL,
    "field_name" TEXT NOT NULL,
    "statutory_days" INTEGER,
    "standing" TEXT NOT NULL,
    "land_registration" BOOLEAN NOT NULL,

    CONSTRAINT "procedure_pkey" PRIMARY KEY ("code")
);

-- CreateTable
CREATE TABLE "dossier" (
    "id" UUID NOT NULL,
    "code" TEXT NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "source_version" INTEGER NOT NULL,
    "source_digest" TEXT NOT NULL,
    "origin" TEXT NOT NULL,
    "procedure_code" TEXT NOT NULL,
    "receiving_unit_id" INTEGER NOT NULL,
    "channel" TEXT NOT NULL,
    "applicant_id" UUID NOT NULL,
    "summary" TEXT NOT NULL,
    "received_by" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "status_at" TIMESTAMPTZ(3) NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL,
    "due_at" TIMESTAMPTZ(3) NOT NULL,
    "finished_at" TIMESTAMPTZ(3),
    "returned_at" TIMESTAMPTZ(3),
    "supplement_count" INTEGER NOT NULL DEFAULT 0,
    "search_text" TEXT NOT NULL DEFAULT '',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT app_now(),
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT app_now(),

    CONSTRAINT "dossier_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "dossier_identifier" (
    "dossier_id" UUID NOT NULL,
    "system_id" TEXT NOT NULL,
    "value" TEXT NOT NULL,

    CONSTRAINT "dossier_identifier_pkey" PRIMARY KEY ("system_id","value")
);

-- CreateTable
CREATE TABLE "party" (
    "id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "full_name" TEXT NOT NULL,
    "id_number" TEXT,
    "phone" TEXT,
    "email" TEXT,
    "address" TEXT,

    CONSTRAINT "party_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "parcel_reference" (
    "id" UUID NOT NULL,
    "dossier_id" UUID NOT NULL,
    "map_sheet_number" TEXT NOT NULL,
    "parcel_number" TEXT NOT NULL,
    "unit_id" INTEGER NOT NULL,
    "area_m2" TEXT,
    "address" TEXT,

    CONSTRAINT "parcel_reference_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "certificate_reference" (
    "dossier_id" UUID NOT NULL,
    "serial_number" TEXT NOT NULL,
    "register_number" TEXT,

    CONSTRAINT "certificate_reference_pkey" PRIMARY KEY ("dossier_id","serial_number")
);

-- CreateTable
CREATE TABLE "document" (
    "id" UUID NOT NULL,
    "dossier_id" UUID NOT NULL,
    "role" TEXT NOT NULL,
    "round" INTEGER NOT NULL DEFAULT 0,
    "name" TEXT NOT NULL,
    "file_name" TEXT NOT NULL,
    "media_type" TEXT NOT NULL,
    "sha256" TEXT NOT NULL,
    "size_bytes" INTEGER NOT NULL,
    "originals" INTEGER NOT NULL DEFAULT 0,
    "copies" INTEGER NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT app_now(),

    CONSTRAINT "document_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "tax_notice" (
    "dossier_id" UUID NOT NULL,
    "notice_number" TEXT NOT NULL,
    "tax_kind" TEXT NOT NULL,
    "payer_name" TEXT NOT NULL,
    "amount_vnd" BIGINT,
    "document_url" TEXT,
    "issued_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "tax_notice_pkey" PRIMARY KEY ("dossier_id","notice_number","tax_kind")
);

-- CreateTable
CREATE TABLE "dossier_event" (
    "id" UUID NOT NULL,
    "dossier_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "origin" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "event_at" TIMESTAMPTZ(3) NOT NULL,
    "applied" BOOLEAN NOT NULL,
    "status_from" TEXT,
    "status_to" TEXT,
    "due_at_from" TIMESTAMPTZ(3),
    "due_at_to" TIMESTAMPTZ(3),
    "officer" TEXT,
    "note" TEXT NOT NULL DEFAULT '',
    "message_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT app_now(),

    CONSTRAINT "dossier_event_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "inbox_message" (
    "id" UUID NOT NULL,
    "source" TEXT NOT NULL,
    "channel" TEXT NOT NULL,
    "operation" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "identity" TEXT NOT NULL,
    "digest" TEXT NOT NULL,
    "dossier_code" TEXT,
    "event_at" TIMESTAMPTZ(3),
    "caused_by_key" TEXT,
    "payload" JSONB,
    "raw" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "reason" TEXT,
    "correlation_id" TEXT NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL DEFAULT app_now(),
    "settled_at" TIMESTAMPTZ(3),

    CONSTRAINT "inbox_message_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "poll_cursor" (
    "system_id" TEXT NOT NULL,
    "position" BIGINT NOT NULL DEFAULT 0,
    "polled_at" TIMESTAMPTZ(3),
    "alarm" TEXT,

    CONSTRAINT "poll_cursor_pkey" PRIMARY KEY ("system_id")
);

-- CreateTable
CREATE TABLE "transfer" (
    "id" UUID NOT NULL,
    "dossier_id" UUID NOT NULL,
    "system_id" TEXT NOT NULL,
    "operation" TEXT NOT NULL,
    "sequence" INTEGER NOT NULL,
    "idempotency_key" TEXT NOT NULL,
    "dossier_version" INTEGER NOT NULL,
    "body" JSONB NOT NULL,
    "digest" TEXT NOT NULL,
    "digest_version" INTEGER NOT NULL,
    "mode" TEXT NOT NULL DEFAULT 'LIVE',
    "state" TEXT NOT NULL DEFAULT 'PLANNED',
    "held_reason" TEXT,
    "last_error" TEXT,
    "error_field" TEXT,
    "due_at" TIMESTAMPTZ(3) NOT NULL,
    "next_attempt_at" TIMESTAMPTZ(3),
    "budget_until" TIMESTAMPTZ(3),
    "attempt_count" INTEGER NOT NULL DEFAULT 0,
    "retry_count" INTEGER NOT NULL DEFAULT 0,
    "dispatch_no" INTEGER NOT NULL DEFAULT 0,
    "lease_token" BIGINT NOT NULL DEFAULT 0,
    "lease_until" TIMESTAMPTZ(3),
    "last_send_at" TIMESTAMPTZ(3),
    "absent_count" INTEGER NOT NULL DEFAULT 0,
    "external_ref" TEXT,
    "supersedes_id" UUID,
    "correlation_id" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT app_now(),
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT app_now(),
    "settled_at" TIMESTAMPTZ(3),

    CONSTRAINT "transfer_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "attempt" (
    "id" UUID NOT NULL,
    "transfer_id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "kind" TEXT NOT NULL,
    "lease_token" BIGINT NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT app_now(),
    "ended_at" TIMESTAMPTZ(3),
    "outcome" TEXT,
    "detail" TEXT,
    "late" BOOLEAN NOT NULL DEFAULT false,
    "http_status" INTEGER,
    "elapsed_ms" INTEGER,
    "request_xml" TEXT,
    "response_text" TEXT,
    "worker" TEXT NOT NULL,

    CONSTRAINT "attempt_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "outbox_event" (
    "id" BIGSERIAL NOT NULL,
    "txid" BIGINT NOT NULL DEFAULT (pg_current_xact_id()::text)::bigint,
    "topic" TEXT NOT NULL,
    "transfer_id" UUID,
    "dossier_id" UUID NOT NULL,
    "system_id" TEXT,
    "dispatch_no" INTEGER,
    "wake_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT app_now(),
    "published_at" TIMESTAMPTZ(3),

    CONSTRAINT "outbox_event_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "outbox_horizon" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "txid" BIGINT NOT NULL,
    "event_id" BIGINT NOT NULL,

    CONSTRAINT "outbox_horizon_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "installation" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "sandbox" BOOLEAN NOT NULL,

    CONSTRAINT "installation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "routing_rule" (
    "id" SERIAL NOT NULL,
    "event" TEXT NOT NULL,
    "origin" TEXT NOT NULL DEFAULT '*',
    "procedure" TEXT NOT NULL DEFAULT '*',
    "operation" TEXT NOT NULL,
    "mode" TEXT NOT NULL,
    "valid_from" DATE NOT NULL,
    "valid_to" DATE,

    CONSTRAINT "routing_rule_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "code_mapping" (
    "id" SERIAL NOT NULL,
    "system_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "our_code" TEXT NOT NULL,
    "foreign_code" TEXT NOT NULL,
    "valid_from" DATE NOT NULL,
    "valid_to" DATE,

    CONSTRAINT "code_mapping_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "foreign_system" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "enabled" BOOLEAN NOT NULL DEFAULT true,
    "health" TEXT NOT NULL DEFAULT 'UNKNOWN',
    "health_since" TIMESTAMPTZ(3) NOT NULL DEFAULT app_now(),
    "last_success_at" TIMESTAMPTZ(3),
    "last_failure_at" TIMESTAMPTZ(3),
    "last_failure" TEXT,

    CONSTRAINT "foreign_system_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "audit_entry" (
    "id" UUID NOT NULL,
    "actor" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "act" TEXT NOT NULL,
    "transfer_id" UUID,
    "dossier_id" UUID,
    "reason" TEXT NOT NULL,
    "before" JSONB NOT NULL,
    "after" JSONB NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT app_now(),

    CONSTRAINT "audit_entry_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "client_request" (
    "caller" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "digest" TEXT NOT NULL,
    "answer" JSONB,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT app_now(),

    CONSTRAINT "client_request_pkey" PRIMARY KEY ("caller","key")
);

-- CreateTable
CREATE TABLE "used_nonce" (
    "digest" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "used_nonce_pkey" PRIMARY KEY ("digest")
);

-- CreateIndex
CREATE UNIQUE INDEX "administrative_unit_code_valid_from_key" ON "administrative_unit"("code", "valid_from");

-- CreateIndex
CREATE UNIQUE INDEX "dossier_code_key" ON "dossier"("code");

-- CreateIndex
CREATE INDEX "dossier_receiving_unit_id_received_at_id_idx" ON "dossier"("receiving_unit_id", "received_at" DESC, "id");

-- CreateIndex
CREATE INDEX "dossier_received_at_id_idx" ON "dossier"("received_at" DESC, "id");

-- CreateIndex
CREATE INDEX "dossier_status_due_at_id_idx" ON "dossier"("status", "due_at", "id");

-- CreateIndex
CREATE INDEX "dossier_due_at_id_idx" ON "dossier"("due_at", "id");

-- CreateIndex
CREATE INDEX "dossier_procedure_code_received_at_id_idx" ON "dossier"("procedure_code", "received_at" DESC, "id");

-- CreateIndex
CREATE INDEX "dossier_applicant_id_idx" ON "dossier"("applicant_id");

-- CreateIndex
CREATE INDEX "dossier_identifier_dossier_id_idx" ON "dossier_identifier"("dossier_id");

-- CreateIndex
CREATE INDEX "party_id_number_idx" ON "party"("id_number");

-- CreateIndex
CREATE INDEX "parcel_reference_unit_id_map_sheet_number_parcel_number_idx" ON "parcel_reference"("unit_id", "map_sheet_number", "parcel_number");

-- CreateIndex
CREATE UNIQUE INDEX "parcel_reference_dossier_id_unit_id_map_sheet_number_parcel_key" ON "parcel_reference"("dossier_id", "unit_id", "map_sheet_number", "parcel_number");

-- CreateIndex
CREATE INDEX "certificate_reference_serial_number_idx" ON "certificate_reference"("serial_number");

-- CreateIndex
CREATE UNIQUE INDEX "document_dossier_id_role_round_sha256_file_name_key" ON "document"("dossier_id", "role", "round", "sha256", "file_name");

-- CreateIndex
CREATE INDEX "dossier_event_dossier_id_event_at_id_idx" ON "dossier_event"("dossier_id", "event_at", "id");

-- CreateIndex
CREATE INDEX "inbox_message_dossier_code_state_idx" ON "inbox_message"("dossier_code", "state");

-- CreateIndex
CREATE UNIQUE INDEX "inbox_message_source_identity_key" ON "inbox_message"("source", "identity");

-- CreateIndex
CREATE UNIQUE INDEX "transfer_idempotency_key_key" ON "transfer"("idempotency_key");

-- CreateIndex
CREATE INDEX "transfer_dossier_id_system_id_sequence_idx" ON "transfer"("dossier_id", "system_id", "sequence");

-- CreateIndex
CREATE INDEX "transfer_created_at_id_idx" ON "transfer"("created_at" DESC, "id");

-- CreateIndex
CREATE INDEX "transfer_system_id_state_created_at_id_idx" ON "transfer"("system_id", "state", "created_at" DESC, "id");

-- CreateIndex
CREATE UNIQUE INDEX "attempt_transfer_id_number_key" ON "attempt"("transfer_id", "number");

-- CreateIndex
CREATE INDEX "outbox_event_txid_id_idx" ON "outbox_event"("txid", "id");

-- CreateIndex
CREATE UNIQUE INDEX "routing_rule_event_origin_procedure_operation_valid_from_key" ON "routing_rule"("event", "origin", "procedure", "operation", "valid_from");

-- CreateIndex
CREATE INDEX "code_mapping_system_id_kind_foreign_code_idx" ON "code_mapping"("system_id", "kind", "foreign_code");

-- CreateIndex
CREATE UNIQUE INDEX "code_mapping_system_id_kind_our_code_valid_from_key" ON "code_mapping"("system_id", "kind", "our_code", "valid_from");

-- CreateIndex
CREATE INDEX "audit_entry_transfer_id_idx" ON "audit_entry"("transfer_id");

-- CreateIndex
CREATE INDEX "used_nonce_expires_at_idx" ON "used_nonce"("expires_at");

-- AddForeignKey
ALTER TABLE "dossier" ADD CONSTRAINT "dossier_procedure_code_fkey" FOREIGN KEY ("procedure_code") REFERENCES "procedure"("code") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "dossier" ADD CONSTRAINT "dossier_receiving_unit_id_fkey" FOREIGN KEY ("receiving_unit_id") REFERENCES "administrative_unit"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "dossier" ADD CONSTRAINT "dossier_applicant_id_fkey" FOREIGN KEY ("applicant_id") REFERENCES "party"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "dossier_identifier" ADD CONSTRAINT "dossier_identifier_dossier_id_fkey" FOREIGN KEY ("dossier_id") REFERENCES "dossier"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "parcel_reference" ADD CONSTRAINT "parcel_reference_dossier_id_fkey" FOREIGN KEY ("dossier_id") REFERENCES "dossier"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "parcel_reference" ADD CONSTRAINT "parcel_reference_unit_id_fkey" FOREIGN KEY ("unit_id") REFERENCES "administrative_unit"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "certificate_reference" ADD CONSTRAINT "certificate_reference_dossier_id_fkey" FOREIGN KEY ("dossier_id") REFERENCES "dossier"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "document" ADD CONSTRAINT "document_dossier_id_fkey" FOREIGN KEY ("dossier_id") REFERENCES "dossier"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "tax_notice" ADD CONSTRAINT "tax_notice_dossier_id_fkey" FOREIGN KEY ("dossier_id") REFERENCES "dossier"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "dossier_event" ADD CONSTRAINT "dossier_event_dossier_id_fkey" FOREIGN KEY ("dossier_id") REFERENCES "dossier"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "transfer" ADD CONSTRAINT "transfer_dossier_id_fkey" FOREIGN KEY ("dossier_id") REFERENCES "dossier"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "attempt" ADD CONSTRAINT "attempt_transfer_id_fkey" FOREIGN KEY ("transfer_id") REFERENCES "transfer"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What a worker may claim, most urgent first; what it claimed and may have lost.
CREATE INDEX "transfer_claim_idx" ON "transfer" ("system_id", "due_at", "sequence", "id", "next_attempt_at")
  WHERE "state" IN ('PLANNED', 'QUEUED', 'WAITING_RETRY', 'INDETERMINATE');
CREATE INDEX "transfer_lease_idx" ON "transfer" ("lease_until") WHERE "state" = 'SENDING';
CREATE INDEX "transfer_attention_idx" ON "transfer" ("system_id", "held_reason") WHERE "state" IN ('HELD', 'REJECTED', 'EXHAUSTED');
-- One living transfer a place in the order; a superseded one has given its place up.
CREATE UNIQUE INDEX "transfer_place_key" ON "transfer" ("dossier_id", "system_id", "sequence") WHERE "state" <> 'SUPERSEDED';
CREATE INDEX "outbox_event_wake_idx" ON "outbox_event" ("id") WHERE "wake_at" IS NOT NULL AND "published_at" IS NULL;
CREATE INDEX "inbox_message_open_idx" ON "inbox_message" ("received_at") WHERE "state" IN ('STORED', 'UNMATCHED', 'EARLY');
CREATE INDEX "dossier_search_text_idx" ON "dossier" USING gin ("search_text" gin_trgm_ops);

-- The outbox is written by the database itself, in the transaction of the change: no path in the code can forget it.
CREATE FUNCTION transfer_outbox() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  wake timestamptz;
BEGIN
  -- The relay's own mark (PLANNED to QUEUED) is no news to anybody.
  IF TG_OP = 'UPDATE' AND NEW.dispatch_no = OLD.dispatch_no
    AND (NEW.state = OLD.state OR OLD.state = 'PLANNED' AND NEW.state = 'QUEUED') THEN
    RETURN NULL;
  END IF;
  IF TG_OP = 'INSERT' OR NEW.dispatch_no <> OLD.dispatch_no THEN
    wake := NEW.next_attempt_at;
  END IF;
  INSERT INTO outbox_event (topic, transfer_id, dossier_id, system_id, dispatch_no, wake_at)
  VALUES ('TRANSFER', NEW.id, NEW.dossier_id, NEW.system_id, NEW.dispatch_no, wake);
  -- The next one in the order may go now.
  IF TG_OP = 'UPDATE' AND NEW.state IN ('DELIVERED', 'ABANDONED', 'SUPERSEDED') THEN
    INSERT INTO outbox_event (topic, transfer_id, dossier_id, system_id, dispatch_no, wake_at)
    SELECT 'TRANSFER', f.id, f.dossier_id, f.system_id, f.dispatch_no, f.next_attempt_at
    FROM transfer f
    WHERE f.dossier_id = NEW.dossier_id AND f.system_id = NEW.system_id AND f.sequence > NEW.sequence
      AND f.state IN ('PLANNED', 'QUEUED', 'WAITING_RETRY', 'INDETERMINATE')
    ORDER BY f.sequence LIMIT 1;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER transfer_outbox AFTER INSERT OR UPDATE ON transfer FOR EACH ROW EXECUTE FUNCTION transfer_outbox();

CREATE FUNCTION dossier_outbox() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO outbox_event (topic, dossier_id) VALUES ('DOSSIER', NEW.id);
  RETURN NULL;
END $$;
CREATE TRIGGER dossier_outbox AFTER INSERT OR UPDATE ON dossier FOR EACH ROW EXECUTE FUNCTION dossier_outbox();
