-- The clock is read once a statement: app_now() is a query of its own, and as a column's default it would run for each row.
CREATE OR REPLACE FUNCTION transfer_outbox_of_inserted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO outbox_event (topic, transfer_id, dossier_id, system_id, dispatch_no, wake_at, created_at)
  SELECT 'TRANSFER', n.id, n.dossier_id, n.system_id, n.dispatch_no, n.next_attempt_at, (SELECT app_now()) FROM new_rows n;
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION transfer_outbox_of_updated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- The relay's own mark (PLANNED to QUEUED) is no news to anybody.
  INSERT INTO outbox_event (topic, transfer_id, dossier_id, system_id, dispatch_no, wake_at, created_at)
  SELECT 'TRANSFER', n.id, n.dossier_id, n.system_id, n.dispatch_no, CASE WHEN n.dispatch_no <> o.dispatch_no THEN n.next_attempt_at END,
    (SELECT app_now())
  FROM new_rows n JOIN old_rows o ON o.id = n.id
  WHERE n.dispatch_no <> o.dispatch_no OR n.state <> o.state AND NOT (o.state = 'PLANNED' AND n.state = 'QUEUED');
  -- The next one in the order may go now.
  INSERT INTO outbox_event (topic, transfer_id, dossier_id, system_id, dispatch_no, wake_at, created_at)
  SELECT 'TRANSFER', f.id, f.dossier_id, f.system_id, f.dispatch_no, f.next_attempt_at, (SELECT app_now())
  FROM new_rows n JOIN old_rows o ON o.id = n.id
  CROSS JOIN LATERAL (
    SELECT * FROM transfer later
    WHERE later.dossier_id = n.dossier_id AND later.system_id = n.system_id AND later.sequence > n.sequence
      AND later.state IN ('PLANNED', 'QUEUED', 'WAITING_RETRY', 'INDETERMINATE')
    ORDER BY later.sequence LIMIT 1) AS f
  WHERE n.state IN ('DELIVERED', 'ABANDONED', 'SUPERSEDED') AND n.state <> o.state;
  RETURN NULL;
END $$;

-- An attempt is closed once, right after it was opened: with room on its page that writes no index anew.
ALTER TABLE "attempt" SET (fillfactor = 70);

-- What was sent and answered is compressed as it is written, which is on the way of every sending: by LZ4 where the server has it. As a text, since
-- PostgreSQL 13 does not know the words.
DO $$
BEGIN
  EXECUTE 'ALTER TABLE "attempt" ALTER COLUMN "request_xml" SET COMPRESSION lz4, ALTER COLUMN "response_text" SET COMPRESSION lz4';
EXCEPTION WHEN feature_not_supported OR syntax_error OR invalid_parameter_value THEN
  RAISE NOTICE 'without LZ4: the default compression stays';
END $$;
