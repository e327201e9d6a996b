-- Bỏ qua thông điệp: a named person has looked at one that stood in conflict, and leaves things as they are.
ALTER TABLE "inbox_message" ADD COLUMN "dismissed_by" TEXT, ADD COLUMN "dismissed_because" TEXT;
