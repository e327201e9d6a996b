import {
  type Breaker,
  type BreakerRules,
  breakerAfter,
  type CallReport,
  isOlderThanProbe,
  type OperationClass,
} from '../model/circuit-breaker.js'
import type { SystemId } from '../model/system.js'
import type { Database, Sql, Tx } from '../platform/database.js'

/**
 * Writes what a call showed of a system's health into its breaker, under the row's lock. Says whether the breaker is closed by it: then the
 * rate of sending starts anew from its tenth (not for READ, which says nothing of sending), and who waits may be woken. `begunAt`: when the call was
 * claimed, by the database's clock; left out: just now.
 */
export const reportCall = (
  db: Database,
  systemId: SystemId,
  operationClass: OperationClass,
  report: CallReport,
  rules: BreakerRules,
  begunAt?: Date,
): Promise<'CLOSED_NOW' | 'OPENED_NOW' | 'UNCHANGED'> =>
  db.transaction(async (tx) => {
    if (operationClass !== 'READ') await lockGateOfOpen(tx, systemId, operationClass)
    const [row] = await tx.query<Breaker & { now: Date }>(
      `SELECT failures, openings, opened_at AS "openedAt", open_until AS "openUntil", cause, code, app_now() AS now
       FROM system_breaker WHERE system_id = $1 AND class = $2 FOR UPDATE`,
      [systemId, operationClass],
    )
    if (!row) throw new Error(`no breaker for ${systemId} ${operationClass}`)
    const { now, ...before } = row
    const after = breakerAfter(before, report, now, rules, begunAt)
    const isProbe = !isOlderThanProbe(before, begunAt ?? now)
    await tx.query(
      `UPDATE system_breaker SET failures = $3::int, openings = $4::int, opened_at = $5::timestamptz, open_until = $6::timestamptz,
         cause = $7, code = $8, probe_until = CASE WHEN NOT $9::boolean THEN probe_until END
       WHERE system_id = $1 AND class = $2 RETURNING 1 AS done`,
      [systemId, operationClass, after.failures, after.openings, after.openedAt, after.openUntil, after.cause, after.code, isProbe],
    )
    if (before.openUntil === null) return after.openUntil === null ? 'UNCHANGED' : 'OPENED_NOW'
    if (after.openUntil !== null) return 'UNCHANGED'
    if (operationClass === 'READ') return 'CLOSED_NOW'
    await tx.query(`UPDATE system_gate SET recovered_at = app_now(), tokens = 0 WHERE system_id = $1 RETURNING 1 AS done`, [systemId])
    return 'CLOSED_NOW'
  })

/** A turn locks the gate and then the breaker that it probes. Who may close an open breaker, and with it write to the gate, locks in the same order. */
const lockGateOfOpen = async (tx: Tx, systemId: SystemId, operationClass: OperationClass): Promise<void> => {
  await tx.query(
    `SELECT 1 AS locked FROM system_gate WHERE system_id = $1 AND EXISTS (
       SELECT 1 FROM system_breaker b WHERE b.system_id = $1 AND b.class = $2 AND b.open_until IS NOT NULL) FOR UPDATE`,
    [systemId, operationClass],
  )
}

export interface BreakerSeen extends Pick<Breaker, 'failures' | 'openings' | 'openUntil' | 'code'> {
  /** Until its open time is over, by the database's clock; null: closed. */
  readonly openForMs: number | null
}

/** Without a lock: for who asks often and may be a moment late. */
export const lookAtBreaker = async (sql: Sql, systemId: SystemId, operationClass: OperationClass): Promise<BreakerSeen> => {
  const [row] = await sql.query<BreakerSeen>(
    `SELECT failures, openings, open_until AS "openUntil", code, CASE WHEN open_until IS NOT NULL THEN greatest(extract(epoch FROM open_until - app_now())::float8 * 1000, 0) END AS "openForMs"
     FROM system_breaker WHERE system_id = $1 AND class = $2`,
    [systemId, operationClass],
  )
  if (!row) throw new Error(`no breaker for ${systemId} ${operationClass}`)
  return row
}

/**
 * The right to the one call that tries an open breaker: of any number who ask, in whatever process, one has it, until it reports or `probeMs` are
 * over. `aheadMs`: how much sooner than the end of its open time this one may try.
 */
export const claimProbe = async (
  sql: Sql,
  systemId: SystemId,
  operationClass: OperationClass,
  { aheadMs, probeMs }: { readonly aheadMs: number; readonly probeMs: number },
): Promise<boolean> => {
  const claimed = await sql.query(
    `UPDATE system_breaker SET open_until = least(open_until, app_now()), probe_until = app_now() + $4::int * interval '1 millisecond'
     WHERE system_id = $1 AND class = $2 AND open_until <= app_now() + $3::int * interval '1 millisecond'
       AND (probe_until IS NULL OR probe_until <= app_now())
     RETURNING 1 AS done`,
    [systemId, operationClass, aheadMs, probeMs],
  )
  return claimed.length > 0
}
