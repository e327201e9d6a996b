-- Words are looked for by themselves: "Trang" was looked for by its trigrams, which also Trần, Tràng and "đăng ký tài sản" have together, and fifteen dossiers were read
-- to keep one. One transaction; from its beginning to its end dossiers and transfers are neither written nor searched by words: with half a million
-- dossiers some two minutes. Nothing is lost by stopping it half way.

SET LOCAL lock_timeout = '3s';
DO $$ BEGIN
  FOR turn IN 1..40 LOOP
    BEGIN
      LOCK TABLE "dossier", "transfer" IN SHARE ROW EXCLUSIVE MODE;
      LOCK TABLE "dossier_search" IN ACCESS EXCLUSIVE MODE;
      RETURN;
    EXCEPTION WHEN lock_not_available OR deadlock_detected THEN
      PERFORM pg_sleep(0.2 + random());
    END;
  END LOOP;
  RAISE EXCEPTION 'dossiers are in use all the time: stop gateways and workers, and start again';
END $$;
SET LOCAL lock_timeout = 0;

-- What a dossier is found by, and the code asks for (`search-words.ts`): its unit (behind a tab, so that one look-up serves many communes), its words, and behind spaces how each word
-- begins, by one and two characters (Lê, 12). Of words with digits in them (0 to 9) each three characters in a row behind a space, since a number is known by its end or its middle, and
-- not the word itself, but what stands before its first digit, and every three characters or more without one. A long word is cut into pieces of 60 that begin every 30: whatever is no
-- longer than 30 lies within one, and none is too long for an index.
CREATE FUNCTION search_tokens(unit integer, told text) RETURNS text[] LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  tokens text[] := ARRAY[E'\t' || unit];
  word text;
  runs text[];
  run text;
BEGIN
  FOREACH word IN ARRAY string_to_array(translate(told, E'\n', ' '), ' ') LOOP
    CONTINUE WHEN word = '';
    tokens := tokens || ARRAY['   ' || left(word, 1), '  ' || left(word, 2)];
    runs := ARRAY[word];
    IF word ~ '[0-9]' THEN
      FOR place IN 1..length(word) - 2 LOOP
        tokens := tokens || (' ' || substr(word, place, 3));
      END LOOP;
      CONTINUE WHEN word !~ '^[^0-9]|[^0-9]{3}';
      runs := ARRAY(SELECT part[1] FROM regexp_matches(word, '^[^0-9]+|[^0-9]{3,}', 'g') AS part);
    END IF;
    FOREACH run IN ARRAY runs LOOP
      FOR piece IN 0..CASE WHEN length(run) > 60 THEN (length(run) - 1) / 30 ELSE 0 END LOOP
        tokens := tokens || substr(run, 1 + 30 * piece, 60);
      END LOOP;
    END LOOP;
  END LOOP;
  RETURN tokens;
END $$;

-- A row tells its dossier's instants, so that what was found is put in order without its dossiers. They stand in no index: a due date that moves leaves the words alone.
DROP INDEX "dossier_search_all_idx", "dossier_search_papers_idx";
CREATE TEMP TABLE kept ON COMMIT DROP AS
  SELECT s.*, d."received_at", d."due_at" FROM "dossier_search" s JOIN "dossier" d ON d."id" = s."dossier_id";
TRUNCATE "dossier_search";
ALTER TABLE "dossier_search" DROP CONSTRAINT "dossier_search_dossier_id_fkey",
  ADD COLUMN "received_at" TIMESTAMPTZ(3) NOT NULL, ADD COLUMN "due_at" TIMESTAMPTZ(3) NOT NULL;
INSERT INTO "dossier_search" SELECT * FROM kept ORDER BY "received_at";
ALTER TABLE "dossier_search" ADD CONSTRAINT "dossier_search_dossier_id_fkey"
    FOREIGN KEY ("dossier_id") REFERENCES "dossier"("id") ON DELETE CASCADE ON UPDATE CASCADE;

CREATE OR REPLACE VIEW dossier_search_text AS
  SELECT d.id AS dossier_id, d.receiving_unit_id AS unit_id,
    ' ' || fold_text(p.full_name) || E'\n ' || fold_text(concat_ws(' ', p.id_number, p.phone, d.summary)) AS persons,
    ' ' || fold_text(concat_ws(' ', d.code,
      (SELECT string_agg(i.value, ' ' ORDER BY i.system_id, i.value) FROM dossier_identifier i WHERE i.dossier_id = d.id),
      (SELECT string_agg(concat_ws(' ', c.serial_number, c.register_number), ' ' ORDER BY c.serial_number)
         FROM certificate_reference c WHERE c.dossier_id = d.id),
      (SELECT string_agg(concat_ws(' ', 'tờ', r.map_sheet_number, 'thửa', r.parcel_number, u.name), ' ' ORDER BY r.id)
         FROM parcel_reference r JOIN administrative_unit u ON u.id = r.unit_id WHERE r.dossier_id = d.id))) AS papers,
    d.received_at, d.due_at
  FROM dossier d JOIN party p ON p.id = d.applicant_id;
CREATE OR REPLACE FUNCTION write_dossier_search(wanted uuid) RETURNS void LANGUAGE sql AS $$
  INSERT INTO dossier_search AS known SELECT * FROM dossier_search_text WHERE dossier_id = wanted
  ON CONFLICT (dossier_id) DO UPDATE SET unit_id = excluded.unit_id, persons = excluded.persons, papers = excluded.papers,
      received_at = excluded.received_at, due_at = excluded.due_at
    WHERE (known.unit_id, known.persons, known.papers, known.received_at, known.due_at)
      <> (excluded.unit_id, excluded.persons, excluded.papers, excluded.received_at, excluded.due_at)
$$;
CREATE CONSTRAINT TRIGGER dossier_search_of_dates AFTER UPDATE ON dossier
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.received_at <> NEW.received_at OR OLD.due_at <> NEW.due_at)
  EXECUTE FUNCTION dossier_search_of_dossier();

-- Every word that any dossier ever had: what is asked for may stand within a word. Some thousands, as Vietnamese has syllables and names; nothing is taken out.
CREATE TABLE "search_word" (
    "word" TEXT NOT NULL,

    CONSTRAINT "search_word_pkey" PRIMARY KEY ("word")
);
INSERT INTO "search_word" SELECT DISTINCT token FROM "dossier_search" s CROSS JOIN unnest(search_tokens(s."unit_id", s."persons" || s."papers")) AS token
  WHERE token !~ '^[ \t]';

CREATE FUNCTION dossier_search_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO search_word SELECT DISTINCT token FROM unnest(search_tokens(NEW.unit_id, NEW.persons || NEW.papers)) AS token
    WHERE token !~ '^[ \t]' ORDER BY token
  ON CONFLICT (word) DO NOTHING;
  RETURN NULL;
END $$;
CREATE TRIGGER dossier_search_words AFTER INSERT OR UPDATE OF persons, papers ON dossier_search
  FOR EACH ROW EXECUTE FUNCTION dossier_search_words();

CREATE INDEX "dossier_search_all_idx" ON "dossier_search" USING gin (search_tokens("unit_id", "persons" || "papers")) WITH (fastupdate = off);
CREATE INDEX "dossier_search_papers_idx" ON "dossier_search" USING gin (search_tokens("unit_id", "papers")) WITH (fastupdate = off);
-- Whom a statistic of half a million dossiers' words would help is not the planner: what is asked for it learns only when the statement runs.
ALTER INDEX "dossier_search_all_idx" ALTER COLUMN 1 SET STATISTICS 0;
ALTER INDEX "dossier_search_papers_idx" ALTER COLUMN 1 SET STATISTICS 0;

-- All transfers in the order of their list, with what leads to their words.
CREATE INDEX "transfer_created_idx" ON "transfer" ("created_at" DESC, "id", "dossier_id");
-- As before, and with what puts the transfers of the dossiers that were found in order.
DROP INDEX "transfer_dossier_id_system_id_sequence_idx";
CREATE INDEX "transfer_dossier_idx" ON "transfer" ("dossier_id", "system_id", "sequence", "created_at", "id");
