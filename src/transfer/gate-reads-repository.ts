import type { Breaker, OperationClass } from '../model/circuit-breaker.js'
import type { SystemId } from '../model/system.js'
import type { SystemLimits } from '../model/system-limits.js'
import type { Sql } from '../platform/database.js'
import { RATE_NOW } from './gate-repository.js'
import { type MaintenanceRow, readRunning } from './maintenance-repository.js'

/** The gate before a system as all processes see it now. */
export interface GateRow {
  readonly systemId: SystemId
  readonly limits: SystemLimits & { readonly setBy: string | null; readonly setAt: Date | null }
  readonly paused: { readonly since: Date; readonly by: string | null; readonly reason: string | null } | null
  /** Running now. */
  readonly maintenance: MaintenanceRow | null
  /** Transfers that a worker has in its hands. */
  readonly inFlight: number
  /** Requests a second that are allowed now; null: no limit. */
  readonly ratePerSecond: number | null
  readonly breakers: readonly BreakerRow[]
  /** `app_now()`. */
  readonly now: Date
}

export interface BreakerRow extends Pick<Breaker, 'failures' | 'openedAt' | 'openUntil' | 'cause'> {
  readonly operationClass: OperationClass
}

interface FlatGate extends SystemLimits {
  readonly systemId: SystemId
  readonly setBy: string | null
  readonly setAt: Date | null
  readonly pausedAt: Date | null
  readonly pausedBy: string | null
  readonly pauseReason: string | null
  readonly inFlight: number
  readonly ratePerSecond: number | null
  readonly now: Date
}

export const readGates = async (sql: Sql): Promise<GateRow[]> => {
  const [gates, breakers, windows] = await Promise.all([
    sql.query<FlatGate>(
      `SELECT system_id AS "systemId", max_per_second AS "maxPerSecond", max_in_flight AS "maxInFlight", set_by AS "setBy", set_at AS "setAt",
         paused_at AS "pausedAt", paused_by AS "pausedBy", pause_reason AS "pauseReason", ${RATE_NOW} AS "ratePerSecond",
         (SELECT count(*) FROM transfer t WHERE t.system_id = g.system_id AND t.state = 'SENDING')::int AS "inFlight", app_now() AS now
       FROM system_gate g ORDER BY system_id`,
    ),
    sql.query<BreakerRow & { systemId: SystemId }>(
      `SELECT system_id AS "systemId", class AS "operationClass", failures, opened_at AS "openedAt", open_until AS "openUntil", cause
       FROM system_breaker ORDER BY class DESC`,
    ),
    readRunning(sql),
  ])
  return gates.map(({ maxPerSecond, maxInFlight, setBy, setAt, pausedAt, pausedBy, pauseReason, ...gate }) => ({
    ...gate,
    limits: { maxPerSecond, maxInFlight, setBy, setAt },
    paused: pausedAt && { since: pausedAt, by: pausedBy, reason: pauseReason },
    maintenance: windows.find(({ systemId }) => systemId === gate.systemId) ?? null,
    breakers: breakers.filter(({ systemId }) => systemId === gate.systemId),
  }))
}
