-- Diễn biến tình trạng hệ thống: each change of a system's health and of its breakers, written by triggers, so that no code path can forget it. Pauses stand in the
-- audit, maintenance in its windows, alerts in theirs: they are not written a second time.
CREATE TABLE "system_change" (
    "id" BIGSERIAL NOT NULL,
    "system_id" TEXT NOT NULL,
    "part" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT app_now(),
    CONSTRAINT "system_change_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "system_change_system_id_part_at_id_idx" ON "system_change"("system_id", "part", "at", "id");
CREATE INDEX "system_change_at_idx" ON "system_change"("at");

-- What is known of the past: since when it is as it is.
INSERT INTO "system_change" ("system_id", "part", "state", "at") SELECT "id", 'HEALTH', "health", "health_since" FROM "foreign_system";
INSERT INTO "system_change" ("system_id", "part", "state", "at")
  SELECT "system_id", "class", 'OPEN', "opened_at" FROM "system_breaker" WHERE "opened_at" IS NOT NULL AND "open_until" IS NOT NULL;

CREATE FUNCTION health_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO system_change (system_id, part, state) VALUES (NEW.id, 'HEALTH', NEW.health);
  RETURN NULL;
END $$;
CREATE TRIGGER health_changed AFTER UPDATE ON foreign_system FOR EACH ROW WHEN (OLD.health IS DISTINCT FROM NEW.health) EXECUTE FUNCTION health_changed();

-- From its first opening to its closing, however often it was tried in between.
CREATE FUNCTION breaker_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO system_change (system_id, part, state) VALUES (NEW.system_id, NEW.class, CASE WHEN NEW.open_until IS NULL THEN 'CLOSED' ELSE 'OPEN' END);
  RETURN NULL;
END $$;
CREATE TRIGGER breaker_changed AFTER UPDATE ON system_breaker FOR EACH ROW
  WHEN ((OLD.open_until IS NULL) <> (NEW.open_until IS NULL)) EXECUTE FUNCTION breaker_changed();
