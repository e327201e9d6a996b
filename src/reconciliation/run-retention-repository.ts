import type { Sql } from '../platform/database.js'
import { MACHINE } from './run-repository.js'

/**
 * Removes runs of the last days that the clock began, that are done since so long, and by which no discrepancy was found, repaired or closed. What a person has begun is kept,
 * and so is every run over more than the last days.
 */
export const pruneUneventfulRuns = async (sql: Sql, days: number, limit: number): Promise<number> =>
  (
    await sql.query(
      `DELETE FROM reconciliation_run WHERE id IN (
         SELECT r.id FROM reconciliation_run r
         WHERE r.scope = 'RECENT' AND r.started_by = $1 AND r.state = 'DONE' AND r.created_at < (SELECT app_now()) - $2::int * interval '1 day'
           AND NOT EXISTS (SELECT 1 FROM discrepancy x WHERE x.found_run_id = r.id OR x.closed_run_id = r.id OR x.repair_run_id = r.id)
         ORDER BY r.created_at LIMIT $3::int)
       RETURNING 1 AS done`,
      [MACHINE, days, limit],
    )
  ).length
