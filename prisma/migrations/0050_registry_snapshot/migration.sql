-- Bản ghi đọc gần nhất: what the land registry told last, shared by all gateways and kept over a restart. Rows are written over often, so there is room for HOT
-- updates and no index beside the key: the hourly clearing reads the table through.
CREATE TABLE "registry_snapshot" (
    "kind" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "value" JSONB,
    "as_of" TIMESTAMPTZ(3) NOT NULL,
    "read_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "registry_snapshot_pkey" PRIMARY KEY ("kind","key")
) WITH (fillfactor = 80);
