-- Search and lists that stay fast at ten years' size. Each list is read in the order of an index and stops at its page; free text has a table of its own, so
-- that a dossier's every move leaves the trigram indexes alone. One transaction, and from its beginning to its end nobody else reads or writes dossiers and
-- transfers: with half a million dossiers some minutes, during which gateways and workers wait or are told to try again. Nothing is lost by stopping it half way.

-- All at once, and given up and asked for again when somebody who holds one of them waits for another: what is written in between would not be found by words.
SET LOCAL lock_timeout = '3s';
DO $$ BEGIN
  FOR turn IN 1..40 LOOP
    BEGIN
      LOCK TABLE "dossier", "party", "dossier_identifier", "parcel_reference", "certificate_reference", "transfer" IN ACCESS EXCLUSIVE MODE;
      RETURN;
    EXCEPTION WHEN lock_not_available OR deadlock_detected THEN
      PERFORM pg_sleep(0.2 + random());
    END;
  END LOOP;
  RAISE EXCEPTION 'dossiers are in use all the time: stop gateways and workers, and start again';
END $$;
SET LOCAL lock_timeout = 0;

-- Trigrams and a number in one index. As pg_trgm a trusted extension that PostgreSQL brings along: the database's owner may create it.
CREATE EXTENSION IF NOT EXISTS btree_gin;

-- Bỏ dấu, as the code folds what is searched for (`fold-text.ts`, which says the same marks and white space): lower case, without diacritics, one sigma, runs
-- of white space as one space.
CREATE FUNCTION fold_text(told text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT btrim(regexp_replace(translate(lower(regexp_replace(normalize(told, NFD),
    '[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f]', '', 'g')), 'đĐς', 'ddσ'),
    '[\u0009-\u000d\u0020\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff]+', ' ', 'g'))
$$;

-- What is looked for in a dossier. The applicant's name stands alone on the first line of `persons`; every word has a space or a line's end before it, so that
-- a pattern can be bound to the beginning of a word. Who may not see persons looks in `papers` alone.
CREATE VIEW dossier_search_text AS
  SELECT d.id AS dossier_id, d.receiving_unit_id AS unit_id,
    ' ' || fold_text(p.full_name) || E'\n ' || fold_text(concat_ws(' ', p.id_number, p.phone, d.summary)) AS persons,
    ' ' || fold_text(concat_ws(' ', d.code,
      (SELECT string_agg(i.value, ' ' ORDER BY i.system_id, i.value) FROM dossier_identifier i WHERE i.dossier_id = d.id),
      (SELECT string_agg(concat_ws(' ', c.serial_number, c.register_number), ' ' ORDER BY c.serial_number)
         FROM certificate_reference c WHERE c.dossier_id = d.id),
      (SELECT string_agg(concat_ws(' ', 'tờ', r.map_sheet_number, 'thửa', r.parcel_number, u.name), ' ' ORDER BY r.id)
         FROM parcel_reference r JOIN administrative_unit u ON u.id = r.unit_id WHERE r.dossier_id = d.id))) AS papers
  FROM dossier d JOIN party p ON p.id = d.applicant_id;

CREATE TABLE "dossier_search" (
    "dossier_id" UUID NOT NULL,
    "unit_id" INTEGER NOT NULL,
    "persons" TEXT NOT NULL,
    "papers" TEXT NOT NULL,

    CONSTRAINT "dossier_search_pkey" PRIMARY KEY ("dossier_id")
);
INSERT INTO "dossier_search" SELECT * FROM dossier_search_text;
ALTER TABLE "dossier_search" ADD CONSTRAINT "dossier_search_dossier_id_fkey"
    FOREIGN KEY ("dossier_id") REFERENCES "dossier"("id") ON DELETE CASCADE ON UPDATE CASCADE;
-- With the unit, so that an officer's search does not collect what all communes have. Without a list of pending entries: a search would have to read it
-- through each time.
CREATE INDEX "dossier_search_all_idx" ON "dossier_search" USING gin ("unit_id", ("persons" || "papers") gin_trgm_ops) WITH (fastupdate = off);
CREATE INDEX "dossier_search_papers_idx" ON "dossier_search" USING gin ("unit_id", "papers" gin_trgm_ops) WITH (fastupdate = off);
DROP INDEX "dossier_search_text_idx";
ALTER TABLE "dossier" DROP COLUMN "search_text";

-- Written once, at the end of the transaction that changed what it is made of: a trigram index is not written anew for every parcel of a new dossier.
CREATE FUNCTION write_dossier_search(wanted uuid) RETURNS void LANGUAGE sql AS $$
  INSERT INTO dossier_search AS known SELECT * FROM dossier_search_text WHERE dossier_id = wanted
  ON CONFLICT (dossier_id) DO UPDATE SET unit_id = excluded.unit_id, persons = excluded.persons, papers = excluded.papers
    WHERE (known.unit_id, known.persons, known.papers) <> (excluded.unit_id, excluded.persons, excluded.papers)
$$;
CREATE FUNCTION dossier_search_of_dossier() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM write_dossier_search(NEW.id); RETURN NULL; END $$;
CREATE FUNCTION dossier_search_of_part() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN PERFORM write_dossier_search(CASE WHEN TG_OP = 'DELETE' THEN OLD.dossier_id ELSE NEW.dossier_id END); RETURN NULL; END $$;
CREATE FUNCTION dossier_search_of_party() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN PERFORM write_dossier_search(d.id) FROM dossier d WHERE d.applicant_id = NEW.id; RETURN NULL; END $$;

CREATE CONSTRAINT TRIGGER dossier_search_of_dossier AFTER INSERT OR UPDATE OF code, summary, applicant_id, receiving_unit_id ON dossier
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION dossier_search_of_dossier();
CREATE CONSTRAINT TRIGGER dossier_search_of_party AFTER UPDATE OF full_name, id_number, phone ON party
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION dossier_search_of_party();
CREATE CONSTRAINT TRIGGER dossier_search_of_part AFTER INSERT OR UPDATE OR DELETE ON parcel_reference
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION dossier_search_of_part();
CREATE CONSTRAINT TRIGGER dossier_search_of_part AFTER INSERT OR UPDATE OR DELETE ON certificate_reference
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION dossier_search_of_part();
CREATE CONSTRAINT TRIGGER dossier_search_of_part AFTER INSERT OR UPDATE OR DELETE ON dossier_identifier
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION dossier_search_of_part();

-- Whether a dossier has ever had a transfer: else a list of those that have none would have to look for each one's transfers.
DROP INDEX "dossier_receiving_unit_id_received_at_id_idx", "dossier_received_at_id_idx", "dossier_status_due_at_id_idx", "dossier_due_at_id_idx",
  "dossier_procedure_code_received_at_id_idx";
ALTER TABLE "dossier" ADD COLUMN "interlinked" BOOLEAN NOT NULL DEFAULT false;
ALTER TABLE "dossier" DISABLE TRIGGER dossier_outbox;
UPDATE "dossier" SET "interlinked" = true WHERE EXISTS (SELECT 1 FROM "transfer" t WHERE t."dossier_id" = "dossier"."id");

-- The last columns of each are for conditions that the order does not lead to: they are then met or missed without a look at the table.
CREATE INDEX "dossier_received_idx" ON "dossier" ("received_at" DESC, "id", "due_at", "interlinked");
CREATE INDEX "dossier_due_idx" ON "dossier" ("due_at", "id", "received_at", "interlinked");
CREATE INDEX "dossier_unit_received_idx" ON "dossier" ("receiving_unit_id", "status", "received_at" DESC, "id", "due_at", "interlinked");
CREATE INDEX "dossier_unit_due_idx" ON "dossier" ("receiving_unit_id", "status", "due_at", "id", "received_at", "interlinked");
CREATE INDEX "dossier_procedure_received_idx"
  ON "dossier" ("procedure_code", "receiving_unit_id", "status", "received_at" DESC, "id", "due_at", "interlinked");
CREATE INDEX "dossier_procedure_due_idx"
  ON "dossier" ("procedure_code", "receiving_unit_id", "status", "due_at", "id", "received_at", "interlinked");
-- A parcel is looked for by its numbers, with or without its commune.
DROP INDEX "parcel_reference_unit_id_map_sheet_number_parcel_number_idx";
CREATE INDEX "parcel_reference_map_sheet_number_parcel_number_unit_id_idx" ON "parcel_reference"("map_sheet_number", "parcel_number", "unit_id");

-- A mark that says nothing new to anybody is no event of the dossier.
DROP TRIGGER dossier_outbox ON dossier;
CREATE TRIGGER dossier_outbox AFTER INSERT ON dossier FOR EACH ROW EXECUTE FUNCTION dossier_outbox();
CREATE TRIGGER dossier_outbox_of_updated AFTER UPDATE ON dossier FOR EACH ROW
  WHEN (OLD.interlinked = NEW.interlinked) EXECUTE FUNCTION dossier_outbox();

CREATE FUNCTION transfer_interlinks() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE dossier SET interlinked = true WHERE NOT interlinked AND id IN (SELECT dossier_id FROM new_rows);
  RETURN NULL;
END $$;
CREATE TRIGGER transfer_interlinks AFTER INSERT ON transfer
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION transfer_interlinks();

-- A transfer stands where its dossier stands: lists of transfers are then read without their dossiers. Nothing of this fires when one is claimed or settled.
DROP INDEX "transfer_created_at_id_idx", "transfer_system_id_state_created_at_id_idx";
ALTER TABLE "transfer" ADD COLUMN "receiving_unit_id" INTEGER, ADD COLUMN "procedure_code" TEXT;
ALTER TABLE "transfer" DISABLE TRIGGER transfer_outbox_of_updated;
UPDATE "transfer" t SET "receiving_unit_id" = d."receiving_unit_id", "procedure_code" = d."procedure_code" FROM "dossier" d WHERE d."id" = t."dossier_id";
ALTER TABLE "transfer" ENABLE TRIGGER transfer_outbox_of_updated;
ALTER TABLE "transfer" ALTER COLUMN "receiving_unit_id" SET NOT NULL, ALTER COLUMN "procedure_code" SET NOT NULL;

CREATE FUNCTION transfer_place() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  SELECT receiving_unit_id, procedure_code INTO NEW.receiving_unit_id, NEW.procedure_code FROM dossier WHERE id = NEW.dossier_id;
  RETURN NEW;
END $$;
CREATE TRIGGER transfer_place BEFORE INSERT ON transfer FOR EACH ROW EXECUTE FUNCTION transfer_place();
CREATE FUNCTION dossier_place_of_transfers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE transfer SET receiving_unit_id = NEW.receiving_unit_id, procedure_code = NEW.procedure_code WHERE dossier_id = NEW.id;
  RETURN NULL;
END $$;
CREATE TRIGGER dossier_place_of_transfers AFTER UPDATE ON dossier FOR EACH ROW
  WHEN (OLD.receiving_unit_id <> NEW.receiving_unit_id OR OLD.procedure_code <> NEW.procedure_code) EXECUTE FUNCTION dossier_place_of_transfers();

-- An operation belongs to one system, so this one serves lists of a system too.
CREATE INDEX "transfer_list_idx" ON "transfer" ("receiving_unit_id", "operation", "created_at" DESC, "id", "state", "procedure_code");
-- What was delivered is nearly everything and leaves this one.
CREATE INDEX "transfer_undelivered_idx" ON "transfer" ("state", "created_at" DESC, "id", "receiving_unit_id", "operation", "procedure_code", "dossier_id")
  WHERE "state" <> 'DELIVERED';
CREATE INDEX "transfer_correlation_id_idx" ON "transfer" ("correlation_id");

-- An index answers alone only for pages that a vacuum has seen: it comes after some thousands of changes, not after a fifth of the table.
ALTER TABLE "dossier" SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02);
ALTER TABLE "transfer" SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02);
