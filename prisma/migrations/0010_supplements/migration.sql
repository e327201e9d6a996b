-- Which supplement an event of the timeline has applied: the same number with another content is then known as such.
ALTER TABLE "dossier_event" ADD COLUMN "supplement_no" INTEGER;
-- Of those taken until here the sender's message tells the number, or the transfer that carried it on. Where neither does it stays unknown.
UPDATE "dossier_event" e SET "supplement_no" = coalesce(
    (SELECT (m."payload"->>'supplementNo')::int FROM "inbox_message" m WHERE m."id" = e."message_id"),
    (SELECT (t."body"->>'supplementNo')::int FROM "transfer" t
     WHERE t."dossier_id" = e."dossier_id" AND t."operation" = 'SUPPLEMENT' AND t."dossier_version" = e."version" LIMIT 1))
  WHERE e."kind" = 'SUPPLEMENT_HANDED_IN' AND e."applied";

-- The desk gets what was handed in with its files (POST_SUPPLEMENT) where it was told by a note (UPDATE_STATUS), in the same mode on the same days.
INSERT INTO "routing_rule" ("event", "origin", "procedure", "operation", "mode", "valid_from", "valid_to")
  SELECT "event", "origin", "procedure", 'POST_SUPPLEMENT', "mode", "valid_from", "valid_to" FROM "routing_rule"
  WHERE "event" = 'SUPPLEMENT_HANDED_IN' AND "operation" = 'UPDATE_STATUS'
  ON CONFLICT DO NOTHING;
DELETE FROM "routing_rule" WHERE "event" = 'SUPPLEMENT_HANDED_IN' AND "operation" = 'UPDATE_STATUS';
