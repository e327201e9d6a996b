-- Cầu dao: by which technical code it was opened, for who is told why nothing is asked. Of one that is open already it is not known.
ALTER TABLE "system_breaker" ADD COLUMN "code" TEXT;
