-- How many causes of one operation are new within the hour: asked when something fails by a cause that is not known yet.
CREATE INDEX "failure_cause_new_idx" ON "failure_cause" ("system_id", "operation", "first_seen_at");
