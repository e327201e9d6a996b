-- The systems to which nothing is sent now: paused, under maintenance, or behind their breaker of sending. As a function whose plan is kept: it stands in
-- statements that are planned anew for each question.
CREATE FUNCTION shut_systems() RETURNS text[] LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
  RETURN ARRAY(
    SELECT g.system_id FROM system_gate g WHERE g.paused_at IS NOT NULL
    UNION ALL SELECT b.system_id FROM system_breaker b WHERE b.class = 'SEND' AND b.open_until IS NOT NULL
    UNION ALL SELECT w.system_id FROM maintenance_window w
      WHERE w.ended_at IS NULL AND w.starts_at <= (SELECT app_now()) AND w.ends_at > (SELECT app_now()));
END $$;
