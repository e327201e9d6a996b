import type { RouteMode } from '../model/routing.js'
import type { Operation, SystemId } from '../model/system.js'
import type { TransferBody } from '../model/transfer-body.js'
import { type HeldReason, statesBefore, type TransferState } from '../model/transfer-state.js'
import type { Sql } from '../platform/database.js'

/**
 * The transfer table in SQL. Claims and settlements are single statements, so that each is one round trip and one commit; every
 * move is guarded by the table of legal moves and, while SENDING, by the lease token.
 */

export interface ClaimedTransfer {
  readonly id: string
  readonly dossierId: string
  readonly dossierCode: string
  readonly systemId: SystemId
  readonly operation: Operation
  readonly idempotencyKey: string
  readonly body: TransferBody
  readonly digest: string
  readonly mode: RouteMode
  readonly kind: 'SEND' | 'INQUIRE'
  readonly leaseToken: string
  /** Of the attempt row that this claim has opened. */
  readonly attemptNumber: number
  readonly retryCount: number
  readonly absentCount: number
  readonly lastSendAt: Date | null
  readonly budgetUntil: Date
  readonly correlationId: string
  /** A stalled worker of an earlier lease has heard that it was accepted: "not there" is then no reason to send again. */
  readonly lateAccepted: boolean
  /** `app_now()` of the claim. */
  readonly now: Date
}

export const PASSABLE = `('DELIVERED', 'ABANDONED', 'SUPERSEDED')`

/** Not behind an earlier transfer of the same dossier and system that is still open. */
export const UNBLOCKED = `NOT EXISTS (
  SELECT 1 FROM transfer earlier
  WHERE earlier.dossier_id = t.dossier_id AND earlier.system_id = t.system_id
    AND earlier.sequence < t.sequence AND earlier.state NOT IN ${PASSABLE})`

/** Two working days from now on whatever weekday: the least budget of one that could not be tried before, as it was blocked or held. */
export const LEAST_BUDGET = `greatest(t.budget_until, app_now() + interval '4 days')`

/** `(SELECT app_now())` is evaluated once; the bare function would be called for each of thousands of rows that wait. */
const CLAIM = `
WITH picked AS MATERIALIZED (
  SELECT t.id, CASE WHEN t.state = 'INDETERMINATE' OR t.mode = 'ADOPT' THEN 'INQUIRE' ELSE 'SEND' END AS kind
  FROM transfer t
  WHERE t.system_id = $1 AND t.state IN ('PLANNED', 'QUEUED', 'WAITING_RETRY', 'INDETERMINATE')
    AND t.next_attempt_at <= (SELECT app_now()) AND ${UNBLOCKED}
  ORDER BY t.due_at, t.sequence, t.id
  LIMIT $4::int FOR UPDATE OF t SKIP LOCKED
), claimed AS (
  UPDATE transfer t SET
    state = 'SENDING', lease_token = nextval('transfer_lease'), attempt_count = t.attempt_count + 1,
    lease_until = app_now() + $2::bigint * interval '1 millisecond',
    budget_until = CASE WHEN t.attempt_count = 0 THEN ${LEAST_BUDGET} ELSE t.budget_until END,
    last_send_at = CASE WHEN picked.kind = 'SEND' THEN app_now() + $2::bigint * interval '1 millisecond' ELSE t.last_send_at END,
    updated_at = app_now()
  FROM picked WHERE t.id = picked.id
  RETURNING t.*, picked.kind
), opened AS (
  INSERT INTO attempt (id, transfer_id, number, kind, lease_token, worker)
  SELECT gen_random_uuid(), id, attempt_count, kind, lease_token, $3 FROM claimed
)
SELECT c.id, c.dossier_id AS "dossierId", d.code AS "dossierCode", c.system_id AS "systemId", c.operation,
  c.idempotency_key AS "idempotencyKey", c.body, c.digest, c.mode, c.kind, c.lease_token::text AS "leaseToken", c.attempt_count AS "attemptNumber",
  c.retry_count AS "retryCount", c.absent_count AS "absentCount", c.last_send_at AS "lastSendAt",
  c.budget_until AS "budgetUntil", c.correlation_id AS "correlationId", app_now() AS now,
  c.kind = 'INQUIRE' AND EXISTS (
    SELECT 1 FROM attempt a WHERE a.transfer_id = c.id AND a.late AND a.outcome = 'ACCEPTED') AS "lateAccepted"
FROM claimed c JOIN dossier d ON d.id = c.dossier_id`

/**
 * Takes the system's most urgent eligible transfers, at most `limit`, each with a token of its own, and commits their attempt rows, in
 * one statement, before any byte leaves. `leaseMs` is longer than the total deadline of any call to that system: all of them are
 * called at once.
 */
export const claimSome = (sql: Sql, systemId: SystemId, leaseMs: number, worker: string, limit: number): Promise<ClaimedTransfer[]> =>
  sql.query<ClaimedTransfer>(CLAIM, [systemId, leaseMs, worker, limit], { planName: 'claim' })

/** The most urgent one; undefined when nothing is eligible. */
export const claimNext = async (sql: Sql, systemId: SystemId, leaseMs: number, worker: string): Promise<ClaimedTransfer | undefined> =>
  (await claimSome(sql, systemId, leaseMs, worker, 1))[0]

/** What an attempt ended in, for the transfer's row. */
export interface Settlement {
  readonly to: Exclude<TransferState, 'PLANNED' | 'QUEUED' | 'SENDING' | 'ABANDONED' | 'SUPERSEDED'>
  /** Wait before the next attempt; only for WAITING_RETRY and INDETERMINATE. */
  readonly waitMs?: number
  readonly heldReason?: HeldReason
  readonly lastError?: string
  readonly errorField?: string
  readonly externalRef?: string
  readonly retryCount: number
  readonly absentCount: number
}

export interface AttemptClose {
  readonly outcome: string
  readonly detail?: string
  readonly httpStatus?: number
  readonly elapsedMs?: number
  readonly requestXml?: string
  readonly responseText?: string
}

/** Arrays of one length, a row each. The attempt is found by its unique key. */
const SETTLE = `
WITH given AS MATERIALIZED (
  SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::text[], $4::bigint[], $5::text[], $6::text[], $7::text[], $8::text[], $9::int[],
    $10::int[], $11::text[], $12::text[], $13::int[], $14::int[], $15::text[], $16::text[], $17::text[], $18::int[])
    AS g(id, token, next_state, wait_ms, held_reason, last_error, error_field, external_ref, retry_count,
      absent_count, outcome, detail, http_status, elapsed_ms, request_xml, response_text, states_before, attempt_number)
), moved AS (
  UPDATE transfer t SET
    state = g.next_state, next_attempt_at = app_now() + g.wait_ms * interval '1 millisecond',
    dispatch_no = t.dispatch_no + CASE WHEN g.wait_ms IS NULL THEN 0 ELSE 1 END,
    held_reason = g.held_reason, last_error = g.last_error, error_field = g.error_field,
    external_ref = coalesce(g.external_ref, t.external_ref), retry_count = g.retry_count, absent_count = g.absent_count,
    lease_until = NULL, updated_at = app_now(), settled_at = CASE WHEN g.wait_ms IS NULL THEN app_now() END
  FROM given g
  WHERE t.id = g.id AND t.lease_token = g.token AND t.state = ANY(string_to_array(g.states_before, ' '))
  RETURNING t.id, t.lease_token
), closed AS (
  UPDATE attempt a SET ended_at = app_now(), outcome = g.outcome, detail = g.detail, http_status = g.http_status,
    elapsed_ms = g.elapsed_ms, request_xml = g.request_xml, response_text = g.response_text,
    late = NOT EXISTS (SELECT 1 FROM moved WHERE moved.lease_token = g.token)
  FROM given g WHERE a.transfer_id = g.id AND a.number = g.attempt_number AND a.lease_token = g.token
)
SELECT lease_token::text AS "leaseToken" FROM moved`

const settleGuards = new Map<TransferState, string>()
const guardOf = (to: TransferState): string => {
  const guard = settleGuards.get(to) ?? statesBefore(to, 'MACHINE').join(' ')
  settleGuards.set(to, guard)
  return guard
}

/** A claim, what becomes of its transfer, and how its attempt ended. */
export type Settling = readonly [claim: ClaimedTransfer, move: Settlement, attempt: AttemptClose]

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
]

/**
 * Writes the moves and closes the attempts, in one statement. False for each whose lease token is no longer ours: then the state stays
 * as it is and the answer is kept on the attempt as late evidence.
 */
export const settleClaims = async (sql: Sql, settlings: readonly Settling[]): Promise<boolean[]> => {
  const rows = settlings.map(settlingValues)
  const columns = (rows[0] ?? []).map((_, column) => rows.map((row) => row[column]))
  const moved = await sql.query<{ leaseToken: string }>(SETTLE, columns, { planName: 'settle' })
  const tokens = new Set(moved.map(({ leaseToken }) => leaseToken))
  return settlings.map(([claim]) => tokens.has(claim.leaseToken))
}

export const settleClaim = async (sql: Sql, ...settling: Settling): Promise<boolean> => (await settleClaims(sql, [settling]))[0] === true

/**
 * Leases that ran out: the worker died or stalled, so whether the other side has it is unknown. They become INDETERMINATE and are
 * inquired; nobody sends before that. Returns their ids.
 */
export const reclaimLostLeases = async (sql: Sql): Promise<string[]> => {
  const rows = await sql.query<{ id: string }>(
    `WITH lost AS (
       UPDATE transfer SET state = 'INDETERMINATE', next_attempt_at = app_now(), dispatch_no = dispatch_no + 1,
         lease_token = nextval('transfer_lease'), lease_until = NULL, updated_at = app_now(),
         last_error = 'Tiến trình gửi dừng giữa chừng; đang hỏi lại hệ thống nhận.'
       WHERE state = 'SENDING' AND lease_until < (SELECT app_now())
       RETURNING id
     ), closed AS (
       UPDATE attempt SET outcome = 'LOST', detail = 'Không có trả lời trong thời hạn giữ quyền gửi.'
       WHERE ended_at IS NULL AND transfer_id IN (SELECT id FROM lost)
     )
     SELECT id FROM lost`,
  )
  return rows.map((row) => row.id)
}

/**
 * The relay's mark that a wake-up is about to be published. A transfer that is being claimed at this moment needs none: waiting for its
 * row would hold up its settlement and the whole batch.
 */
export const markQueued = async (sql: Sql, transferIds: readonly string[]): Promise<void> => {
  await sql.query(
    `UPDATE transfer SET state = 'QUEUED' WHERE id IN (
       SELECT id FROM transfer WHERE id = ANY($1::uuid[]) AND state = 'PLANNED' ORDER BY id FOR UPDATE SKIP LOCKED) RETURNING id`,
    [transferIds],
  )
}

/** The most urgent of those that a worker could claim now, with the number of their latest wake-up. */
export const listEligible = (sql: Sql, systemId: SystemId, limit: number): Promise<{ transferId: string; dispatchNo: number }[]> =>
  sql.query(
    `SELECT t.id::text AS "transferId", t.dispatch_no AS "dispatchNo" FROM transfer t
     WHERE t.system_id = $1 AND t.state IN ('PLANNED', 'QUEUED', 'WAITING_RETRY', 'INDETERMINATE')
       AND t.next_attempt_at <= (SELECT app_now()) AND ${UNBLOCKED}
     ORDER BY t.due_at, t.sequence, t.id LIMIT $2::int`,
    [systemId, limit],
  )
