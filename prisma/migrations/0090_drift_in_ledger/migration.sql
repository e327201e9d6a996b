-- The time ledger asks for the discrepancies that have changed since it looked last.
CREATE INDEX "discrepancy_changed_idx" ON "discrepancy" (greatest("found_at", "closed_at", "last_act_at"));
