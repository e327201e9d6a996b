import { OPERATION_CLASSES } from '../model/circuit-breaker.js'
import type { SystemId } from '../model/system.js'
import type { Sql } from '../platform/database.js'

/** What a system can bear, from all processes together. Null: no limit. */
export interface GateLimits {
  readonly maxPerSecond: number | null
  readonly maxInFlight: number | null
  /** After an outage the rate grows from a tenth of its limit to the whole in this time. */
  readonly rampMs: number
}

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
