-- What a run has suspected, seen and repaired is found by the run: its report reads no closed discrepancy of years.
CREATE INDEX "discrepancy_suspected_run_id_idx" ON "discrepancy"("suspected_run_id");
CREATE INDEX "discrepancy_seen_run_id_idx" ON "discrepancy"("seen_run_id");
CREATE INDEX "discrepancy_repair_run_id_idx" ON "discrepancy"("repair_run_id");

-- The live ones of a system, for the run that looks at them again: those that are closed are not read.
CREATE INDEX "discrepancy_live_idx" ON "discrepancy"("system_id", "id") WHERE "live_key" IS NOT NULL;
