import {
  NO_COUNTS,
  RECONCILIATION_MOVES,
  type ReconciliationAct,
  type ReconciliationScope,
  type ReconciliationState,
  type SystemProgress,
} from '../model/reconciliation-run.js'
import type { SystemId } from '../model/system.js'
import type { Sql, Tx } from '../platform/database.js'
import { orderedId } from '../platform/ordered-id.js'

/** Lượt đối soát in the table `reconciliation_run`. One worker at a time has a run, by a lease with a token: whoever lost it changes nothing of it any more. */
export interface RunRow {
  readonly id: string
  readonly scope: ReconciliationScope
  /** Local dates, both inclusive. */
  readonly from: string
  readonly to: string
  readonly systems: readonly SystemId[]
  readonly state: ReconciliationState
  readonly version: number
  readonly reason: string
  readonly startedBy: string
  readonly startedByName: string
  readonly progress: Readonly<Partial<Record<SystemId, SystemProgress>>>
  readonly unitsTotal: number
  readonly unitsDone: number
  readonly resumeAt: Date | null
  readonly waitsFor: string | null
  readonly endedBecause: string | null
  readonly createdAt: Date
  readonly begunAt: Date | null
  readonly finishedAt: Date | null
  readonly lastAct: string
  readonly lastActBy: string
  readonly lastActAt: Date
  /** `app_now()`. */
  readonly now: Date
}

export const RUN_COLUMNS = `r.id::text, r.scope, to_char(r.range_from, 'YYYY-MM-DD') AS "from", to_char(r.range_to, 'YYYY-MM-DD') AS "to", r.systems, r.state,
  r.version, r.reason, r.started_by AS "startedBy", r.started_by_name AS "startedByName", r.progress, r.units_total AS "unitsTotal",
  r.units_done AS "unitsDone", r.resume_at AS "resumeAt", r.waits_for AS "waitsFor", r.ended_because AS "endedBecause", r.created_at AS "createdAt",
  r.begun_at AS "begunAt", r.finished_at AS "finishedAt", r.last_act AS "lastAct", r.last_act_by AS "lastActBy", r.last_act_at AS "lastActAt",
  app_now() AS now`

/** In the audit and in `started_by` of what nobody ordered. */
export const MACHINE = 'reconciliation'

export interface NewRun {
  readonly scope: ReconciliationScope
  readonly from: string
  readonly to: string
  readonly systems: readonly SystemId[]
  /** What is to be compared, by which progress is told: days with each system; OPEN: dossiers with each. */
  readonly unitsTotal: number
  readonly reason: string
  readonly startedBy: string
  readonly startedByName: string
  readonly requestKey?: string
}

/** Undefined: one of this scope is active. */
export const insertRun = async (sql: Sql, run: NewRun): Promise<string | undefined> => {
  const progress = Object.fromEntries(
    run.systems.map((id): [SystemId, SystemProgress] => [
      id,
      { phase: 'SCAN', ...(run.scope !== 'OPEN' && { at: run.from }), counts: NO_COUNTS },
    ]),
  )
  const rows = await sql.query<{ id: string }>(
    `INSERT INTO reconciliation_run (id, scope, range_from, range_to, systems, active_key, reason, request_key, started_by, started_by_name, progress,
       units_total, last_act, last_act_by)
     VALUES ($1::uuid, $2, $3::date, $4::date, $5::text[], $2, $6, $7, $8, $9, $10::jsonb, $11::int, 'START', $9)
     ON CONFLICT (active_key) DO NOTHING RETURNING id::text`,
    [
      orderedId(),
      run.scope,
      run.from,
      run.to,
      [...run.systems],
      run.reason,
      run.requestKey ?? null,
      run.startedBy,
      run.startedByName,
      JSON.stringify(progress),
      run.unitsTotal,
    ],
  )
  return rows[0]?.id
}

const DAY_MS = 86_400_000

/** Days to compare with each system. */
export const unitsOf = ({ from, to }: Pick<NewRun, 'from' | 'to'>): number => Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS) + 1

export const runOfRequest = async (sql: Sql, startedBy: string, requestKey: string): Promise<string | undefined> =>
  (
    await sql.query<{ id: string }>(`SELECT id::text FROM reconciliation_run WHERE started_by = $1 AND request_key = $2`, [
      startedBy,
      requestKey,
    ])
  )[0]?.id

export const findRun = async (sql: Sql, id: string): Promise<RunRow | undefined> =>
  (await sql.query<RunRow>(`SELECT ${RUN_COLUMNS} FROM reconciliation_run r WHERE r.id = $1::uuid`, [id]))[0]

export const lockRun = async (tx: Tx, id: string): Promise<RunRow | undefined> =>
  (await tx.query<RunRow>(`SELECT ${RUN_COLUMNS} FROM reconciliation_run r WHERE r.id = $1::uuid FOR UPDATE`, [id]))[0]

/** Whether it runs; until the transaction ends nobody pauses or cancels it. */
export const holdRunning = async (tx: Tx, id: string): Promise<boolean> =>
  (await tx.query(`SELECT 1 AS runs FROM reconciliation_run WHERE id = $1::uuid AND state = 'RUNNING' FOR SHARE`, [id])).length > 0

/** A person's move. The caller holds the run's lock, has checked it and writes the audit. Whoever works on the run loses it. */
export const moveRun = async (tx: Tx, id: string, act: ReconciliationAct, by: string): Promise<void> => {
  await tx.query(
    `UPDATE reconciliation_run SET state = $2, version = version + 1, last_act = $3, last_act_by = $4, last_act_at = app_now(),
       lease_token = lease_token + 1, lease_until = NULL, resume_at = NULL, waits_for = NULL,
       active_key = CASE WHEN $2 = 'CANCELLED' THEN NULL ELSE active_key END,
       finished_at = CASE WHEN $2 = 'CANCELLED' THEN app_now() END
     WHERE id = $1::uuid RETURNING 1 AS done`,
    [id, RECONCILIATION_MOVES[act].to, act, by],
  )
}

export interface RunLease {
  readonly runId: string
  readonly token: string
}

/** Renewed for as long as it is worked on (`hold-lease.ts`): so long after its worker died a run is another's. */
const LEASE = `interval '60 seconds'`

/** The oldest one that nobody works on and that waits for nothing, apart from those that this worker has just looked at. */
export const claimRun = async (sql: Sql, except: readonly string[]): Promise<RunLease | undefined> =>
  (
    await sql.query<RunLease>(
      `UPDATE reconciliation_run SET lease_token = lease_token + 1, lease_until = app_now() + ${LEASE},
         version = version + CASE WHEN state = 'QUEUED' THEN 1 ELSE 0 END, state = 'RUNNING', begun_at = coalesce(begun_at, app_now())
       WHERE id = (
         SELECT r.id FROM reconciliation_run r
         WHERE r.state IN ('QUEUED', 'RUNNING') AND (r.lease_until IS NULL OR r.lease_until <= app_now())
           AND (r.resume_at IS NULL OR r.resume_at <= app_now()) AND r.id <> ALL($1::uuid[])
         ORDER BY r.created_at LIMIT 1 FOR UPDATE OF r SKIP LOCKED)
       RETURNING id::text AS "runId", lease_token::text AS token`,
      [[...except]],
    )
  )[0]

/** Undefined: the lease was lost. */
export const renewRun = async (sql: Sql, { runId, token }: RunLease): Promise<RunRow | undefined> =>
  (
    await sql.query<RunRow>(
      `UPDATE reconciliation_run r SET lease_until = app_now() + ${LEASE} WHERE r.id = $1::uuid AND r.lease_token = $2::bigint AND r.state = 'RUNNING'
       RETURNING ${RUN_COLUMNS}`,
      [runId, token],
    )
  )[0]

/** What a step has come to. Nothing, when the lease was lost meanwhile. */
export const saveProgress = async (
  sql: Sql,
  { runId, token }: RunLease,
  systemId: SystemId,
  progress: SystemProgress,
  unitsDone: number,
): Promise<void> => {
  await sql.query(
    `UPDATE reconciliation_run SET progress = progress || jsonb_build_object($3::text, $4::jsonb), units_done = units_done + $5::int,
       waits_for = NULL, resume_at = NULL WHERE id = $1::uuid AND lease_token = $2::bigint RETURNING 1 AS done`,
    [runId, token, systemId, JSON.stringify(progress), unitsDone],
  )
}

/** Leaves the run for another turn, at once or from `resumeAt` on; a renewal that is still on its way takes it back no more. */
export const releaseRun = async (
  sql: Sql,
  { runId, token }: RunLease,
  waits?: { readonly until: Date; readonly waitsFor: string },
): Promise<void> => {
  await sql.query(
    `UPDATE reconciliation_run SET lease_token = lease_token + 1, lease_until = NULL, resume_at = $3::timestamptz, waits_for = $4
     WHERE id = $1::uuid AND lease_token = $2::bigint
     RETURNING 1 AS done`,
    [runId, token, waits?.until ?? null, waits?.waitsFor ?? null],
  )
}

export const endRun = async (sql: Sql, { runId, token }: RunLease, state: 'DONE' | 'FAILED', because: string | null): Promise<boolean> =>
  (
    await sql.query(
      `UPDATE reconciliation_run SET state = $3, version = version + 1, active_key = NULL, lease_until = NULL, resume_at = NULL, waits_for = NULL,
         finished_at = app_now(), ended_because = $4, last_act = $3, last_act_by = $5, last_act_at = app_now(),
         units_done = CASE WHEN $3 = 'DONE' THEN units_total ELSE units_done END
       WHERE id = $1::uuid AND lease_token = $2::bigint AND state = 'RUNNING' RETURNING 1 AS done`,
      [runId, token, state, because, MACHINE],
    )
  ).length > 0
