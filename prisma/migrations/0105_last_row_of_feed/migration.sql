-- A feed that was restored to an earlier state over there, and has grown beyond our cursor since, no longer shows the row that we read last. Null: not known yet.
ALTER TABLE "poll_cursor" ADD COLUMN "last_message_id" UUID;
