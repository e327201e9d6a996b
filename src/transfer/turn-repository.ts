import type { OperationClass } from '../model/circuit-breaker.js'
import { causeKeyOf } from '../model/failure-cause.js'
import type { SystemId } from '../model/system.js'
import { isLegalTransferMove, type TransferState } from '../model/transfer-state.js'
import type { Sql } from '../platform/database.js'
import { insertCauses } from './cause-repository.js'
import {
  type AttemptClose,
  type ClaimedTransfer,
  KIND,
  LEAST_BUDGET,
  MOST_URGENT,
  PASSABLE_BREAKER,
  type Settlement,
  UNBLOCKED,
  WAITING,
} from './claim-repository.js'
import { bucketFor, RATE_NOW } from './gate-repository.js'
import { ALL_GIVEN, BOUNDED_GIVEN, CAUSE_ID } from './given-settlings-repository.js'
import { LATE_OUTCOME } from './late-answer-repository.js'
import { inMaintenance } from './maintenance-repository.js'

/**
 * Một lượt ở bàn: settles what has been called and claims what is to be called next, for one system, in one statement, so one round trip and
 * one commit. Every settlement is guarded by the table of legal moves and by the lease token, and counts once, also when its answer was lost and it is
 * brought again; every claim commits its attempt row before a byte leaves.
 *
 * Claims pass the system's gate, one turn at a time (its row is locked): none while it is paused, in maintenance, or its breaker open, one at a time while a
 * breaker is half open (of its class: the other class goes on), and no more than the rate and the number in flight allow. What tries a half-open breaker is one that has failed least, by lot:
 * dossiers that fail each time, and are due before all others, must not keep it open for them. A turn that had to wait for another process's turn
 * sees calls in flight as they were before it: it then claims nothing (BUSY) and is to be taken again at once.
 */

/** A claim, what becomes of its transfer, and how its attempt ended. */
export type Settling = readonly [claim: ClaimedTransfer, move: Settlement, attempt: AttemptClose]

export interface TurnAsked {
  readonly systemId: SystemId
  readonly leaseMs: number
  /** Name of this process, for the attempt row. */
  readonly worker: string
  /** Transfers to claim at most; each gets a token of its own. */
  readonly wanted: number
  /** Requests that one claim may cost the other side, for the rate. */
  readonly requestsPerClaim: number
  readonly settlings: readonly Settling[]
}

export interface Turn {
  /**
   * False for each settling whose lease token is no longer ours: its transfer stays as it is, and the answer is kept on the attempt as late evidence. False
   * too for one that was settled before and is brought again: `isSettled` tells them apart.
   */
  readonly settled: readonly boolean[]
  readonly claims: readonly ClaimedTransfer[]
  readonly gate: Gate
}

export interface Gate {
  /** Why fewer may have been claimed than were wanted; null: no more were eligible. */
  readonly deferral: 'PAUSED' | 'BUSY' | 'RATE' | 'IN_FLIGHT' | 'OPEN' | null
  /** For RATE: until the next one may go. */
  readonly waitMs: number | null
  /** A breaker that lets nothing pass now is to be tried again then. */
  readonly shutUntil: Date | null
  /** Classes whose breaker has nothing to forget. */
  readonly calm: readonly OperationClass[]
  /** `app_now()`. */
  readonly now: Date
}

/** The settlings come as arrays of one length, a row each. An attempt is found by its unique key. The clock is read once: `app_now()` is no cheap call. */
const turnSql = (given: string, extra: string): string => `
WITH clock AS MATERIALIZED (
  SELECT app_now() AS now
), ${given}, moved AS (
  UPDATE transfer t SET
    state = g.next_state, next_attempt_at = (SELECT now FROM clock) + g.wait_ms * interval '1 millisecond',
    dispatch_no = t.dispatch_no + CASE WHEN g.wait_ms IS NULL THEN 0 ELSE 1 END,
    held_reason = g.held_reason, last_error = g.last_error, error_field = g.error_field,
    cause_id = CASE WHEN g.next_state <> 'DELIVERED' THEN coalesce(${CAUSE_ID}, t.cause_id) END,
    external_ref = coalesce(g.external_ref, t.external_ref), retry_count = g.retry_count, absent_count = g.absent_count,
    lease_until = NULL, updated_at = (SELECT now FROM clock), settled_at = CASE WHEN g.wait_ms IS NULL THEN (SELECT now FROM clock) END
  FROM given g
  WHERE t.id = g.id AND t.lease_token = g.token AND t.state = ANY(string_to_array(g.states_before, ' '))
  RETURNING t.id, t.lease_token
), closed AS (
  UPDATE attempt a SET ended_at = (SELECT now FROM clock), outcome = g.outcome, detail = g.detail, http_status = g.http_status,
    elapsed_ms = g.elapsed_ms, request_xml = g.request_xml, response_text = g.response_text, cause_id = ${CAUSE_ID},
    late = NOT EXISTS (SELECT 1 FROM moved WHERE moved.lease_token = g.token)
  FROM given g WHERE a.transfer_id = g.id AND a.number = g.attempt_number AND a.lease_token = g.token AND a.ended_at IS NULL
)${extra}, seen AS MATERIALIZED (
  SELECT turns FROM system_gate WHERE system_id = $24
), gate AS MATERIALIZED (
  SELECT * FROM system_gate WHERE system_id = $24 AND $27::int > 0 FOR UPDATE
), breakers AS MATERIALIZED (
  SELECT b.class, ${PASSABLE_BREAKER} AS passes, b.open_until IS NOT NULL AS tried,
    b.failures = 0 AND b.open_until IS NULL AS calm, greatest(b.open_until, b.probe_until) AS shut_until
  FROM system_breaker b WHERE b.system_id = $24 AND b.class IN ('SEND', 'INQUIRE')
), pace AS MATERIALIZED (
  SELECT gate.*, rate, CASE WHEN rate IS NOT NULL THEN least(${bucketFor('$28')}, tokens + rate * seconds) END AS filled
  FROM gate CROSS JOIN LATERAL (SELECT
    ${RATE_NOW} AS rate,
    greatest(0, extract(epoch FROM (SELECT now FROM clock) - refilled_at)::float8) AS seconds) AS _
), room AS MATERIALIZED (
  SELECT CASE WHEN paused_at IS NOT NULL OR ${inMaintenance('$24', '(SELECT now FROM clock)')} THEN 'PAUSED'
      WHEN turns <> (SELECT turns FROM seen) THEN 'BUSY'
      WHEN NOT EXISTS (SELECT 1 FROM breakers WHERE passes) THEN 'OPEN'
      WHEN by_rate < 1 THEN 'RATE' WHEN by_flight < 1 THEN 'IN_FLIGHT' END AS deferral,
    least(by_rate, by_flight, $27::int) AS places,
    ceil(($28::float8 - filled) / rate * 1000) AS wait_ms, filled
  FROM pace CROSS JOIN LATERAL (SELECT
    floor(filled / $28::float8) AS by_rate,
    CASE WHEN max_in_flight IS NOT NULL THEN max_in_flight + (SELECT count(*) FROM moved)
      - (SELECT count(*) FROM transfer f WHERE f.system_id = $24 AND f.state = 'SENDING')
      - (SELECT count(*) FROM gate_guest u WHERE u.system_id = $24 AND u.until > (SELECT now FROM clock)) END AS by_flight
  ) AS _
), probe AS MATERIALIZED (
  SELECT t.id, ${KIND} AS kind
  FROM transfer t
  WHERE (SELECT EXISTS (SELECT 1 FROM breakers WHERE tried AND passes) AND (SELECT places >= 1 FROM room WHERE deferral IS NULL))
    AND t.system_id = $24 AND ${WAITING} AND ${UNBLOCKED} AND ${KIND} = ANY(ARRAY(SELECT class FROM breakers WHERE tried AND passes))
  ORDER BY t.retry_count, random()
  LIMIT 1 FOR UPDATE OF t SKIP LOCKED
), urgent AS MATERIALIZED (
  SELECT t.id, ${KIND} AS kind
  FROM transfer t
  WHERE t.system_id = $24 AND ${WAITING} AND ${UNBLOCKED} AND ${KIND} = ANY(ARRAY(SELECT class FROM breakers WHERE passes AND NOT tried))
  ORDER BY ${MOST_URGENT}
  LIMIT coalesce((SELECT places::int FROM room WHERE deferral IS NULL AND NOT EXISTS (SELECT 1 FROM probe)), 0) FOR UPDATE OF t SKIP LOCKED
), picked AS MATERIALIZED (
  SELECT id, kind FROM probe UNION ALL SELECT id, kind FROM urgent
), claimed AS (
  UPDATE transfer t SET
    state = 'SENDING', lease_token = nextval('transfer_lease'), attempt_count = t.attempt_count + 1,
    lease_until = (SELECT now FROM clock) + $25::bigint * interval '1 millisecond',
    budget_until = CASE WHEN t.attempt_count = 0 THEN ${LEAST_BUDGET} ELSE t.budget_until END,
    last_send_at = CASE WHEN picked.kind = 'SEND' THEN (SELECT now FROM clock) + $25::bigint * interval '1 millisecond' ELSE t.last_send_at END,
    updated_at = (SELECT now FROM clock)
  FROM picked WHERE t.id = picked.id
  RETURNING t.*, picked.kind
), opened AS (
  INSERT INTO attempt (id, transfer_id, number, kind, lease_token, worker, started_at)
  SELECT gen_random_uuid(), id, attempt_count, kind, lease_token, $26, (SELECT now FROM clock) FROM claimed
), passed AS (
  UPDATE system_gate g SET turns = g.turns + 1, refilled_at = (SELECT now FROM clock),
    tokens = coalesce(room.filled - $28::float8 * (SELECT count(*) FROM picked), 0)
  FROM room WHERE g.system_id = $24 AND EXISTS (SELECT 1 FROM picked)
), probed AS (
  UPDATE system_breaker b SET probe_until = (SELECT now FROM clock) + $25::bigint * interval '1 millisecond'
  WHERE b.system_id = $24 AND b.open_until IS NOT NULL AND b.class IN (SELECT kind FROM picked)
)
SELECT ARRAY(SELECT lease_token::text FROM moved) AS "settledTokens",
  (SELECT deferral FROM room) AS deferral, (SELECT wait_ms FROM room) AS "waitMs",
  (SELECT min(shut_until) FROM breakers WHERE NOT passes) AS "shutUntil", ARRAY(SELECT class FROM breakers WHERE calm) AS calm,
  c.id, c.dossier_id AS "dossierId", d.code AS "dossierCode", c.system_id AS "systemId", c.operation,
  c.idempotency_key AS "idempotencyKey", c.body, c.digest, c.mode, c.kind, c.lease_token::text AS "leaseToken", c.attempt_count AS "attemptNumber",
  c.retry_count AS "retryCount", c.absent_count AS "absentCount", c.last_send_at AS "lastSendAt",
  c.budget_until AS "budgetUntil", c.correlation_id AS "correlationId", (SELECT now FROM clock) AS now,
  ${LATE_OUTCOME} AS "lateOutcome"
FROM (VALUES (1)) AS _ LEFT JOIN (claimed c JOIN dossier d ON d.id = c.dossier_id) ON true`

/**
 * Two statements, each with a kept plan: one in which nothing has failed does not so much as open the table of causes.
 */
export const TURN = turnSql(ALL_GIVEN, '')
const TURN_WITH_FAILURES = turnSql(
  BOUNDED_GIVEN,
  `, caused AS (
  ${insertCauses(`SELECT ${CAUSE_ID} AS id, $24::text AS system_id, g.operation, g.cause_kind AS kind, g.cause_code AS code, g.cause_field AS field,
     g.cause_side AS side FROM given g WHERE g.cause_code IS NOT NULL`)}
)`,
)

/** What is claimed is SENDING: from any other state, also one from which the machine may go there, its claim moves nothing. */
const guardOf = (to: TransferState): TransferState | '' => (isLegalTransferMove('SENDING', to, 'MACHINE') ? 'SENDING' : '')

/** In the order of the columns of `given`. */
const settlingValues = ([claim, move, attempt]: Settling): unknown[] => [
  claim.id,
  claim.leaseToken,
  move.to,
  move.waitMs ?? null,
  move.heldReason ?? null,
  move.lastError ?? null,
  move.errorField ?? null,
  move.externalRef ?? null,
  move.retryCount,
  move.absentCount,
  attempt.outcome,
  attempt.detail ?? null,
  attempt.httpStatus ?? null,
  attempt.elapsedMs ?? null,
  attempt.requestXml ?? null,
  attempt.responseText ?? null,
  guardOf(move.to),
  claim.attemptNumber,
  claim.operation,
  ...causeValues(claim, move),
]
const SETTLING_COLUMNS = 23

const causeValues = ({ operation }: ClaimedTransfer, { failure }: Settlement): (string | null)[] => {
  if (!failure) return [null, null, null, null]
  const { kind, code, field } = causeKeyOf(operation, failure)
  return [kind, code, field, failure.side ?? null]
}

type TurnRow = { settledTokens: string[] } & Omit<Gate, 'now'> & {
    [K in keyof ClaimedTransfer]: K extends 'now' ? Date : ClaimedTransfer[K] | null
  }

export const takeTurn = async (sql: Sql, { systemId, leaseMs, worker, wanted, requestsPerClaim, settlings }: TurnAsked): Promise<Turn> => {
  const given = settlings.map(settlingValues)
  const columns = Array.from({ length: SETTLING_COLUMNS }, (_, column) => given.map((row) => row[column]))
  const [text, planName] = settlings.some(([, { failure }]) => failure) ? [TURN_WITH_FAILURES, 'turn-with-failures'] : [TURN, 'turn']
  const rows = await sql.query<TurnRow>(text, [...columns, systemId, leaseMs, worker, wanted, requestsPerClaim], { planName })
  const [{ settledTokens, deferral, waitMs, shutUntil, calm, now }] = rows as [TurnRow]
  const tokens = new Set(settledTokens)
  return {
    settled: settlings.map(([claim]) => tokens.has(claim.leaseToken)),
    claims: rows.filter((row) => row.id !== null) as unknown as ClaimedTransfer[],
    gate: { deferral, waitMs, shutUntil, calm, now },
  }
}

/** Whether what was brought for a claim has moved its transfer, in a turn whose answer may never have come. */
export const isSettled = async (sql: Sql, { id, attemptNumber, leaseToken }: ClaimedTransfer): Promise<boolean> => {
  const rows = await sql.query(
    `SELECT 1 AS settled FROM attempt
     WHERE transfer_id = $1::uuid AND number = $2::int AND lease_token = $3::bigint AND ended_at IS NOT NULL AND NOT late`,
    [id, attemptNumber, leaseToken],
  )
  return rows.length > 0
}
