import { type Breaker, type BreakerRules, breakerAfter, type CallReport, type OperationClass } from '../model/circuit-breaker.js'
import type { SystemId } from '../model/system.js'
import type { Database } from '../platform/database.js'

/**
 * Writes what a call showed of a system's health into its breaker, under the row's lock. Says whether the breaker is closed by it: then the
 * rate starts anew from its tenth, and who waits may be woken.
 */
export const reportCall = (
  db: Database,
  systemId: SystemId,
  operationClass: OperationClass,
  report: CallReport,
  rules: BreakerRules,
): Promise<'CLOSED_NOW' | 'OPENED_NOW' | 'UNCHANGED'> =>
  db.transaction(async (tx) => {
    const [row] = await tx.query<Breaker & { now: Date }>(
      `SELECT failures, openings, opened_at AS "openedAt", open_until AS "openUntil", cause, app_now() AS now
       FROM system_breaker WHERE system_id = $1 AND class = $2 FOR UPDATE`,
      [systemId, operationClass],
    )
    if (!row) throw new Error(`no breaker for ${systemId} ${operationClass}`)
    const { now, ...before } = row
    const after = breakerAfter(before, report, now, rules)
    await tx.query(
      `UPDATE system_breaker SET failures = $3::int, openings = $4::int, opened_at = $5::timestamptz, open_until = $6::timestamptz,
         cause = $7, probe_until = NULL
       WHERE system_id = $1 AND class = $2 RETURNING 1 AS done`,
      [systemId, operationClass, after.failures, after.openings, after.openedAt, after.openUntil, after.cause],
    )
    if (before.openUntil === null) return after.openUntil === null ? 'UNCHANGED' : 'OPENED_NOW'
    if (after.openUntil !== null) return 'UNCHANGED'
    await tx.query(`UPDATE system_gate SET recovered_at = app_now(), tokens = 0 WHERE system_id = $1 RETURNING 1 AS done`, [systemId])
    return 'CLOSED_NOW'
  })
