-- The time ledger asks for the discrepancies of some dossiers, and for those that have changed since it looked last.
CREATE INDEX "discrepancy_dossier_id_idx" ON "discrepancy"("dossier_id");
CREATE INDEX "discrepancy_changed_idx" ON "discrepancy" (greatest("found_at", "closed_at", "last_act_at"));
