import { Parameters, type Scope } from '../access/scope.js'
import { lowerFirst } from '../model/first-letter.js'
import {
  describeForecast,
  PACE_STEP_S,
  type RecentEnds,
  type ReplayForecast,
  type ReplayResult,
  RUNNABLE_FORECASTS,
} from '../model/replay-plan.js'
import type { TransferState } from '../model/transfer-state.js'
import type { Sql, Tx } from '../platform/database.js'
import { listedTransfers, type TransferFilter } from '../transfer/transfer-search-repository.js'

/** Dòng của kế hoạch in the table `replay_plan_row`, as people see them and as acts on a whole plan change them. */
export interface PlanRowRow {
  readonly position: number
  readonly transferId: string
  readonly digest: string
  readonly forecast: ReplayForecast | null
  readonly forecastReason: string | null
  readonly result: ReplayResult
  readonly resultReason: string | null
  readonly queuedAt: Date | null
  readonly finishedAt: Date | null
}

/** Names of a closed list in SQL. */
export const namesOf = (names: readonly string[]): string => names.map((name) => `'${name}'`).join(', ')

/** SQL: a transfer as it was frozen is as it is now. That the relay has marked it (PLANNED, QUEUED) is no move. */
export const UNCHANGED = `(t.digest = r.digest AND t.dispatch_no = r.dispatch_no AND t.lease_token = r.lease_token
  AND (t.state = r.state OR t.state IN ('PLANNED', 'QUEUED') AND r.state IN ('PLANNED', 'QUEUED')))`

/**
 * Chốt danh sách: all that the filter matches now, each as it is now, by due date, a dossier's transfers together and in their sequence. One statement,
 * so one instant. Returns how many; one more than `most` at most.
 */
export const freezeRows = async (tx: Tx, planId: string, scope: Scope, filter: TransferFilter, most: number): Promise<number> => {
  const parameters = new Parameters()
  const listed = await listedTransfers(tx, scope, filter, most + 1, parameters)
  const rows = await tx.query<{ frozen: number }>(
    `WITH frozen AS (
       INSERT INTO replay_plan_row (plan_id, position, transfer_id, state, digest, dispatch_no, lease_token)
       SELECT ${parameters.add(planId)}::uuid, row_number() OVER (ORDER BY first_due, dossier_id, system_id, sequence, id),
         id, state, digest, dispatch_no, lease_token
       FROM (
         SELECT t.id, t.dossier_id, t.system_id, t.sequence, t.state, t.digest, t.dispatch_no, t.lease_token,
           min(t.due_at) OVER (PARTITION BY t.dossier_id) AS first_due
         FROM (${listed}) page JOIN transfer t ON t.id = page.id
       ) AS matched
       RETURNING 1 AS one
     ) SELECT count(*)::int AS frozen FROM frozen`,
    parameters.values,
  )
  return rows[0]?.frozen ?? 0
}

/** How many a filter would freeze, by state; of more than `most`, of that many of them. */
export const countByState = async (
  sql: Sql,
  scope: Scope,
  filter: TransferFilter,
  most: number,
): Promise<{ state: TransferState; count: number }[]> => {
  const parameters = new Parameters()
  const listed = await listedTransfers(sql, scope, filter, most, parameters)
  return sql.query(
    `SELECT t.state, count(*)::int AS count FROM (${listed}) page JOIN transfer t ON t.id = page.id
     GROUP BY t.state ORDER BY count DESC, t.state`,
    parameters.values,
  )
}

/** For a new dry run. */
export const forgetForecasts = async (tx: Tx, planId: string): Promise<void> => {
  await tx.query(
    `WITH done AS (
       UPDATE replay_plan_row SET forecast = NULL, forecast_reason = NULL, forecast_digest = NULL WHERE plan_id = $1::uuid AND forecast IS NOT NULL RETURNING 1
     ) SELECT count(*)::int AS done FROM done`,
    [planId],
  )
}

const FORECAST_CASE = `CASE forecast ${(['STILL_REJECTED', 'BLOCKED', 'CHANGED', 'UNCERTAIN', 'NOT_ALLOWED'] as const)
  .map((forecast) => `WHEN '${forecast}' THEN '${lowerFirst(describeForecast(forecast))}'`)
  .join(' ')} END`

/** What the dry run has not found fit to be sent is left out from the start, with its reason. */
export const leaveOut = async (tx: Tx, planId: string): Promise<void> => {
  await tx.query(
    `WITH done AS (
       UPDATE replay_plan_row SET result = 'SKIPPED', finished_at = app_now(),
         result_reason = concat_ws(': ', 'Khi chạy thử, ' || ${FORECAST_CASE}, forecast_reason)
       WHERE plan_id = $1::uuid AND result = 'WAITING' AND forecast NOT IN (${namesOf(RUNNABLE_FORECASTS)}) RETURNING 1
     ) SELECT count(*)::int AS done FROM done`,
    [planId],
  )
}

/** Whether the dry run has found any row fit to be sent. */
export const hasRunnable = async (tx: Tx, planId: string): Promise<boolean> =>
  (
    await tx.query(
      `SELECT 1 AS runnable FROM replay_plan_row WHERE plan_id = $1::uuid AND result = 'WAITING' AND forecast IN (${namesOf(RUNNABLE_FORECASTS)}) LIMIT 1`,
      [planId],
    )
  ).length > 0

/** Rows that the dry run has found fit to be sent and that are not as they were frozen any more. */
export const countMoved = async (tx: Tx, planId: string): Promise<number> =>
  (
    await tx.query<{ moved: number }>(
      `SELECT count(*)::int AS moved FROM replay_plan_row r JOIN transfer t ON t.id = r.transfer_id
       WHERE r.plan_id = $1::uuid AND r.forecast IN (${namesOf(RUNNABLE_FORECASTS)}) AND NOT ${UNCHANGED}`,
      [planId],
    )
  )[0]?.moved ?? 0

export const skipWaiting = async (tx: Tx, planId: string, because: string): Promise<void> => {
  await tx.query(
    `WITH done AS (
       UPDATE replay_plan_row SET result = 'SKIPPED', result_reason = $2, finished_at = app_now()
       WHERE plan_id = $1::uuid AND result = 'WAITING' RETURNING 1
     ) SELECT count(*)::int AS done FROM done`,
    [planId, because],
  )
}

export interface PlanCounts {
  readonly forecasts: readonly { readonly forecast: ReplayForecast; readonly count: number }[]
  readonly results: readonly { readonly result: ReplayResult; readonly count: number }[]
  /** Rows without a forecast. */
  readonly unseen: number
  /** Rows that came to an end within the last five minutes, the latest first. */
  readonly lately: readonly RecentEnds[]
}

interface Counted {
  readonly forecast: ReplayForecast | null
  readonly result: ReplayResult
  readonly ago: number | null
  readonly count: number
}

export const countRows = async (sql: Sql, planId: string): Promise<PlanCounts> => {
  const rows = await sql.query<Counted>(
    `SELECT forecast, result, count(*)::int AS count,
       CASE WHEN finished_at > (SELECT app_now()) - interval '5 minutes'
         THEN floor(extract(epoch FROM (SELECT app_now()) - finished_at) / $2::int)::int END AS ago
     FROM replay_plan_row WHERE plan_id = $1::uuid GROUP BY forecast, result, ago`,
    [planId, PACE_STEP_S],
  )
  const sum = <Key>(keyOf: (row: Counted) => Key): Map<Key, number> => {
    const sums = new Map<Key, number>()
    for (const row of rows) sums.set(keyOf(row), (sums.get(keyOf(row)) ?? 0) + row.count)
    return sums
  }
  const byForecast = sum(({ forecast }) => forecast)
  return {
    forecasts: [...byForecast].flatMap(([forecast, count]) => (forecast === null ? [] : [{ forecast, count }])),
    results: [...sum(({ result }) => result)].map(([result, count]) => ({ result, count })),
    unseen: byForecast.get(null) ?? 0,
    lately: [...sum(({ ago }) => ago)]
      .flatMap(([ago, count]) => (ago === null ? [] : [{ ago: Math.max(ago, 0), count }]))
      .sort((one, other) => one.ago - other.ago),
  }
}

export interface RowsAsked {
  readonly first: number
  /** Position of the last row that the reader has seen. */
  readonly after: number
  readonly forecast?: ReplayForecast
  readonly result?: ReplayResult
}

/** In their order. */
export const readRows = (sql: Sql, planId: string, { first, after, forecast, result }: RowsAsked): Promise<PlanRowRow[]> =>
  sql.query(
    `SELECT position, transfer_id::text AS "transferId", digest, forecast, forecast_reason AS "forecastReason", result,
       result_reason AS "resultReason", queued_at AS "queuedAt", finished_at AS "finishedAt"
     FROM replay_plan_row WHERE plan_id = $1::uuid AND position > $2::int
       AND ($3::text IS NULL OR forecast = $3) AND ($4::text IS NULL OR result = $4)
     ORDER BY position LIMIT $5::int`,
    [planId, after, forecast ?? null, result ?? null, first],
  )
