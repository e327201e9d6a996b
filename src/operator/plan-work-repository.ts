import type { ReplayForecast } from '../model/replay-plan.js'
import type { Operation, SystemId } from '../model/system.js'
import type { TransferBody } from '../model/transfer-body.js'
import type { TransferState } from '../model/transfer-state.js'
import type { Sql, Tx } from '../platform/database.js'
import { PASSABLE } from '../transfer/claim-repository.js'
import { PLAN_COLUMNS, type PlanRow } from './replay-plan-repository.js'
import { UNCHANGED } from './replay-row-repository.js'

/**
 * What a worker reads and writes while it works on a plan. One worker at a time has the plan, by a lease with a token: whoever lost it changes nothing of
 * the plan any more. A lease that ran out is anybody's.
 */
export interface PlanLease {
  readonly planId: string
  readonly token: string
}

/** Renewed while the work goes on: so long after its worker died it is another's. */
const LEASE = `interval '60 seconds'`

/** There is something to do: it runs, or a row that was queued before it was halted has no result yet. */
const IN_WORK = `(p.state IN ('DRY_RUNNING', 'RUNNING') OR p.state IN ('PAUSED', 'STOPPED', 'CANCELLED')
  AND EXISTS (SELECT 1 FROM replay_plan_row r WHERE r.plan_id = p.id AND r.result = 'QUEUED'))`

/** The oldest plan that nobody works on, apart from those that this worker has just looked at. */
export const claimPlan = async (sql: Sql, except: readonly string[]): Promise<PlanLease | undefined> =>
  (
    await sql.query<PlanLease>(
      `UPDATE replay_plan SET lease_token = lease_token + 1, lease_until = app_now() + ${LEASE} WHERE id = (
         SELECT p.id FROM replay_plan p
         WHERE ${IN_WORK} AND (p.lease_until IS NULL OR p.lease_until <= app_now()) AND p.id <> ALL($1::uuid[])
         ORDER BY p.created_at LIMIT 1 FOR UPDATE OF p SKIP LOCKED)
       RETURNING id::text AS "planId", lease_token::text AS token`,
      [[...except]],
    )
  )[0]

/** Goes on for another step; undefined: the lease was lost. */
export const renewLease = async (sql: Sql, { planId, token }: PlanLease): Promise<PlanRow | undefined> =>
  (
    await sql.query<PlanRow>(
      `UPDATE replay_plan p SET lease_until = app_now() + ${LEASE} WHERE p.id = $1::uuid AND p.lease_token = $2::bigint RETURNING ${PLAN_COLUMNS}`,
      [planId, token],
    )
  )[0]

export const releaseLease = async (sql: Sql, { planId, token }: PlanLease): Promise<void> => {
  await sql.query(`UPDATE replay_plan SET lease_until = NULL WHERE id = $1::uuid AND lease_token = $2::bigint RETURNING 1 AS done`, [
    planId,
    token,
  ])
}

/** Stands before `t` in the order of its dossier and system, and waits for a person. */
export const STANDS_BEFORE = `e.dossier_id = t.dossier_id AND e.system_id = t.system_id AND e.sequence < t.sequence`

export interface Standing {
  readonly transferId: string
  readonly operation: Operation
  readonly state: TransferState
  /** Null: it is no part of the plan, or was not looked at yet. */
  readonly forecast: ReplayForecast | null
}

/** A row that a dry run has not looked at yet. */
export interface UnseenRow {
  readonly position: number
  readonly transferId: string
  readonly dossierId: string
  readonly systemId: SystemId
  readonly dossierCode: string
  readonly operation: Operation
  readonly idempotencyKey: string
  readonly body: TransferBody
  readonly digest: string
  readonly correlationId: string
  readonly mode: 'LIVE' | 'ADOPT'
  readonly state: TransferState
  readonly unchanged: boolean
  /** Open ones that stand before it, in their order. */
  readonly before: readonly Standing[]
}

export const nextUnseen = (sql: Sql, planId: string, limit: number): Promise<UnseenRow[]> =>
  sql.query(
    `SELECT r.position, t.id::text AS "transferId", t.dossier_id::text AS "dossierId", t.system_id AS "systemId", d.code AS "dossierCode",
       t.operation, t.idempotency_key AS "idempotencyKey", t.body, t.digest, t.correlation_id AS "correlationId", t.mode, t.state,
       ${UNCHANGED} AS unchanged,
       coalesce((SELECT json_agg(json_build_object('transferId', e.id, 'operation', e.operation, 'state', e.state, 'forecast', er.forecast)
           ORDER BY e.sequence)
         FROM transfer e LEFT JOIN replay_plan_row er ON er.plan_id = r.plan_id AND er.transfer_id = e.id
         WHERE ${STANDS_BEFORE} AND e.state NOT IN ${PASSABLE}), '[]'::json) AS before
     FROM (SELECT * FROM replay_plan_row WHERE plan_id = $1::uuid AND forecast IS NULL ORDER BY position LIMIT $2::int) r
       JOIN transfer t ON t.id = r.transfer_id JOIN dossier d ON d.id = t.dossier_id
     ORDER BY r.position`,
    [planId, limit],
  )

export interface Foreseen {
  readonly position: number
  readonly forecast: ReplayForecast
  readonly reason: string | null
  /** Of the content that would go in its place; null: its own. */
  readonly digest: string | null
}

/** Nothing, when the lease was lost or the dry run is over. */
export const writeForecasts = async (sql: Sql, { planId, token }: PlanLease, foreseen: readonly Foreseen[]): Promise<void> => {
  if (foreseen.length === 0) return
  await sql.query(
    `UPDATE replay_plan_row r SET forecast = f.forecast, forecast_reason = f.reason, forecast_digest = f.digest
     FROM unnest($3::int[], $4::text[], $5::text[], $6::text[]) AS f(position, forecast, reason, digest)
     WHERE r.plan_id = $1::uuid AND r.position = f.position
       AND EXISTS (SELECT 1 FROM replay_plan p WHERE p.id = $1::uuid AND p.lease_token = $2::bigint AND p.state = 'DRY_RUNNING')
     RETURNING r.position`,
    [
      planId,
      token,
      foreseen.map(({ position }) => position),
      foreseen.map(({ forecast }) => forecast),
      foreseen.map(({ reason }) => reason),
      foreseen.map(({ digest }) => digest),
    ],
  )
}

/** The throttle's mark, up to which it has been used. */
export const writePace = async (sql: Sql, { planId, token }: PlanLease, mark: Date): Promise<void> => {
  await sql.query(
    `UPDATE replay_plan SET paced_at = $3::timestamptz WHERE id = $1::uuid AND lease_token = $2::bigint RETURNING 1 AS done`,
    [planId, token, mark],
  )
}

const MACHINE = 'Hệ thống'

/** The machine's own move, audited as the machine's. False: the lease was lost, or a person came first. */
export const moveByMachine = async (
  tx: Tx,
  { planId, token }: PlanLease,
  move: {
    readonly from: PlanRow['state']
    readonly to: PlanRow['state']
    readonly act: 'DRY_RUN_DONE' | 'STOP' | 'DONE'
    readonly because?: string
    readonly evidence: Readonly<Record<string, number>>
  },
): Promise<boolean> => {
  const { from, to, act, because, evidence } = move
  const moved = await tx.query<{ version: number }>(
    `UPDATE replay_plan SET state = $4, version = version + 1, last_act = $5, last_act_by = $6, last_act_at = app_now(), stopped_because = $7,
       finished_at = CASE WHEN $4 = 'DONE' THEN app_now() END, lease_until = NULL,
       forecast_at = CASE WHEN $5 = 'DRY_RUN_DONE' THEN app_now() ELSE forecast_at END
     WHERE id = $1::uuid AND lease_token = $2::bigint AND state = $3 RETURNING version`,
    [planId, token, from, to, act, MACHINE, because ?? null],
  )
  const [{ version }] = moved.length > 0 ? (moved as [{ version: number }]) : [{ version: 0 }]
  if (version === 0) return false
  await tx.orm.auditEntry.create({
    data: {
      actor: MACHINE,
      role: 'MACHINE',
      act: `${act}_REPLAY_PLAN`,
      planId,
      reason: because ?? 'Đến bước kế tiếp của kế hoạch.',
      before: { state: from, version: version - 1 },
      after: { state: to, version, ...evidence },
    },
  })
  return true
}
