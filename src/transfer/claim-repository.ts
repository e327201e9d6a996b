import type { Failure } from '../model/failure-cause.js'
import type { RouteMode } from '../model/routing.js'
import type { Operation, SystemId } from '../model/system.js'
import type { TransferBody } from '../model/transfer-body.js'
import type { HeldReason, TransferState } from '../model/transfer-state.js'
import type { Sql } from '../platform/database.js'
import { causeIdOf, insertCausesOf, LEASE_LOST } from './cause-repository.js'
import type { LateAnswer } from './late-answer-repository.js'
import { inMaintenance } from './maintenance-repository.js'

/**
 * What may be claimed of the transfer table, and what becomes of a claim whose worker is gone. Claiming and settling themselves are one
 * statement: `turn-repository.ts`.
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
  /** What a stalled worker of an earlier lease has heard. */
  readonly lateOutcome: LateAnswer['outcome'] | null
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
export const LEAST_BUDGET = `greatest(t.budget_until, (SELECT app_now()) + interval '4 days')`

/** `t` may be claimed as far as its own state goes. `(SELECT app_now())` is evaluated once; the bare function would be for each of thousands of rows. */
export const WAITING = `t.state IN ('PLANNED', 'QUEUED', 'WAITING_RETRY', 'INDETERMINATE') AND t.next_attempt_at <= (SELECT app_now())`

/** What is done with `t` when it is claimed: one whose outcome is unknown, or that only adopts, is inquired. */
export const KIND = `CASE WHEN t.state = 'INDETERMINATE' OR t.mode = 'ADOPT' THEN 'INQUIRE' ELSE 'SEND' END`

/** The nearest legal due date first, and nobody passed over for too long (`urgent_at`). */
export const MOST_URGENT = 't.urgent_at, t.sequence, t.id'

/** A breaker `b` that lets a call pass: closed, or open for long enough and without a probe under way. */
export const PASSABLE_BREAKER = `(b.open_until IS NULL
  OR b.open_until <= (SELECT app_now()) AND (b.probe_until IS NULL OR b.probe_until <= (SELECT app_now())))`

/** What an attempt ended in, for the transfer's row. */
export interface Settlement {
  readonly to: Exclude<TransferState, 'PLANNED' | 'QUEUED' | 'SENDING' | 'ABANDONED' | 'SUPERSEDED'>
  /** Wait before the next attempt; only for WAITING_RETRY and INDETERMINATE. */
  readonly waitMs?: number
  readonly heldReason?: HeldReason
  readonly lastError?: string
  readonly errorField?: string
  /** What it failed by; absent when nothing failed: the cause of an earlier failure then stays until it is delivered. */
  readonly failure?: Failure
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

/**
 * Leases that ran out: the worker died or stalled, so whether the other side has it is unknown. They become INDETERMINATE and are
 * inquired; nobody sends before that. One whose row somebody holds keeps none of the others, and comes with the next look. Returns their ids.
 */
export const reclaimLostLeases = async (sql: Sql): Promise<string[]> => {
  const rows = await sql.query<{ id: string }>(
    `WITH lost AS (
       UPDATE transfer t SET state = 'INDETERMINATE', next_attempt_at = app_now(), dispatch_no = dispatch_no + 1,
         lease_token = nextval('transfer_lease'), lease_until = NULL, updated_at = app_now(), cause_id = ${causeIdOf(LEASE_LOST)},
         last_error = 'Tiến trình gửi dừng giữa chừng; đang hỏi lại hệ thống nhận.'
       WHERE t.id IN (SELECT id FROM transfer WHERE state = 'SENDING' AND lease_until < (SELECT app_now()) ORDER BY id FOR UPDATE SKIP LOCKED)
       RETURNING t.id, t.system_id, t.operation, t.cause_id
     ), caused AS (
       ${insertCausesOf(LEASE_LOST, 'SELECT system_id, operation FROM lost')}
     ), closed AS (
       UPDATE attempt a SET outcome = 'LOST', detail = 'Không có trả lời trong thời hạn giữ quyền gửi.', cause_id = lost.cause_id
       FROM lost WHERE a.ended_at IS NULL AND a.transfer_id = lost.id
     )
     SELECT id FROM lost`,
    [],
    { planName: 'lost-leases' },
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
    { planName: 'mark-queued' },
  )
}

/** The most urgent of those that a worker could claim now, with the number of their latest wake-up; none while the gate is shut. */
export const listEligible = (sql: Sql, systemId: SystemId, limit: number): Promise<{ transferId: string; dispatchNo: number }[]> =>
  sql.query(
    `SELECT t.id::text AS "transferId", t.dispatch_no AS "dispatchNo" FROM transfer t
     WHERE t.system_id = $1 AND ${WAITING} AND ${UNBLOCKED}
       AND NOT EXISTS (SELECT 1 FROM system_gate g WHERE g.system_id = $1 AND g.paused_at IS NOT NULL)
       AND NOT ${inMaintenance('$1')}
       AND ${KIND} IN (SELECT b.class FROM system_breaker b WHERE b.system_id = $1 AND ${PASSABLE_BREAKER})
     ORDER BY ${MOST_URGENT} LIMIT $2::int`,
    [systemId, limit],
  )
