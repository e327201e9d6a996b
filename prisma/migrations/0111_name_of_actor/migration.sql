-- Nhật ký thao tác: who acted is named as a person reads it, and not by the login alone.
ALTER TABLE "audit_entry" ADD COLUMN "actor_name" TEXT;
