-- Bởi bên nào: what an adapter knows of a code that it has met; null: the class of the cause says whose side it is on.
ALTER TABLE "failure_cause" ADD COLUMN "side" TEXT;
