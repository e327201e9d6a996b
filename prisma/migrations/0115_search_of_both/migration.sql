-- Two transactions that end at the same moment (the number that a system gave a dossier, kept for many at once, and a change of the dossier) each worked the search text out
-- without what the other one was about to commit, and the later one overwrote the earlier: the number was not found, or the due date in the lists was the old one, until the
-- dossier's next change. Now it is worked out once its row is held: the second statement of a function sees what was committed while the first one waited.
CREATE OR REPLACE FUNCTION write_dossier_search(wanted uuid) RETURNS void LANGUAGE sql AS $$
  SELECT FROM dossier_search WHERE dossier_id = wanted FOR NO KEY UPDATE;
  INSERT INTO dossier_search AS known SELECT * FROM dossier_search_text WHERE dossier_id = wanted
  ON CONFLICT (dossier_id) DO UPDATE SET unit_id = excluded.unit_id, persons = excluded.persons, papers = excluded.papers,
      received_at = excluded.received_at, due_at = excluded.due_at
    WHERE (known.unit_id, known.persons, known.papers, known.received_at, known.due_at)
      <> (excluded.unit_id, excluded.persons, excluded.papers, excluded.received_at, excluded.due_at)
$$;
