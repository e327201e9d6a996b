import { randomUUID } from 'node:crypto'
import type { SystemId } from '../model/system.js'
import type { Sql } from '../platform/database.js'
import { PASSABLE_BREAKER } from './claim-repository.js'
import { bucketFor, RATE_NOW } from './gate-repository.js'
import { inMaintenance } from './maintenance-repository.js'
import type { Gate } from './turn-repository.js'

/**
 * Khách qua cửa: a call to a system that is no delivery, such as an inquiry of a dry run. It passes the same gate as every claim (pause, breaker of class
 * INQUIRE, rate, calls in flight), one at a time while the breaker is half open, and counts among the calls in flight until it is over. Of those, guests
 * have a share: however many questions a dry run has, deliveries go on.
 */
export interface GuestPass {
  /** Of its place among the calls in flight; undefined: they are not limited. */
  readonly id?: string
  /** `app_now()`, for the report to the breaker. */
  readonly now: Date
  /** The breaker has nothing to forget. */
  readonly calm: boolean
}

export interface GuestAsked {
  readonly systemId: SystemId
  /** Longest that the call takes: a guest whose process died is then forgotten. */
  readonly withinMs: number
  /** Requests that it may cost the other side. */
  readonly requests: number
  /** Of the limit of calls in flight, what all guests together may take, 0..1; one call at least. */
  readonly share: number
}

/**
 * In the manner of a turn (`turn-repository.ts`), whose gate row it locks. What it read before it had to wait for that lock matters when calls in flight are
 * limited or a breaker is being tried: then it counts up the number of turns, so that who waited knows it has to look again (BUSY).
 */
const PASS = `
WITH clock AS MATERIALIZED (
  SELECT app_now() AS now
), seen AS MATERIALIZED (
  SELECT turns FROM system_gate WHERE system_id = $1
), gate AS MATERIALIZED (
  SELECT * FROM system_gate WHERE system_id = $1 FOR UPDATE
), breaker AS MATERIALIZED (
  SELECT ${PASSABLE_BREAKER} AS passes, b.open_until IS NOT NULL AS tried, b.failures = 0 AND b.open_until IS NULL AS calm
  FROM system_breaker b WHERE b.system_id = $1 AND b.class = 'INQUIRE'
), pace AS MATERIALIZED (
  SELECT gate.*, rate, (SELECT count(*) FROM gate_guest u WHERE u.system_id = $1 AND u.until > (SELECT now FROM clock)) AS guests, max_in_flight IS NOT NULL OR (SELECT tried FROM breaker) AS is_exact,
    CASE WHEN rate IS NOT NULL THEN least(${bucketFor('$3')}, tokens + rate * seconds) END AS filled
  FROM gate CROSS JOIN LATERAL (SELECT
    ${RATE_NOW} AS rate,
    greatest(0, extract(epoch FROM (SELECT now FROM clock) - refilled_at)::float8) AS seconds) AS _
), room AS MATERIALIZED (
  SELECT CASE WHEN paused_at IS NOT NULL OR ${inMaintenance('$1', '(SELECT now FROM clock)')} THEN 'PAUSED'
      WHEN is_exact AND turns <> (SELECT turns FROM seen) THEN 'BUSY'
      WHEN NOT (SELECT passes FROM breaker) THEN 'OPEN'
      WHEN filled < $3::float8 THEN 'RATE'
      WHEN greatest(1, floor(max_in_flight * $5::float8)) <= guests
        OR max_in_flight <= (SELECT count(*) FROM transfer f WHERE f.system_id = $1 AND f.state = 'SENDING') + guests THEN 'IN_FLIGHT' END AS deferral,
    CASE WHEN rate IS NOT NULL THEN ceil(($3::float8 - filled) / rate * 1000) END AS wait_ms, filled, is_exact, max_in_flight IS NOT NULL AS counts
  FROM pace
), passed AS (
  UPDATE system_gate g SET turns = g.turns + room.is_exact::int, tokens = coalesce(room.filled - $3::float8, 0),
    refilled_at = greatest(g.refilled_at, (SELECT now FROM clock))
  FROM room WHERE g.system_id = $1 AND room.deferral IS NULL
  RETURNING 1 AS done
), probed AS (
  UPDATE system_breaker b SET probe_until = (SELECT now FROM clock) + $2::int * interval '1 millisecond'
  WHERE b.system_id = $1 AND b.class = 'INQUIRE' AND b.open_until IS NOT NULL AND EXISTS (SELECT 1 FROM passed)
), guest AS (
  INSERT INTO gate_guest (id, system_id, until) SELECT $4::uuid, $1, (SELECT now FROM clock) + $2::int * interval '1 millisecond'
  WHERE EXISTS (SELECT 1 FROM passed) AND (SELECT counts FROM room)
)
SELECT deferral, wait_ms::float8 AS "waitMs", counts, (SELECT calm FROM breaker) AS calm, (SELECT now FROM clock) AS now FROM room`

export type GuestAnswer =
  | { readonly pass: GuestPass }
  /** `waitMs`: for RATE, until the next one may go. */
  | { readonly pass?: undefined; readonly deferral: Exclude<Gate['deferral'], null>; readonly waitMs: number | null }

interface PassRow {
  readonly deferral: Exclude<Gate['deferral'], null> | null
  readonly waitMs: number | null
  readonly counts: boolean
  readonly calm: boolean
  readonly now: Date
}

export const askPass = async (sql: Sql, { systemId, withinMs, requests, share }: GuestAsked): Promise<GuestAnswer> => {
  const id = randomUUID()
  const [row] = await sql.query<PassRow>(PASS, [systemId, withinMs, requests, id, share])
  if (!row) throw new Error(`no gate for ${systemId}`)
  const { deferral, waitMs, counts, calm, now } = row
  return deferral === null ? { pass: { calm, now, ...(counts && { id }) } } : { deferral, waitMs }
}

/** It is over; with it go those whose processes died. */
export const returnPass = async (sql: Sql, systemId: SystemId, { id }: GuestPass): Promise<void> => {
  if (id === undefined) return
  await sql.query(
    `DELETE FROM gate_guest WHERE id = $1::uuid OR system_id = $2 AND until < (SELECT app_now()) - interval '1 minute' RETURNING 1 AS done`,
    [id, systemId],
  )
}
