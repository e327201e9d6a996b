-- The outbox of transfers is written once a statement, not once a row: a turn moves dozens of them.
DROP TRIGGER transfer_outbox ON transfer;
DROP FUNCTION transfer_outbox();

CREATE FUNCTION transfer_outbox_of_inserted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO outbox_event (topic, transfer_id, dossier_id, system_id, dispatch_no, wake_at)
  SELECT 'TRANSFER', n.id, n.dossier_id, n.system_id, n.dispatch_no, n.next_attempt_at FROM new_rows n;
  RETURN NULL;
END $$;
CREATE TRIGGER transfer_outbox_of_inserted AFTER INSERT ON transfer
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION transfer_outbox_of_inserted();

CREATE FUNCTION transfer_outbox_of_updated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- The relay's own mark (PLANNED to QUEUED) is no news to anybody.
  INSERT INTO outbox_event (topic, transfer_id, dossier_id, system_id, dispatch_no, wake_at)
  SELECT 'TRANSFER', n.id, n.dossier_id, n.system_id, n.dispatch_no, CASE WHEN n.dispatch_no <> o.dispatch_no THEN n.next_attempt_at END
  FROM new_rows n JOIN old_rows o ON o.id = n.id
  WHERE n.dispatch_no <> o.dispatch_no OR n.state <> o.state AND NOT (o.state = 'PLANNED' AND n.state = 'QUEUED');
  -- The next one in the order may go now.
  INSERT INTO outbox_event (topic, transfer_id, dossier_id, system_id, dispatch_no, wake_at)
  SELECT 'TRANSFER', f.id, f.dossier_id, f.system_id, f.dispatch_no, f.next_attempt_at
  FROM new_rows n JOIN old_rows o ON o.id = n.id
  CROSS JOIN LATERAL (
    SELECT * FROM transfer later
    WHERE later.dossier_id = n.dossier_id AND later.system_id = n.system_id AND later.sequence > n.sequence
      AND later.state IN ('PLANNED', 'QUEUED', 'WAITING_RETRY', 'INDETERMINATE')
    ORDER BY later.sequence LIMIT 1) AS f
  WHERE n.state IN ('DELIVERED', 'ABANDONED', 'SUPERSEDED') AND n.state <> o.state;
  RETURN NULL;
END $$;
CREATE TRIGGER transfer_outbox_of_updated AFTER UPDATE ON transfer
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION transfer_outbox_of_updated();
