import type { RiskEnd, RiskReason } from '../model/risk.js'
import { type Operation, SYSTEM_IDS, type SystemId } from '../model/system.js'
import type { Sql } from '../platform/database.js'
import { PASSABLE, UNBLOCKED } from './claim-repository.js'

/** Cảnh báo nguy cơ trễ hạn in the table: raised once while it lasts, cleared once, kept for ever. */

export interface AlarmedTransfer {
  readonly transferId: string
  readonly dossierCode: string
  readonly systemId: SystemId
  readonly operation: Operation
  readonly dueAt: Date
}

export interface Horizon {
  /** Due dates up to here are looked at. */
  readonly until: Date
  /** So long the machine may take for what nothing stands in the way of. */
  readonly graceMs: number
}

/** A person is needed: it does not go by itself, nor does what stands behind it. */
const STUCK = (alias: string): string => `${alias}.state IN ('HELD', 'REJECTED', 'EXHAUSTED')`

/** Three parts, each on an index of its own: of the millions that are settled none is read. Nothing is less urgent (`urgent_at`) than its due date. */
const OPEN_AND_DUE = `(
  SELECT * FROM transfer WHERE system_id = ANY($3::text[]) AND urgent_at <= $1::timestamptz AND due_at <= $1::timestamptz
    AND state IN ('PLANNED', 'QUEUED', 'WAITING_RETRY', 'INDETERMINATE')
  UNION ALL SELECT * FROM transfer WHERE state = 'SENDING' AND due_at <= $1::timestamptz
  UNION ALL SELECT * FROM transfer WHERE state IN ('HELD', 'REJECTED', 'EXHAUSTED') AND due_at <= $1::timestamptz)`

const RAISE = `
WITH risky AS (
  SELECT t.id, t.due_at, CASE WHEN ${STUCK('t')} THEN t.state WHEN NOT ${UNBLOCKED} THEN 'BLOCKED'
    WHEN t.state = 'INDETERMINATE' THEN 'UNCERTAIN' WHEN t.state = 'WAITING_RETRY' THEN 'UNAVAILABLE' ELSE 'WAITING' END AS reason
  FROM ${OPEN_AND_DUE} AS t
  WHERE (${STUCK('t')} OR t.created_at < (SELECT app_now()) - $2::bigint * interval '1 millisecond' OR t.next_attempt_at > t.due_at
      AND t.state IN ('WAITING_RETRY', 'INDETERMINATE')
      OR EXISTS (SELECT 1 FROM transfer ahead WHERE ahead.dossier_id = t.dossier_id AND ahead.system_id = t.system_id
        AND ahead.sequence < t.sequence AND ${STUCK('ahead')}))
    AND NOT EXISTS (SELECT 1 FROM risk_alarm known WHERE known.transfer_id = t.id AND known.cleared_at IS NULL)
  ORDER BY t.due_at, t.id LIMIT $4::int
), raised AS (
  INSERT INTO risk_alarm (id, transfer_id, due_at, reason) SELECT gen_random_uuid(), id, due_at, reason FROM risky
  ON CONFLICT (transfer_id) WHERE cleared_at IS NULL DO NOTHING
  RETURNING transfer_id, due_at, reason
)
SELECT t.id::text AS "transferId", d.code AS "dossierCode", t.system_id AS "systemId", t.operation, raised.due_at AS "dueAt", raised.reason
FROM raised JOIN transfer t ON t.id = raised.transfer_id JOIN dossier d ON d.id = t.dossier_id
ORDER BY raised.due_at, t.dossier_id, t.system_id, t.sequence`

/** Raises the alarms that are due and not raised, most urgent first; returns those that this call raised, at most `limit`. */
export const raiseAlarms = (
  sql: Sql,
  { until, graceMs }: Horizon,
  limit: number,
): Promise<(AlarmedTransfer & { readonly reason: RiskReason })[]> => sql.query(RAISE, [until, graceMs, [...SYSTEM_IDS], limit])

/** Clears what has no risk any more; returns what this call cleared. */
export const clearAlarms = (sql: Sql, until: Date): Promise<(AlarmedTransfer & { readonly because: RiskEnd })[]> =>
  sql.query(
    `UPDATE risk_alarm a SET cleared_at = app_now(), cleared_because = CASE WHEN t.state IN ${PASSABLE} THEN t.state ELSE 'DUE_DATE_MOVED' END
     FROM transfer t JOIN dossier d ON d.id = t.dossier_id
     WHERE a.transfer_id = t.id AND a.cleared_at IS NULL AND (t.state IN ${PASSABLE} OR t.due_at > $1::timestamptz)
     RETURNING t.id::text AS "transferId", d.code AS "dossierCode", t.system_id AS "systemId", t.operation, a.due_at AS "dueAt",
       a.cleared_because AS because`,
    [until],
  )

export interface RiskAlarmRow {
  readonly transferId: string
  readonly raisedAt: Date
  readonly dueAt: Date
  readonly reason: RiskReason
  readonly clearedAt: Date | null
  readonly clearedBecause: RiskEnd | null
}

/** All alarms of transfers that were reached under a scope, oldest first. */
export const readAlarms = (sql: Sql, transferIds: readonly string[]): Promise<RiskAlarmRow[]> =>
  sql.query(
    `SELECT transfer_id::text AS "transferId", raised_at AS "raisedAt", due_at AS "dueAt", reason, cleared_at AS "clearedAt",
       cleared_because AS "clearedBecause"
     FROM risk_alarm WHERE transfer_id = ANY($1::uuid[]) ORDER BY transfer_id, raised_at`,
    [[...transferIds]],
  )
