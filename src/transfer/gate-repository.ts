import { OPERATION_CLASSES } from '../model/circuit-breaker.js'
import type { SystemId } from '../model/system.js'
import type { SystemLimits } from '../model/system-limits.js'
import type { Sql, Tx } from '../platform/database.js'

/** What a system can bear, from all processes together. Null: no limit. */
export interface GateLimits extends SystemLimits {
  /** After an outage the rate grows from a tenth of its limit to the whole in this time. */
  readonly rampMs: number
}

/** Requests a second that a row of `system_gate` allows now: after an outage it grows from a tenth of the limit to the whole. Null: no limit. */
export const RATE_NOW = `max_per_second * least(1, greatest(0.1, coalesce(
      extract(epoch FROM (SELECT app_now()) - recovered_at)::float8 * 1000 / nullif(ramp_ms, 0), 1)))`

/**
 * What may be saved up of the rate while nobody asks: one claim (`requests`, an SQL expression), and what 30 ms bring, as a sender that has to wait comes back a little late.
 * No more, for a call leaves a little sooner or later after its claim than the one before it: at the other side's door no second is to have more than the
 * limit and its tenth.
 */
export const bucketFor = (requests: string): string => `${requests}::float8 + max_per_second * 0.03`

/** Gives a system its gate and breakers, with the limits of the configuration; those that an operator has set stay as they are. */
export const configureGate = async (sql: Sql, systemId: SystemId, { maxPerSecond, maxInFlight, rampMs }: GateLimits): Promise<void> => {
  await sql.query(
    `INSERT INTO system_gate AS g (system_id, max_per_second, max_in_flight, ramp_ms) VALUES ($1, $2::float8, $3::int, $4::int)
     ON CONFLICT (system_id) DO UPDATE SET max_per_second = excluded.max_per_second, max_in_flight = excluded.max_in_flight, ramp_ms = excluded.ramp_ms
     WHERE g.set_by IS NULL AND (g.max_per_second, g.max_in_flight, g.ramp_ms)
       IS DISTINCT FROM (excluded.max_per_second, excluded.max_in_flight, excluded.ramp_ms)
     RETURNING 1 AS done`,
    [systemId, maxPerSecond, maxInFlight, rampMs],
  )
  await sql.query(
    `INSERT INTO system_breaker (system_id, class) SELECT $1, unnest($2::text[]) ON CONFLICT DO NOTHING RETURNING 1 AS done`,
    [systemId, OPERATION_CLASSES],
  )
}

/** What people set of a gate. */
export interface GateSetting extends SystemLimits {
  /** Who set the limits; null: they are those of the configuration. */
  readonly setBy: string | null
  readonly pausedAt: Date | null
  readonly pausedBy: string | null
  readonly pauseReason: string | null
}

/** Holds the gate's row until the transaction ends: no turn passes meanwhile. */
export const lockGate = async (tx: Tx, systemId: SystemId): Promise<GateSetting | undefined> => {
  const [gate] = await tx.query<GateSetting>(
    `SELECT max_per_second AS "maxPerSecond", max_in_flight AS "maxInFlight", set_by AS "setBy", paused_at AS "pausedAt",
       paused_by AS "pausedBy", pause_reason AS "pauseReason"
     FROM system_gate WHERE system_id = $1 FOR UPDATE`,
    [systemId],
  )
  return gate
}

/** In force from the next turn of any process on. */
export const writeLimits = async (
  tx: Tx,
  systemId: SystemId,
  { maxPerSecond, maxInFlight }: SystemLimits,
  setBy: string,
): Promise<void> => {
  await tx.query(
    `UPDATE system_gate SET max_per_second = $2::float8, max_in_flight = $3::int, set_by = $4, set_at = app_now()
     WHERE system_id = $1 RETURNING 1 AS done`,
    [systemId, maxPerSecond, maxInFlight, setBy],
  )
}

/** In force from the next turn of any process on; what is being sent goes on. */
export const writePause = async (tx: Tx, systemId: SystemId, pause: { readonly by: string; readonly reason: string }): Promise<void> => {
  await tx.query(
    `UPDATE system_gate SET paused_at = app_now(), paused_by = $2, pause_reason = $3 WHERE system_id = $1 RETURNING 1 AS done`,
    [systemId, pause.by, pause.reason],
  )
}

export const removePause = async (tx: Tx, systemId: SystemId): Promise<void> => {
  await tx.query(
    `UPDATE system_gate SET paused_at = NULL, paused_by = NULL, pause_reason = NULL WHERE system_id = $1 RETURNING 1 AS done`,
    [systemId],
  )
}
