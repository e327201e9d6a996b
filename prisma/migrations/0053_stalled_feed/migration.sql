-- Dòng thay đổi bị kẹt: one change alone cannot be read, and none behind it.
ALTER TABLE "poll_cursor" ADD COLUMN "stalled" TEXT, ADD COLUMN "stalled_since" TIMESTAMPTZ(3);
