-- Nhật ký thao tác, searchable: each filter has an index that holds its rows in the order of their time, and the words of a reason have one of trigrams.
DROP INDEX "audit_entry_transfer_id_idx", "audit_entry_system_id_idx";
CREATE INDEX "audit_entry_at_id_idx" ON "audit_entry"("at", "id");
CREATE INDEX "audit_entry_actor_at_id_idx" ON "audit_entry"("actor", "at", "id");
CREATE INDEX "audit_entry_actor_act_at_id_idx" ON "audit_entry"("actor", "act", "at", "id");
CREATE INDEX "audit_entry_act_at_id_idx" ON "audit_entry"("act", "at", "id");
CREATE INDEX "audit_entry_transfer_id_at_id_idx" ON "audit_entry"("transfer_id", "at", "id");
CREATE INDEX "audit_entry_dossier_id_at_id_idx" ON "audit_entry"("dossier_id", "at", "id");
CREATE INDEX "audit_entry_system_id_at_id_idx" ON "audit_entry"("system_id", "at", "id");
-- Whether an act under a client's key was committed is asked at each act.
CREATE INDEX "audit_entry_request_idx" ON "audit_entry" (("after"->>'request')) WHERE "after"->>'request' IS NOT NULL;

-- Lời của lý do, without diacritics (`fold_text`), for the search: without the applicant's name, whoever is addressed as ông or bà, addresses of mail and every number that
-- can be a person's or a telephone's. What is masked for who reads it (`access/masking.ts`) cannot be found by who searches for it.
-- Each step is taken only where there is something for it to find: thousands of entries may be written in one go.
CREATE FUNCTION audit_words(reason text, dossier uuid) RETURNS text LANGUAGE plpgsql STABLE AS $$
DECLARE
  told text := normalize(reason, NFC);
  words text := fold_text(told);
  applicant text;
BEGIN
  IF words ~ '\y(ong|ba|anh|chi) ' THEN
    words := fold_text(regexp_replace(told,
      '([Ôô]ng|[Bb]à|[Aa]nh|[Cc]hị)(\s+[A-ZĐĂÂÊÔƠƯÁÀẢÃẠẮẰẲẴẶẤẦẨẪẬÉÈẺẼẸẾỀỂỄỆÍÌỈĨỊÓÒỎÕỌỐỒỔỖỘỚỜỞỠỢÚÙỦŨỤỨỪỬỮỰÝỲỶỸỴ][^\s.,;:!?()]*){1,6}', '\1', 'g'));
  END IF;
  SELECT fold_text(p.full_name) INTO applicant FROM dossier d JOIN party p ON p.id = d.applicant_id WHERE d.id = dossier;
  IF length(applicant) >= 2 AND strpos(words, applicant) > 0 THEN
    words := replace(words, applicant, ' ');
  END IF;
  IF strpos(words, '@') > 0 THEN
    words := regexp_replace(words, '\S+@\S+', ' ', 'g');
  END IF;
  IF words ~ '[0-9]' THEN
    words := regexp_replace(regexp_replace(words, '(?<![a-z0-9_.-])(\+?84|0)([ .-]?[0-9]){8,11}(?![0-9])', ' ', 'g'), '[0-9]{9,}', ' ', 'g');
  END IF;
  RETURN ' ' || words;
END $$;
ALTER TABLE "audit_entry" ADD COLUMN "words" TEXT NOT NULL DEFAULT '';
UPDATE "audit_entry" SET "words" = audit_words("reason", "dossier_id");
CREATE INDEX "audit_entry_words_idx" ON "audit_entry" USING gin ("words" gin_trgm_ops);

-- An act on a transfer is found by the transfer's system as well.
UPDATE "audit_entry" a SET "system_id" = t."system_id" FROM "transfer" t WHERE t."id" = a."transfer_id" AND a."system_id" IS NULL;
CREATE FUNCTION audit_entry_completed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.words := audit_words(NEW.reason, NEW.dossier_id);
  IF NEW.system_id IS NULL AND NEW.transfer_id IS NOT NULL THEN
    SELECT system_id INTO NEW.system_id FROM transfer WHERE id = NEW.transfer_id;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER audit_entry_completed BEFORE INSERT ON audit_entry FOR EACH ROW EXECUTE FUNCTION audit_entry_completed();

-- What was done stays done: no program changes an entry or takes one away.
CREATE FUNCTION audit_entry_stays() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN RAISE EXCEPTION 'an audit entry is never changed or removed'; END $$;
CREATE TRIGGER audit_entry_stays BEFORE UPDATE OR DELETE ON audit_entry FOR EACH ROW EXECUTE FUNCTION audit_entry_stays();

-- Cảnh báo vận hành: one row from the moment that a rule is broken for a system to the moment that it is not.
CREATE TABLE "alert" (
    "id" UUID NOT NULL,
    "rule" TEXT NOT NULL,
    "system_id" TEXT NOT NULL,
    "value" INTEGER NOT NULL,
    "threshold" INTEGER NOT NULL,
    "opened_at" TIMESTAMPTZ(3) NOT NULL DEFAULT app_now(),
    "seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT app_now(),
    "closed_at" TIMESTAMPTZ(3),
    "told_at" TIMESTAMPTZ(3),
    "told_value" INTEGER,
    "change_no" BIGSERIAL NOT NULL,

    CONSTRAINT "alert_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "alert_opened_at_id_idx" ON "alert"("opened_at", "id");
CREATE INDEX "alert_rule_system_id_told_at_idx" ON "alert"("rule", "system_id", "told_at");
CREATE INDEX "alert_change_no_idx" ON "alert"("change_no");
-- One open alert a rule and system, however many workers look.
CREATE UNIQUE INDEX "alert_open_key" ON "alert" ("rule", "system_id") WHERE "closed_at" IS NULL;

-- Lần xét gần nhất: by it people see that nobody looks any more.
CREATE TABLE "alert_look" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "looked_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "alert_look_pkey" PRIMARY KEY ("id")
);

-- Thông báo của cảnh báo: what is to be sent over one channel, kept until it was sent or its time is over.
CREATE TABLE "alert_notice" (
    "id" UUID NOT NULL,
    "alert_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "channel" TEXT NOT NULL,
    "message" JSONB NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'WAITING',
    "attempt_count" INTEGER NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT app_now(),
    "next_attempt_at" TIMESTAMPTZ(3) NOT NULL DEFAULT app_now(),
    "sent_at" TIMESTAMPTZ(3),
    "last_error" TEXT,

    CONSTRAINT "alert_notice_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "alert_notice_alert_id_created_at_idx" ON "alert_notice"("alert_id", "created_at");
CREATE INDEX "alert_notice_waiting_idx" ON "alert_notice" ("channel", "created_at", "id") WHERE "state" = 'WAITING';
ALTER TABLE "alert_notice" ADD CONSTRAINT "alert_notice_alert_id_fkey" FOREIGN KEY ("alert_id") REFERENCES "alert"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
