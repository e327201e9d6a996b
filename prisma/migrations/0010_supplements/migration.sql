-- Which supplement an event of the timeline has applied: the same number with another content is then known as such.
ALTER TABLE "dossier_event" ADD COLUMN "supplement_no" INTEGER;
-- Of those taken until here the sender's message tells the number, or the transfer that carried it on. Where neither does it stays unknown.
UPDATE "dossier_event" e SET "supplement_no" = coalesce(
    (SELECT (m."payload"->>'supplementNo')::int FROM "inbox_message" m WHERE m."id" = e."message_id"),
    (SELECT (t."body"->>'supplementNo')::int FROM "transfer" t
     WHERE t."dossier_id" = e."dossier_id" AND t."operation" = 'SUPPLEMENT' AND t."dossier_version" = e."version" LIMIT 1))
  WHERE e."kind" = 'SUPPLEMENT_HANDED_IN' AND e."applied";
