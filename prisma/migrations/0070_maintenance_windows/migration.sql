-- Khung bảo trì: while one runs nothing is sent to the system. They never overlap: the act that plans one holds the gate's row.
CREATE TABLE "maintenance_window" (
    "id" UUID NOT NULL,
    "system_id" TEXT NOT NULL,
    "starts_at" TIMESTAMPTZ(3) NOT NULL,
    "ends_at" TIMESTAMPTZ(3) NOT NULL,
    "reason" TEXT NOT NULL,
    "planned_by" TEXT NOT NULL,
    "planned_at" TIMESTAMPTZ(3) NOT NULL DEFAULT app_now(),
    "ended_at" TIMESTAMPTZ(3),
    "ended_by" TEXT,
    CONSTRAINT "maintenance_window_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "maintenance_window_lasts" CHECK ("ends_at" > "starts_at")
);
CREATE INDEX "maintenance_window_system_id_ends_at_idx" ON "maintenance_window"("system_id", "ends_at");
