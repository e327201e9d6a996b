import type { SystemId } from '../model/system.js'
import type { Sql } from '../platform/database.js'
import { inMaintenance } from '../transfer/maintenance-repository.js'

/** Takes the next place in the row of calls to a system, over all processes. */
export interface PaceTaken {
  /** So long before the call may be made. */
  readonly waitMs: number
  /** Nobody calls it: an operator has paused it, or it is in maintenance, when what it holds may be half of what it held and will hold. */
  readonly closed: 'PAUSED' | 'MAINTENANCE' | null
}

/** `lateMs`: so long after its place the caller's last call left. The places behind it move by as much: no second holds more calls than it may. */
export const takePace = async (sql: Sql, systemId: SystemId, perSecond: number, lateMs = 0): Promise<PaceTaken> => {
  const [row] = await sql.query<PaceTaken>(
    `INSERT INTO reconciliation_pace AS p (system_id, paced_at) VALUES ($1, app_now())
     ON CONFLICT (system_id) DO UPDATE SET
       paced_at = greatest(least(p.paced_at, app_now() + interval '1 minute') + $2::float8 * interval '1 second', app_now())
     RETURNING greatest(extract(epoch FROM paced_at - app_now())::float8 * 1000, 0) AS "waitMs",
       CASE WHEN EXISTS (SELECT 1 FROM system_gate g WHERE g.system_id = $1 AND g.paused_at IS NOT NULL) THEN 'PAUSED'
         WHEN ${inMaintenance('$1')} THEN 'MAINTENANCE' END AS closed`,
    [systemId, 1 / perSecond + lateMs / 1_000],
  )
  return row as PaceTaken
}
