import type { ReconciliationScope, ReconciliationState } from '../model/reconciliation-run.js'
import type { SystemId } from '../model/system.js'
import type { Sql } from '../platform/database.js'
import { afterCursor, type KeysetOrder, orderBy, type Page, type PageRequest, pageOf } from '../platform/keyset.js'
import { RUN_COLUMNS, type RunRow } from './run-repository.js'

/** Report: what a run has found and closed, by class. */
export interface RunFindings {
  readonly systemId: SystemId
  readonly class: string
  readonly suspected: number
  readonly found: number
  readonly seen: number
  readonly verified: number
  readonly gone: number
  readonly repairsBegun: number
}

export const findingsOfRuns = (sql: Sql, runIds: readonly string[]): Promise<(RunFindings & { readonly runId: string })[]> =>
  sql.query(
    `SELECT run.id::text AS "runId", of.* FROM unnest($1::uuid[]) AS run(id) LEFT JOIN reconciliation_run r ON r.id = run.id, LATERAL (
       SELECT "systemId", class, count(*) FILTER (WHERE suspected)::int AS suspected, count(*) FILTER (WHERE found)::int AS found,
         greatest(count(*) FILTER (WHERE seen OR found), max(kept))::int AS seen, count(*) FILTER (WHERE closed AND state = 'VERIFIED')::int AS verified,
         count(*) FILTER (WHERE closed AND state = 'GONE')::int AS gone, count(*) FILTER (WHERE repaired)::int AS "repairsBegun"
       FROM (
         SELECT system_id AS "systemId", class, state, suspected_run_id = run.id AS suspected, found_run_id = run.id AS found,
           seen_run_id = run.id AS seen, closed_run_id = run.id AS closed, repair_run_id = run.id AS repaired, 0 AS kept
         FROM discrepancy
         WHERE suspected_run_id = run.id OR found_run_id = run.id OR seen_run_id = run.id OR closed_run_id = run.id OR repair_run_id = run.id
         UNION ALL
         SELECT system.key, class.key, NULL, false, false, false, false, false, class.value::int
         FROM jsonb_each(r.progress) AS system, jsonb_each_text(system.value -> 'seen') AS class
       ) AS one GROUP BY "systemId", class
     ) AS of ORDER BY run.id, of."systemId", of.class`,
    [[...runIds]],
  )

/** How many of each class a run has seen at a system as it is done there: other runs look at them again, and each is then the last that saw them. */
export const seenOfRun = async (sql: Sql, runId: string, systemId: SystemId): Promise<Readonly<Record<string, number>>> => {
  const rows = await sql.query<{ of: string; seen: number }>(
    `SELECT class AS of, count(*)::int AS seen FROM discrepancy WHERE (seen_run_id = $1::uuid OR found_run_id = $1::uuid) AND system_id = $2 GROUP BY class`,
    [runId, systemId],
  )
  return Object.fromEntries(rows.map(({ of, seen }) => [of, seen]))
}

export const findingsOfRun = (sql: Sql, runId: string): Promise<RunFindings[]> => findingsOfRuns(sql, [runId])

/** Newest first. */
export const RUN_ORDER: KeysetOrder = { name: 'rr', column: 'r.created_at', idColumn: 'r.id', direction: 'DESC', idDirection: 'ASC' }

export const searchRuns = async (
  sql: Sql,
  { scopes, states }: { readonly scopes?: readonly ReconciliationScope[]; readonly states?: readonly ReconciliationState[] },
  { first, after }: PageRequest,
): Promise<Page<RunRow>> => {
  const values: unknown[] = [scopes === undefined ? null : [...scopes], states === undefined ? null : [...states]]
  const beyond = afterCursor(RUN_ORDER, after, (value) => `$${values.push(value)}`)
  const rows = await sql.query<RunRow>(
    `SELECT ${RUN_COLUMNS} FROM reconciliation_run r
     WHERE ($1::text[] IS NULL OR r.scope = ANY($1::text[])) AND ($2::text[] IS NULL OR r.state = ANY($2::text[])) AND ${beyond}
     ORDER BY ${orderBy(RUN_ORDER)} LIMIT ${first + 1}`,
    values,
  )
  return pageOf(rows, first)
}
