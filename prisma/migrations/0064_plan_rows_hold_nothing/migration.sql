-- No foreign key to the transfer: each row of a list that is being frozen would hold its transfer's row until the whole list stands, and no worker could claim any of
-- them for so long. A transfer is never deleted.
ALTER TABLE "replay_plan_row" DROP CONSTRAINT "replay_plan_row_transfer_id_fkey";
