import { Parameters, type Scope, unitIdsInScope, unitInScope } from '../access/scope.js'
import type { ReportBasis, ReportDimension } from '../model/month-report.js'
import type { SystemId } from '../model/system.js'
import type { Sql } from '../platform/database.js'

/** Báo cáo tháng over the kept ledger: a month of it is read by an index, however many years there are. */
export interface MonthReportFilter {
  readonly basis: ReportBasis
  readonly from: Date
  readonly before: Date
  /** Codes of communes of today; what their predecessors received is theirs. */
  readonly communes?: readonly string[]
  /** First eight characters. */
  readonly procedures?: readonly string[]
  /** Dossiers that waited on it. */
  readonly systemId?: SystemId
}

export interface ReportCounts {
  readonly dossiers: number
  readonly onTime: number
  readonly late: number
  /** Of the late ones, those that would have been on time without the interlink. Not among `late`. */
  readonly lateByInterlink: number
  readonly open: number
  readonly left: number
  /** Working ms. */
  readonly deskMs: number
  readonly registryMs: number
  readonly taxMs: number
  readonly applicantMs: number
  readonly interlinkMs: number
  readonly savedMs: number
}

export interface ReportRow extends ReportCounts {
  readonly month: string | null
  readonly communeCode: string | null
  readonly communeName: string | null
  readonly procedureCode: string | null
  readonly procedureName: string | null
  readonly systemId: SystemId | null
}

const counts = (waited: string, saved: string, blamed: string): string => `count(*)::int AS dossiers,
  count(*) FILTER (WHERE l.outcome = 'ON_TIME')::int AS "onTime", count(*) FILTER (WHERE l.outcome = 'LATE')::int AS late,
  count(*) FILTER (WHERE l.outcome = 'LATE_BY_INTERLINK' AND ${blamed})::int AS "lateByInterlink",
  count(*) FILTER (WHERE l.outcome = 'OPEN')::int AS open, count(*) FILTER (WHERE l.outcome = 'LEFT')::int AS left,
  coalesce(sum(l.desk_ms), 0)::float8 AS "deskMs", coalesce(sum(l.registry_ms), 0)::float8 AS "registryMs", coalesce(sum(l.tax_ms), 0)::float8 AS "taxMs",
  coalesce(sum(l.applicant_ms), 0)::float8 AS "applicantMs", coalesce(sum(${waited}), 0)::float8 AS "interlinkMs", coalesce(sum(${saved}), 0)::float8 AS "savedMs"`

/** One system of each dossier, also when it waited on two for the same time. */
const BLAMED = `s.waited_ms > 0 AND s.system_id = (SELECT o.system_id FROM dossier_ledger_system o WHERE o.dossier_id = l.dossier_id
  ORDER BY o.waited_ms DESC, o.system_id LIMIT 1)`

const MONTH_OF = (column: string): string => `to_char(l.${column} AT TIME ZONE 'Asia/Ho_Chi_Minh', 'YYYY-MM')`

const NOTHING: Record<'month' | 'communeCode' | 'communeName' | 'procedureCode' | 'procedureName' | 'systemId', string> = {
  month: 'NULL::text',
  communeCode: 'NULL::text',
  communeName: 'NULL::text',
  procedureCode: 'NULL::text',
  procedureName: 'NULL::text',
  systemId: 'NULL::text',
}

/** A row for each value that occurs, or for each set of values of several dimensions. */
export const readMonthReport = async (
  sql: Sql,
  scope: Scope,
  filter: MonthReportFilter,
  dimensions: readonly ReportDimension[],
): Promise<ReportRow[]> => {
  const parameters = new Parameters()
  const column = filter.basis === 'DUE' ? 'due_at' : 'closed_at'
  const bySystem = dimensions.includes('SYSTEM')
  const where = [
    `l.${column} >= ${parameters.add(filter.from)}::timestamptz AND l.${column} < ${parameters.add(filter.before)}::timestamptz`,
    unitInScope(scope, 'l.unit_id', parameters),
  ]
  if (filter.basis === 'FINISHED') where.push(`l.outcome <> 'LEFT'`)
  if (filter.communes) where.push(`l.unit_id = ANY(ARRAY(${unitIdsInScope({ communes: filter.communes }, parameters)}))`)
  if (filter.procedures) where.push(`l.procedure_code = ANY(${parameters.add([...filter.procedures])}::text[])`)
  if (filter.systemId !== undefined && bySystem) where.push(`s.system_id = ${parameters.add(filter.systemId)}::text`)
  else if (filter.systemId !== undefined)
    where.push(
      `EXISTS (SELECT 1 FROM dossier_ledger_system w WHERE w.dossier_id = l.dossier_id AND w.system_id = ${parameters.add(filter.systemId)}::text AND w.waited_ms > 0)`,
    )
  if (bySystem) where.push('(s.waited_ms > 0 OR s.saved_ms > 0)')
  const named = {
    ...NOTHING,
    ...(dimensions.includes('MONTH') && { month: MONTH_OF(column) }),
    ...(dimensions.includes('COMMUNE') && { communeCode: 'u.code', communeName: 'u.name' }),
    ...(dimensions.includes('PROCEDURE') && { procedureCode: 'l.procedure_code', procedureName: 'p.name' }),
    ...(bySystem && { systemId: 's.system_id' }),
  }
  const keys = [
    ...(dimensions.includes('MONTH') ? [MONTH_OF(column)] : []),
    ...(dimensions.includes('COMMUNE') ? ['u.id'] : []),
    ...(dimensions.includes('PROCEDURE') ? ['l.procedure_code', 'p.name'] : []),
    ...(bySystem ? ['s.system_id'] : []),
  ]
  const joins = [
    ...(bySystem ? ['JOIN dossier_ledger_system s ON s.dossier_id = l.dossier_id'] : []),
    ...(dimensions.includes('COMMUNE') ? ['JOIN administrative_unit u ON u.id = l.unit_id'] : []),
    ...(dimensions.includes('PROCEDURE') ? ['JOIN procedure p ON p.code = l.procedure_code'] : []),
  ]
  return sql.query<ReportRow>(
    `SELECT ${Object.entries(named)
      .map(([name, of]) => `${of} AS "${name}"`)
      .join(
        ', ',
      )}, ${counts(bySystem ? 's.waited_ms' : 'l.interlink_ms', bySystem ? 's.saved_ms' : 'l.saved_ms', bySystem ? BLAMED : 'TRUE')}
     FROM dossier_ledger l ${joins.join(' ')} WHERE ${where.join(' AND ')}
     ${keys.length > 0 ? `GROUP BY ${keys.join(', ')} ORDER BY 1, 2, 4, 6` : ''}`,
    parameters.values,
  )
}

export type RecordFilter = Pick<MonthReportFilter, 'from' | 'before' | 'communes' | 'procedures'>

/** Dossiers of a month for the process record, in the order of their due dates: the next of them after one. */
export const nextOfRecord = async (
  sql: Sql,
  scope: Scope,
  { from, before, communes, procedures }: RecordFilter,
  after: { readonly dueAt: Date; readonly id: string } | null,
  limit: number,
): Promise<{ readonly id: string; readonly dueAt: Date }[]> => {
  const parameters = new Parameters()
  const where = [
    `l.due_at >= ${parameters.add(from)}::timestamptz AND l.due_at < ${parameters.add(before)}::timestamptz`,
    unitInScope(scope, 'l.unit_id', parameters),
    ...(communes ? [`l.unit_id = ANY(ARRAY(${unitIdsInScope({ communes }, parameters)}))`] : []),
    ...(procedures ? [`l.procedure_code = ANY(${parameters.add([...procedures])}::text[])`] : []),
    ...(after ? [`(l.due_at, l.dossier_id) > (${parameters.add(after.dueAt)}::timestamptz, ${parameters.add(after.id)}::uuid)`] : []),
  ]
  return sql.query(
    `SELECT l.dossier_id::text AS id, l.due_at AS "dueAt" FROM dossier_ledger l WHERE ${where.join(' AND ')}
     ORDER BY l.due_at, l.dossier_id LIMIT ${parameters.add(limit)}::int`,
    parameters.values,
  )
}
