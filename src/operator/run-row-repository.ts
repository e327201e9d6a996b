import type { ReplayForecast, ReplayResult } from '../model/replay-plan.js'
import type { Operation } from '../model/system.js'
import { ATTENTION_STATES, TERMINAL_STATES } from '../model/transfer-state.js'
import type { Sql, Tx } from '../platform/database.js'
import { type PlanLease, STANDS_BEFORE } from './plan-work-repository.js'
import type { PlanRow } from './replay-plan-repository.js'
import { namesOf, UNCHANGED } from './replay-row-repository.js'

/** Các lượt đang chạy của kế hoạch: whose turn has come, under their locks one by one or many at once, and what they have come to. */

/** A row whose turn has come: nothing of its dossier and system that stands before it in the plan is without a result. */
export interface DueRow {
  readonly position: number
  readonly transferId: string
  readonly dossierId: string
  readonly dossierCode: string
  readonly operation: Operation
  readonly forecast: ReplayForecast
  /** Of the content that the dry run has found to go in its place; null: its own, or foreseen before such digests were kept. */
  readonly forecastDigest: string | null
}

/**
 * SQL: one row when the one before `w` in its plan is of the same dossier and system and has no result. As a value it is asked row by row, in the order of
 * the positions, however new the list is and however little is known of it.
 */
const OPEN_BEFORE = `SELECT true FROM replay_plan_row b JOIN transfer e ON e.id = b.transfer_id JOIN transfer own ON own.id = w.transfer_id
  WHERE b.plan_id = w.plan_id AND b.position = w.position - 1 AND b.result IN ('WAITING', 'QUEUED')
    AND e.dossier_id = own.dossier_id AND e.system_id = own.system_id LIMIT 1`

export const nextDue = (sql: Sql, planId: string, limit: number): Promise<DueRow[]> =>
  sql.query(
    `SELECT r.position, t.id::text AS "transferId", t.dossier_id::text AS "dossierId", d.code AS "dossierCode", t.operation, r.forecast,
       r.forecast_digest AS "forecastDigest"
     FROM (
       SELECT w.* FROM replay_plan_row w
       WHERE w.plan_id = $1::uuid AND w.result = 'WAITING' AND (${OPEN_BEFORE}) IS NULL
       ORDER BY w.position LIMIT $2::int) r
     JOIN transfer t ON t.id = r.transfer_id JOIN dossier d ON d.id = t.dossier_id ORDER BY r.position`,
    [planId, limit],
  )

export interface LockedRow {
  readonly planState: PlanRow['state']
  readonly token: string
  readonly result: ReplayResult
  readonly unchanged: boolean
  /** Operation of one that stands before it and waits for a person. */
  readonly blockedBy: Operation | null
}

/** SQL: operation of one that stands before it and waits for a person. */
const BLOCKED_BY = `(SELECT e.operation FROM transfer e WHERE ${STANDS_BEFORE} AND e.state IN (${namesOf(ATTENTION_STATES)}) ORDER BY e.sequence LIMIT 1)`

/** The plan (no act on it may come between), the row and its transfer, under their locks. Needs the dossier's lock. */
export const lockRow = async (tx: Tx, planId: string, position: number): Promise<LockedRow | undefined> =>
  (
    await tx.query<LockedRow>(
      `SELECT p.state AS "planState", p.lease_token::text AS token, r.result, ${UNCHANGED} AS unchanged, ${BLOCKED_BY} AS "blockedBy"
       FROM replay_plan p JOIN replay_plan_row r ON r.plan_id = p.id JOIN transfer t ON t.id = r.transfer_id
       WHERE p.id = $1::uuid AND r.position = $2::int FOR SHARE OF p FOR UPDATE OF r, t`,
      [planId, position],
    )
  )[0]

/** Whether the plan runs and is ours; until the transaction ends nobody acts on it. */
export const lockRunning = async (tx: Tx, { planId, token }: PlanLease): Promise<boolean> =>
  (
    await tx.query(`SELECT 1 AS ours FROM replay_plan WHERE id = $1::uuid AND state = 'RUNNING' AND lease_token = $2::bigint FOR SHARE`, [
      planId,
      token,
    ])
  ).length > 0

export interface WaitingRow extends Pick<LockedRow, 'unchanged' | 'blockedBy'> {
  readonly position: number
}

/** Many rows that wait, and their transfers, under their locks; those that somebody else holds are left out. Needs the dossiers' locks. */
export const lockWaiting = (tx: Tx, planId: string, positions: readonly number[]): Promise<WaitingRow[]> =>
  tx.query<WaitingRow>(
    `SELECT r.position, ${UNCHANGED} AS unchanged, ${BLOCKED_BY} AS "blockedBy"
     FROM replay_plan_row r JOIN transfer t ON t.id = r.transfer_id
     WHERE r.plan_id = $1::uuid AND r.position = ANY($2::int[]) AND r.result = 'WAITING' ORDER BY r.position FOR UPDATE OF r, t SKIP LOCKED`,
    [planId, [...positions]],
  )

export interface RowResult {
  readonly position: number
  readonly result: Exclude<ReplayResult, 'WAITING'>
  readonly reason?: string
  readonly outcomeOf?: string
}

/** Of rows that wait; one that has a result keeps it. */
export const writeResults = async (tx: Tx, planId: string, results: readonly RowResult[]): Promise<void> => {
  await tx.query(
    `UPDATE replay_plan_row r SET result = w.result, result_reason = w.reason, outcome_of = w.outcome::uuid,
       queued_at = CASE WHEN w.result = 'QUEUED' THEN app_now() END, finished_at = CASE WHEN w.result <> 'QUEUED' THEN app_now() END
     FROM unnest($2::int[], $3::text[], $4::text[], $5::text[]) AS w(position, result, reason, outcome)
     WHERE r.plan_id = $1::uuid AND r.position = w.position AND r.result = 'WAITING' RETURNING 1 AS done`,
    [
      planId,
      results.map(({ position }) => position),
      results.map(({ result }) => result),
      results.map(({ reason }) => reason ?? null),
      results.map(({ outcomeOf }) => outcomeOf ?? null),
    ],
  )
}

/** Nothing happens to these by the machine: what was queued has its result. */
const ENDED = namesOf([...TERMINAL_STATES, 'HELD'])

export interface UnderWay {
  readonly delivered: number
  readonly failed: number
  readonly queued: number
  readonly waiting: number
}

/**
 * Reads back what became of the queued ones, keeps it, and counts it for the share of failures. `delivered` and `failed` are those of this reading;
 * one that was replaced meanwhile is neither.
 */
export const readBack = async (sql: Sql, { planId, token }: PlanLease): Promise<UnderWay> => {
  const [read] = await sql.query<{ delivered: number; failed: number }>(
    `WITH ended AS (
       UPDATE replay_plan_row r SET finished_at = app_now(),
         result = CASE t.state WHEN 'DELIVERED' THEN 'DELIVERED' WHEN 'SUPERSEDED' THEN 'SKIPPED' ELSE 'FAILED' END,
         result_reason = CASE t.state WHEN 'DELIVERED' THEN NULL WHEN 'SUPERSEDED' THEN 'Đã được thay bằng lượt mới hơn.'
           WHEN 'ABANDONED' THEN 'Đã được hủy khi kế hoạch đang chạy.' ELSE t.last_error END
       FROM transfer t
       WHERE r.plan_id = $1::uuid AND r.result = 'QUEUED' AND t.id = r.outcome_of AND t.state IN (${ENDED})
         AND EXISTS (SELECT 1 FROM replay_plan p WHERE p.id = $1::uuid AND p.lease_token = $2::bigint)
       RETURNING r.result
     ), counted AS (
       SELECT (count(*) FILTER (WHERE result = 'DELIVERED'))::int AS delivered, (count(*) FILTER (WHERE result = 'FAILED'))::int AS failed FROM ended
     ), kept AS (
       UPDATE replay_plan p SET counted_delivered = p.counted_delivered + c.delivered, counted_failed = p.counted_failed + c.failed
       FROM counted c WHERE p.id = $1::uuid AND p.lease_token = $2::bigint AND c.delivered + c.failed > 0
     )
     SELECT delivered, failed FROM counted`,
    [planId, token],
  )
  const [left] = await sql.query<{ queued: number; waiting: number }>(
    `SELECT (SELECT count(*) FROM replay_plan_row WHERE plan_id = $1::uuid AND result = 'QUEUED')::int AS queued,
       (SELECT count(*) FROM (SELECT 1 FROM replay_plan_row WHERE plan_id = $1::uuid AND result = 'WAITING' LIMIT 1) AS one)::int AS waiting`,
    [planId],
  )
  return { delivered: read?.delivered ?? 0, failed: read?.failed ?? 0, queued: left?.queued ?? 0, waiting: left?.waiting ?? 0 }
}

/** In the order of its dossier and system these wait their turn; what is uncertain is asked about whoever stands before it. */
const WAITS = `t.state IN ('PLANNED', 'QUEUED', 'WAITING_RETRY')`

/**
 * Bị chặn: a row that was queued and now stands behind one that waits for a person has no end that could be waited for. It keeps that as its result; the
 * transfer goes by itself when the one before it was mended. Returns how many.
 */
export const endBlocked = async (sql: Sql, { planId, token }: PlanLease): Promise<number> =>
  (
    await sql.query(
      `UPDATE replay_plan_row r SET finished_at = app_now(), result = 'BLOCKED',
         result_reason = 'Lượt đứng trước (' || b.operation || ') chưa qua và đang chờ người xử lý; lượt này tự đi khi lượt đó được xử lý.'
       FROM transfer t CROSS JOIN LATERAL (SELECT ${BLOCKED_BY} AS operation) b
       WHERE r.plan_id = $1::uuid AND r.result = 'QUEUED' AND t.id = r.outcome_of AND ${WAITS} AND b.operation IS NOT NULL
         AND EXISTS (SELECT 1 FROM replay_plan p WHERE p.id = $1::uuid AND p.lease_token = $2::bigint)
       RETURNING 1 AS done`,
      [planId, token],
    )
  ).length
