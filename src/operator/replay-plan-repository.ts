import { type Caller, nameOf, type Role } from '../access/caller.js'
import { PLAN_MOVES, type PlanAct, type ReplayPlanKind, type ReplayPlanState } from '../model/replay-plan.js'
import type { Sql, Tx } from '../platform/database.js'
import { afterCursor, type KeysetOrder, orderBy, type Page, type PageRequest, pageOf } from '../platform/keyset.js'

/** Kế hoạch gửi lại in the table `replay_plan`; its rows stand in `replay-row-repository.ts`. */
export interface PlanRow {
  readonly id: string
  readonly name: string
  readonly reason: string
  readonly kind: ReplayPlanKind
  readonly state: ReplayPlanState
  readonly version: number
  /** As it was asked; may name a person. */
  readonly filter: Readonly<Record<string, unknown>>
  readonly rowCount: number
  readonly needsApproval: boolean
  readonly perSecond: number | null
  readonly windowFrom: string | null
  readonly windowTo: string | null
  readonly stopAtFailureShare: number | null
  readonly stopAfterSettled: number
  readonly stoppedBecause: string | null
  readonly createdBy: string
  readonly createdByName: string
  readonly createdAt: Date
  readonly approvedByName: string | null
  readonly approvedAt: Date | null
  readonly startedAt: Date | null
  readonly finishedAt: Date | null
  readonly lastAct: string
  readonly lastActBy: string
  readonly lastActAt: Date
  readonly countedDelivered: number
  readonly countedFailed: number
  readonly pacedAt: Date | null
  /** When the dry run was done. */
  readonly forecastAt: Date | null
  /** In whose name rows are acted upon. */
  readonly runBy: string | null
  readonly runByName: string | null
  readonly runByRole: Role | null
  /** `app_now()`. */
  readonly now: Date
}

export const PLAN_COLUMNS = `p.id::text, p.name, p.reason, p.act AS kind, p.state, p.version, p.filter, p.row_count AS "rowCount",
  p.needs_approval AS "needsApproval", p.per_second AS "perSecond", p.window_from AS "windowFrom", p.window_to AS "windowTo",
  p.stop_at_failure_share AS "stopAtFailureShare", p.stop_after_settled AS "stopAfterSettled", p.stopped_because AS "stoppedBecause",
  p.created_by AS "createdBy", p.created_by_name AS "createdByName", p.created_at AS "createdAt", p.approved_by_name AS "approvedByName",
  p.approved_at AS "approvedAt", p.started_at AS "startedAt", p.finished_at AS "finishedAt", p.last_act AS "lastAct",
  p.last_act_by AS "lastActBy", p.last_act_at AS "lastActAt", p.counted_delivered AS "countedDelivered",
  p.counted_failed AS "countedFailed", p.paced_at AS "pacedAt", p.forecast_at AS "forecastAt", p.run_by AS "runBy", p.run_by_name AS "runByName",
  p.run_by_role AS "runByRole", app_now() AS now`

/** Newest first. */
export const PLAN_ORDER: KeysetOrder = { name: 'rp', column: 'p.created_at', idColumn: 'p.id', direction: 'DESC', idDirection: 'ASC' }

export const searchPlans = async (
  sql: Sql,
  states: readonly ReplayPlanState[] | undefined,
  { first, after }: PageRequest,
): Promise<Page<PlanRow>> => {
  const values: unknown[] = [states === undefined ? null : [...states]]
  const beyond = afterCursor(PLAN_ORDER, after, (value) => `$${values.push(value)}`)
  const rows = await sql.query<PlanRow>(
    `SELECT ${PLAN_COLUMNS} FROM replay_plan p WHERE ($1::text[] IS NULL OR p.state = ANY($1::text[])) AND ${beyond}
     ORDER BY ${orderBy(PLAN_ORDER)} LIMIT ${first + 1}`,
    values,
  )
  return pageOf(rows, first)
}

export const countPlans = async (sql: Sql, states: readonly ReplayPlanState[] | undefined, most: number): Promise<number> => {
  const rows = await sql.query<{ found: number }>(
    `SELECT count(*)::int AS found FROM (
       SELECT 1 FROM replay_plan p WHERE $1::text[] IS NULL OR p.state = ANY($1::text[]) LIMIT ${most + 1}) AS capped`,
    [states === undefined ? null : [...states]],
  )
  return rows[0]?.found ?? 0
}

export const findPlan = async (sql: Sql, id: string): Promise<PlanRow | undefined> =>
  (await sql.query<PlanRow>(`SELECT ${PLAN_COLUMNS} FROM replay_plan p WHERE p.id = $1::uuid`, [id]))[0]

/** The plan that a caller made under this key. */
export const planOfRequest = async (sql: Sql, createdBy: string, requestKey: string): Promise<string | undefined> =>
  (
    await sql.query<{ id: string }>(`SELECT id::text FROM replay_plan WHERE created_by = $1 AND request_key = $2`, [createdBy, requestKey])
  )[0]?.id

/** A plan under its row lock: while it is held no row of it is acted upon. */
export const lockPlan = async (tx: Tx, id: string): Promise<PlanRow | undefined> =>
  (await tx.query<PlanRow>(`SELECT ${PLAN_COLUMNS} FROM replay_plan p WHERE p.id = $1::uuid FOR UPDATE`, [id]))[0]

export interface NewPlan {
  readonly name: string
  readonly reason: string
  readonly kind: ReplayPlanKind
  readonly filter: Readonly<Record<string, unknown>>
  readonly perSecond: number | null
  readonly windowFrom: string | null
  readonly windowTo: string | null
  readonly stopAtFailureShare: number | null
  readonly stopAfterSettled: number
}

export const insertPlan = async (tx: Tx, plan: NewPlan, actor: Caller, requestKey: string | undefined): Promise<string> => {
  const { id } = await tx.orm.replayPlan.create({
    data: {
      name: plan.name,
      reason: plan.reason,
      act: plan.kind,
      filter: plan.filter as object,
      rowCount: 0,
      needsApproval: false,
      perSecond: plan.perSecond,
      windowFrom: plan.windowFrom,
      windowTo: plan.windowTo,
      stopAtFailureShare: plan.stopAtFailureShare,
      stopAfterSettled: plan.stopAfterSettled,
      requestKey: requestKey ?? null,
      createdBy: actor.subject,
      createdByName: nameOf(actor),
      lastAct: 'CREATE',
      lastActBy: nameOf(actor),
    },
    select: { id: true },
  })
  return id
}

export const writeSize = async (tx: Tx, id: string, rowCount: number, needsApproval: boolean): Promise<void> => {
  await tx.query(`UPDATE replay_plan SET row_count = $2::int, needs_approval = $3::boolean WHERE id = $1::uuid RETURNING 1 AS done`, [
    id,
    rowCount,
    needsApproval,
  ])
}

/** A person's move. The caller holds the plan's lock, has checked it and writes the audit. Whoever works on the plan loses it. */
export const movePlan = async (tx: Tx, id: string, act: PlanAct, actor: Caller): Promise<void> => {
  await tx.query(
    `UPDATE replay_plan SET state = $2, version = version + 1, last_act = $3, last_act_by = $4, last_act_at = app_now(),
       lease_token = lease_token + 1, lease_until = NULL,
       approved_by = CASE $3 WHEN 'APPROVE' THEN $5 WHEN 'DRY_RUN' THEN NULL ELSE approved_by END,
       approved_by_name = CASE $3 WHEN 'APPROVE' THEN $4 WHEN 'DRY_RUN' THEN NULL ELSE approved_by_name END,
       approved_at = CASE $3 WHEN 'APPROVE' THEN app_now() WHEN 'DRY_RUN' THEN NULL ELSE approved_at END,
       run_by = CASE WHEN $3 IN ('START', 'RESUME') THEN $5 ELSE run_by END,
       run_by_name = CASE WHEN $3 IN ('START', 'RESUME') THEN $6 ELSE run_by_name END,
       run_by_role = CASE WHEN $3 IN ('START', 'RESUME') THEN $7 ELSE run_by_role END,
       started_at = CASE WHEN $3 = 'START' THEN app_now() ELSE started_at END,
       finished_at = CASE WHEN $3 = 'CANCEL' THEN app_now() ELSE finished_at END,
       stopped_because = CASE WHEN $3 = 'RESUME' THEN NULL ELSE stopped_because END,
       counted_delivered = CASE WHEN $3 IN ('START', 'RESUME') THEN 0 ELSE counted_delivered END,
       counted_failed = CASE WHEN $3 IN ('START', 'RESUME') THEN 0 ELSE counted_failed END,
       paced_at = CASE WHEN $3 IN ('START', 'RESUME') THEN app_now() ELSE paced_at END
     WHERE id = $1::uuid RETURNING 1 AS done`,
    [id, PLAN_MOVES[act].to, act, nameOf(actor), actor.subject, actor.displayName, actor.role],
  )
}
