-- The triggers of a dossier's rows fire at the end of the transaction, one for each row, when all of its rows are there: the first one writes the search text, and each parcel and
-- certificate behind it worked it out anew to find it the same. Now they see that it was written by this transaction.
CREATE OR REPLACE FUNCTION dossier_search_of_part() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  wanted uuid := CASE WHEN TG_OP = 'DELETE' THEN OLD.dossier_id ELSE NEW.dossier_id END;
BEGIN
  IF NOT EXISTS (SELECT 1 FROM dossier_search WHERE dossier_id = wanted AND xmin = pg_current_xact_id()::xid) THEN
    PERFORM write_dossier_search(wanted);
  END IF;
  RETURN NULL;
END $$;
