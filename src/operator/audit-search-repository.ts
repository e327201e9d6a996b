import { dossierIdsOfCode } from '../access/dossier-of-code.js'
import { Parameters } from '../access/scope.js'
import { searchWords } from '../model/search-words.js'
import type { SystemId } from '../model/system.js'
import type { Sql } from '../platform/database.js'
import type { KeysetOrder, Page, PageRequest, TotalCount } from '../platform/keyset.js'
import { afterCursor, COUNT_LIMIT, orderBy, pageOf, totalCount } from '../platform/keyset.js'

/**
 * Tra cứu nhật ký thao tác: who did what, when and why. Each condition leads to an index that holds its rows in the order of the list, so a page costs about
 * the same with a thousand entries and with millions.
 */
export interface AuditFilter {
  readonly actor?: string
  readonly acts?: readonly string[]
  readonly transferId?: string
  /** Its own code, or one under which a system knows it. */
  readonly dossierCode?: string
  readonly systemId?: SystemId
  /** Acts on the plan itself, and on each transfer as a part of it. */
  readonly planId?: string
  /** Notes of a cause, and acts on transfers that had failed by it. */
  readonly causeId?: string
  /** Acts on a discrepancy of reconciliation. */
  readonly discrepancyId?: string
  /** Acts on a run of reconciliation, and repairs that it has begun. */
  readonly reconciliationRunId?: string
  readonly from?: Date
  readonly to?: Date
  /** Words of the reason, without diacritics. Names and numbers of persons are not found (`audit_words` in the database). */
  readonly text?: string
}

export interface AuditRow {
  readonly id: string
  readonly at: Date
  readonly actor: string
  readonly actorName: string | null
  readonly role: string
  readonly act: string
  readonly systemId: SystemId | null
  readonly transferId: string | null
  readonly planId: string | null
  readonly causeId: string | null
  readonly dossierCode: string | null
  /** For masking: whom a text may name. */
  readonly applicantName: string | null
  readonly reason: string
  readonly before: Readonly<Record<string, unknown>>
  readonly after: Readonly<Record<string, unknown>>
}

/** Newest first. */
export const AUDIT_ORDER: KeysetOrder = { name: 'ae', column: 'a.at', idColumn: 'a.id', direction: 'DESC', idDirection: 'DESC' }

/** Entries of the list among which words are looked for one by one; what does not stand there often enough is looked up. */
const LOOK = 2_000

interface Conditions {
  /** All but the acts and the words. */
  readonly others: string
  /** One an act; null: any. The planner knows how often each of them stands there, which it would not of the members of a list. */
  readonly acts: readonly string[] | null
  readonly words: string
}

const conditionsOf = (filter: AuditFilter, parameters: Parameters): Conditions => {
  const others = ['TRUE']
  if (filter.actor !== undefined) others.push(`a.actor = ${parameters.add(filter.actor)}::text`)
  if (filter.transferId !== undefined) others.push(`a.transfer_id = ${parameters.add(filter.transferId)}::uuid`)
  if (filter.systemId !== undefined) others.push(`a.system_id = ${parameters.add(filter.systemId)}::text`)
  if (filter.planId !== undefined) others.push(`a.plan_id = ${parameters.add(filter.planId)}::uuid`)
  if (filter.causeId !== undefined) others.push(`a.cause_id = ${parameters.add(filter.causeId)}::uuid`)
  if (filter.discrepancyId !== undefined) others.push(`a.discrepancy_id = ${parameters.add(filter.discrepancyId)}::uuid`)
  if (filter.reconciliationRunId !== undefined) others.push(`a.reconciliation_run_id = ${parameters.add(filter.reconciliationRunId)}::uuid`)
  if (filter.from !== undefined) others.push(`a.at >= ${parameters.add(filter.from)}::timestamptz`)
  if (filter.to !== undefined) others.push(`a.at <= ${parameters.add(filter.to)}::timestamptz`)
  if (filter.dossierCode !== undefined)
    others.push(`a.dossier_id = ANY(ARRAY(SELECT id FROM ${dossierIdsOfCode(parameters.add(filter.dossierCode))} AS meant))`)
  const patterns = searchWords(filter.text ?? '').map(({ pattern }) => pattern)
  return {
    others: others.join(' AND '),
    acts: filter.acts === undefined ? null : [...new Set(filter.acts)].map((act) => `a.act = ${parameters.add(act)}::text`),
    words: patterns.map((pattern) => `a.words LIKE ${parameters.add(pattern)}::text`).join(' AND '),
  }
}

/** SQL: `id`, `at` and `words` of the first entries, whatever their words; each act is walked in its own part of the index. */
const walk = ({ others, acts }: Conditions, after: string, rows: number): string => {
  const part = (act: string): string =>
    `SELECT a.id, a.at, a.words FROM audit_entry a WHERE ${act} AND ${others} AND ${after} ORDER BY ${orderBy(AUDIT_ORDER)} LIMIT ${rows}`
  const all = acts === null || acts.length === 0 ? part(isOfActs({ acts })) : acts.map((act) => `(${part(act)})`).join(' UNION ALL ')
  return `SELECT a.id, a.at, a.words FROM (${all}) a ORDER BY ${orderBy(AUDIT_ORDER)} LIMIT ${rows}`
}

const isOfActs = ({ acts }: Pick<Conditions, 'acts'>): string => (acts === null ? 'TRUE' : `(${acts.join(' OR ') || 'FALSE'})`)

/**
 * SQL: `id` and `at` of the first entries that hold the words: among the first of the list, and when these do not make a page, through the index of trigrams or
 * further down the list, as the planner thinks of the words.
 */
const withWords = (conditions: Conditions, after: string, rows: number): string => {
  const order = orderBy(AUDIT_ORDER)
  return `WITH looked AS MATERIALIZED (${walk(conditions, after, LOOK)}),
    near AS MATERIALIZED (SELECT a.id, a.at FROM looked a WHERE ${conditions.words} ORDER BY ${order} LIMIT ${rows}),
    done AS MATERIALIZED (SELECT (SELECT count(*) FROM near) = ${rows} OR (SELECT count(*) FROM looked) < ${LOOK} AS enough)
  SELECT a.id, a.at FROM near a WHERE (SELECT enough FROM done)
  UNION ALL (SELECT a.id, a.at FROM audit_entry a
    WHERE NOT (SELECT enough FROM done) AND ${conditions.words} AND ${isOfActs(conditions)} AND ${conditions.others} AND ${after}
    ORDER BY ${order} LIMIT ${rows})`
}

export const searchAuditEntries = async (db: Sql, filter: AuditFilter, page: PageRequest): Promise<Page<AuditRow>> => {
  const parameters = new Parameters()
  const conditions = conditionsOf(filter, parameters)
  const after = afterCursor(AUDIT_ORDER, page.after, (value) => parameters.add(value))
  const found = conditions.words === '' ? walk(conditions, after, page.first + 1) : withWords(conditions, after, page.first + 1)
  const rows = await db.query<AuditRow>(
    `SELECT a.id::text, a.at, a.actor, a.actor_name AS "actorName", a.role, a.act, a.system_id AS "systemId", a.transfer_id::text AS "transferId",
       a.plan_id::text AS "planId", a.cause_id::text AS "causeId", d.code AS "dossierCode",
       p.full_name AS "applicantName", a.reason, a.before, a.after
     FROM (${found}) f JOIN audit_entry a ON a.id = f.id LEFT JOIN dossier d ON d.id = a.dossier_id LEFT JOIN party p ON p.id = d.applicant_id
     ORDER BY ${orderBy(AUDIT_ORDER)} LIMIT ${page.first + 1}`,
    parameters.values,
  )
  return pageOf(rows, page.first)
}

export const countAuditEntries = async (db: Sql, filter: AuditFilter): Promise<TotalCount> => {
  const parameters = new Parameters()
  const conditions = conditionsOf(filter, parameters)
  const where = [isOfActs(conditions), conditions.others, conditions.words || 'TRUE'].join(' AND ')
  const [row] = await db.query<{ found: number }>(
    `SELECT count(*)::int AS found FROM (SELECT 1 FROM audit_entry a WHERE ${where} LIMIT ${COUNT_LIMIT + 1}) AS capped`,
    parameters.values,
  )
  return totalCount(row?.found ?? 0)
}
