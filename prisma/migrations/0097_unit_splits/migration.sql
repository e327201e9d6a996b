-- Tách đơn vị hành chính: the units that a unit's ground passed to when it passed to more than one.
CREATE TABLE "administrative_unit_split" (
    "unit_id" INTEGER NOT NULL,
    "successor_code" TEXT NOT NULL,
    "rule" TEXT NOT NULL,

    CONSTRAINT "administrative_unit_split_pkey" PRIMARY KEY ("unit_id","successor_code")
);
ALTER TABLE "administrative_unit_split" ADD CONSTRAINT "administrative_unit_split_unit_id_fkey" FOREIGN KEY ("unit_id") REFERENCES "administrative_unit"("id") ON DELETE CASCADE ON UPDATE CASCADE;
