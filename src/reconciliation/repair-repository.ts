import type { DiscrepancyClass, ProposedRepair } from '../model/discrepancy.js'
import type { SystemId } from '../model/system.js'
import type { Sql, Tx } from '../platform/database.js'
import { DISCREPANCY_COLUMNS, type DiscrepancyRow } from './discrepancy-repository.js'
import { MACHINE } from './run-repository.js'

/** OPEN ones of a system that this run has seen, and whose values are those that were confirmed, in the order of their ids. */
export const nextToRepair = (
  sql: Sql,
  of: {
    readonly systemId: SystemId
    readonly runId: string
    readonly afterId?: string
    readonly limit: number
    /** So long values must have stood. */
    readonly graceMs: number
  },
): Promise<DiscrepancyRow[]> =>
  sql.query<DiscrepancyRow>(
    `SELECT ${DISCREPANCY_COLUMNS} FROM discrepancy WHERE system_id = $1 AND seen_run_id = $2::uuid AND state = 'OPEN'
       AND (suspected_at <= found_at OR seen_at > suspected_at AND seen_at >= suspected_at + $5::float8 * interval '1 millisecond')
       AND ($3::uuid IS NULL OR id > $3::uuid) ORDER BY id LIMIT $4::int`,
    [of.systemId, of.runId, of.afterId ?? null, of.limit, of.graceMs],
  )

/** What stands still on both sides alike says nothing against either of them. What this run has raised counts whichever run has seen it since. */
export const countOpenOfRun = async (sql: Sql, systemId: SystemId, runId: string): Promise<number> =>
  (
    await sql.query<{ found: number }>(
      `SELECT count(*)::int AS found FROM discrepancy WHERE system_id = $1 AND (seen_run_id = $2::uuid OR suspected_run_id = $2::uuid) AND state = 'OPEN' AND class <> 'STALE'`,
      [systemId, runId],
    )
  )[0]?.found ?? 0

export const countRepairsOfRun = async (
  sql: Sql,
  systemId: SystemId,
  runId: string,
): Promise<{ of: DiscrepancyClass; repair: ProposedRepair; begun: number }[]> =>
  sql.query(
    `SELECT class AS of, repair, count(*)::int AS begun FROM discrepancy WHERE system_id = $1 AND repair_run_id = $2::uuid GROUP BY class, repair`,
    [systemId, runId],
  )

/** Begun by the policy since midnight in Viet Nam, by all runs: by the audit, for a discrepancy tells only of its last repair. Held until the transaction ends. */
export const countRepairsOfToday = async (
  tx: Tx,
  of: { readonly systemId: SystemId; readonly class: DiscrepancyClass; readonly direction: 'HERE' | 'THERE' },
): Promise<number> => {
  const act = `REPAIR_${of.direction}_DISCREPANCY`
  await tx.query(`SELECT 1 AS locked FROM pg_advisory_xact_lock(hashtextextended('repairs-of-day:' || $1, 0))`, [
    `${of.systemId} ${of.class} ${act}`,
  ])
  const [row] = await tx.query<{ begun: number }>(
    `SELECT count(*)::int AS begun FROM audit_entry
     WHERE actor = $1 AND act = $2 AND system_id = $3 AND before->>'class' = $4
       AND at >= date_trunc('day', (SELECT app_now()) AT TIME ZONE 'Asia/Ho_Chi_Minh') AT TIME ZONE 'Asia/Ho_Chi_Minh'`,
    [MACHINE, act, of.systemId, of.class],
  )
  return row?.begun ?? 0
}

export interface RepairBegun {
  readonly repair: ProposedRepair
  readonly by: string
  readonly act: string
  readonly runId?: string
  readonly transferIds?: readonly string[]
  /** HERE: what was stored in the inbox. */
  readonly messageId?: string
}

/** The caller holds its lock, has checked the move and audits. */
export const beginRepair = async (
  tx: Tx,
  id: string,
  { repair, by, act, runId, transferIds = [], messageId }: RepairBegun,
): Promise<void> => {
  await tx.query(
    `UPDATE discrepancy SET state = 'REPAIRING', version = version + 1, repair = $2,
       reread_fingerprint = CASE $2 WHEN 'REREAD' THEN fingerprint ELSE reread_fingerprint END, repair_count = repair_count + 1, repaired_at = app_now(),
       repaired_by = $3, repair_run_id = $4::uuid, repair_transfer_ids = $5::uuid[], repair_error = NULL, last_act = $6, last_act_by = $3,
       last_act_at = app_now(), message_id = coalesce($7::uuid, message_id) WHERE id = $1::uuid RETURNING 1 AS done`,
    [id, repair, by, runId ?? null, [...transferIds], act, messageId ?? null],
  )
}

export const ignoreDiscrepancy = async (tx: Tx, id: string, by: string, because: string): Promise<void> => {
  await tx.query(
    `UPDATE discrepancy SET state = 'IGNORED', version = version + 1, ignored_at = app_now(), ignored_by = $2, ignored_because = $3,
       last_act = 'IGNORE', last_act_by = $2, last_act_at = app_now() WHERE id = $1::uuid RETURNING 1 AS done`,
    [id, by, because],
  )
}
