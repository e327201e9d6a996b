-- Nạp lịch sử: ten years of dossiers are loaded by the thousand. How far a run has come stands in a row that commits with the dossiers.

CREATE TABLE "backfill_run" (
    "id" UUID NOT NULL,
    "source" TEXT NOT NULL,
    "place" TEXT NOT NULL,
    "fingerprint" TEXT NOT NULL,
    "rejected_place" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'RUNNING',
    "position" BIGINT NOT NULL DEFAULT 0,
    "bytes_done" BIGINT NOT NULL DEFAULT 0,
    "bytes_total" BIGINT NOT NULL DEFAULT 0,
    "loaded" INTEGER NOT NULL DEFAULT 0,
    "present" INTEGER NOT NULL DEFAULT 0,
    "rejected" INTEGER NOT NULL DEFAULT 0,
    "conflicting" INTEGER NOT NULL DEFAULT 0,
    "rejected_bytes" BIGINT NOT NULL DEFAULT 0,
    "started_by" TEXT NOT NULL,
    "worker" TEXT NOT NULL,
    "error" TEXT,
    "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT app_now(),
    "advanced_at" TIMESTAMPTZ(3) NOT NULL DEFAULT app_now(),
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "backfill_run_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "backfill_run_started_at_idx" ON "backfill_run" ("started_at" DESC);
CREATE INDEX "backfill_run_fingerprint_idx" ON "backfill_run" ("fingerprint");

-- The search text of a new dossier is written by a trigger for each of its rows. Who loads a thousand dossiers in one transaction writes it once for all of them, by the same view
-- and the same words, and says so by this setting, which ends with the transaction (`history-repository.ts`). Nothing else may set it.
SET LOCAL lock_timeout = '3s';
DO $$ BEGIN
  FOR turn IN 1..40 LOOP
    BEGIN
      LOCK TABLE "dossier", "parcel_reference", "certificate_reference", "dossier_search" IN SHARE ROW EXCLUSIVE MODE;
      RETURN;
    EXCEPTION WHEN lock_not_available OR deadlock_detected THEN
      PERFORM pg_sleep(0.2 + random());
    END;
  END LOOP;
  RAISE EXCEPTION 'dossiers are in use all the time: stop gateways and workers, and start again';
END $$;
SET LOCAL lock_timeout = 0;

DROP TRIGGER dossier_search_of_dossier ON dossier;
CREATE CONSTRAINT TRIGGER dossier_search_of_dossier AFTER INSERT OR UPDATE OF code, summary, applicant_id, receiving_unit_id ON dossier
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (current_setting('lienthong.history', true) IS DISTINCT FROM 'on')
  EXECUTE FUNCTION dossier_search_of_dossier();
DROP TRIGGER dossier_search_of_part ON parcel_reference;
CREATE CONSTRAINT TRIGGER dossier_search_of_part AFTER INSERT OR UPDATE OR DELETE ON parcel_reference
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (current_setting('lienthong.history', true) IS DISTINCT FROM 'on')
  EXECUTE FUNCTION dossier_search_of_part();
DROP TRIGGER dossier_search_of_part ON certificate_reference;
CREATE CONSTRAINT TRIGGER dossier_search_of_part AFTER INSERT OR UPDATE OR DELETE ON certificate_reference
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (current_setting('lienthong.history', true) IS DISTINCT FROM 'on')
  EXECUTE FUNCTION dossier_search_of_part();
DROP TRIGGER dossier_search_words ON dossier_search;
CREATE TRIGGER dossier_search_words AFTER INSERT OR UPDATE OF persons, papers ON dossier_search
  FOR EACH ROW WHEN (current_setting('lienthong.history', true) IS DISTINCT FROM 'on') EXECUTE FUNCTION dossier_search_words();
