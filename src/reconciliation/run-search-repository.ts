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

export const findingsOfRun = (sql: Sql, runId: string): Promise<RunFindings[]> =>
  sql.query<RunFindings>(
    `SELECT system_id AS "systemId", class, count(*) FILTER (WHERE suspected_run_id = $1::uuid)::int AS suspected,
       count(*) FILTER (WHERE found_run_id = $1::uuid)::int AS found, count(*) FILTER (WHERE seen_run_id = $1::uuid)::int AS seen,
       count(*) FILTER (WHERE closed_run_id = $1::uuid AND state = 'VERIFIED')::int AS verified,
       count(*) FILTER (WHERE closed_run_id = $1::uuid AND state = 'GONE')::int AS gone,
       count(*) FILTER (WHERE repair_run_id = $1::uuid)::int AS "repairsBegun"
     FROM discrepancy
     WHERE suspected_run_id = $1::uuid OR found_run_id = $1::uuid OR seen_run_id = $1::uuid OR closed_run_id = $1::uuid OR repair_run_id = $1::uuid
     GROUP BY system_id, class ORDER BY system_id, class`,
    [runId],
  )

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
