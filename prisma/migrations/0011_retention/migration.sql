-- Every document that anything has ever referred to, by its hash: what is not here may be removed from the blob store. Written by the database itself, in
-- the transaction of the reference, so that no path in the code can forget it. Not unique on purpose: two who refer to the same bytes do not wait for each other.
CREATE TABLE "blob_reference" (
    "id" BIGSERIAL NOT NULL,
    "sha256" TEXT NOT NULL,

    CONSTRAINT "blob_reference_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "blob_reference_sha256_idx" ON "blob_reference"("sha256");

CREATE FUNCTION refer_to_blobs(told jsonb) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO blob_reference (sha256)
  SELECT DISTINCT hash #>> '{}' FROM jsonb_path_query(told, '$.**.sha256') AS hash
  WHERE NOT EXISTS (SELECT 1 FROM blob_reference known WHERE known.sha256 = hash #>> '{}');
END $$;
CREATE FUNCTION inbox_message_blobs() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM refer_to_blobs(NEW.payload); RETURN NULL; END $$;
CREATE FUNCTION transfer_blobs() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM refer_to_blobs(NEW.body); RETURN NULL; END $$;
CREATE FUNCTION document_blobs() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN PERFORM refer_to_blobs(jsonb_build_object('sha256', NEW.sha256)); RETURN NULL; END $$;

CREATE TRIGGER inbox_message_blobs AFTER INSERT OR UPDATE OF payload ON inbox_message FOR EACH ROW
  WHEN (jsonb_path_exists(NEW.payload, '$.**.sha256')) EXECUTE FUNCTION inbox_message_blobs();
CREATE TRIGGER transfer_blobs AFTER INSERT OR UPDATE OF body ON transfer FOR EACH ROW
  WHEN (jsonb_path_exists(NEW.body, '$.**.sha256')) EXECUTE FUNCTION transfer_blobs();
CREATE TRIGGER document_blobs AFTER INSERT OR UPDATE OF sha256 ON document FOR EACH ROW EXECUTE FUNCTION document_blobs();

-- What was there before.
INSERT INTO "blob_reference" ("sha256")
  SELECT "sha256" FROM "document"
  UNION SELECT hash #>> '{}' FROM "inbox_message", jsonb_path_query("payload", '$.**.sha256') AS hash
  UNION SELECT hash #>> '{}' FROM "transfer", jsonb_path_query("body", '$.**.sha256') AS hash;

-- How far evidence has been removed, and by which index old attempts are found: they stand in the table about in the order of their time.
CREATE TABLE "retention_mark" (
    "subject" TEXT NOT NULL,
    "up_to" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "retention_mark_pkey" PRIMARY KEY ("subject")
);
CREATE INDEX "attempt_started_at_idx" ON "attempt" USING BRIN ("started_at");
CREATE INDEX "client_request_created_at_idx" ON "client_request"("created_at");
