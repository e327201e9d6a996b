import { dossierIdsOfCode } from '../access/dossier-of-code.js'
import type { Scope } from '../access/scope.js'
import { dossierInScope, Parameters, unitInScope } from '../access/scope.js'
import type { DossierStatus } from '../model/dossier-status.js'
import { searchPatterns } from '../model/fold-text.js'
import { DELAYED_STATES } from '../model/interlink-state.js'
import type { InterlinkState } from '../model/transfer-state.js'
import { ATTENTION_STATES, PASSABLE_STATES } from '../model/transfer-state.js'
import type { Sql } from '../platform/database.js'
import type { KeysetOrder, Page, PageRequest, TotalCount } from '../platform/keyset.js'
import { afterCursor, COUNT_LIMIT, orderBy, pageOf, totalCount } from '../platform/keyset.js'
import { DOSSIER_COLUMNS } from './dossier-reads-repository.js'
import type { DossierRow } from './dossier-row.js'

/** A commune as a searcher names it: today's meaning of the code with all that passed to it, or the meaning that it had on a day. */
export interface CommuneFilter {
  readonly code: string
  /** Local date `yyyy-MM-dd`. */
  readonly on?: string
}

export interface ParcelFilter {
  readonly commune?: CommuneFilter
  readonly mapSheetNumber: string
  readonly parcelNumber: string
}

export interface DossierFilter {
  /** A dossier's own code, or one under which another system knows it. */
  readonly code?: string
  /** Name without regard to diacritics, or an exact identity number. */
  readonly applicant?: string
  readonly parcel?: ParcelFilter
  /** Canonical: without spaces. */
  readonly certificateSerial?: string
  readonly commune?: CommuneFilter
  /** First eight characters. */
  readonly procedureCode?: string
  readonly statuses?: readonly DossierStatus[]
  /** Both bounds inclusive. */
  readonly dueFrom?: Date
  readonly dueTo?: Date
  readonly receivedFrom?: Date
  readonly receivedTo?: Date
  readonly interlink?: readonly InterlinkState[]
  readonly text?: string
  /** False: the text is not looked for among persons, whom the searcher may not see. */
  readonly textFindsPersons: boolean
}

/** Received first, and due first: instants that a dossier's row keeps (the due date moves rarely, by a legal event). */
export const DOSSIER_ORDERS = {
  RECEIVED_AT_DESC: { name: 'rd', column: 'd.received_at', idColumn: 'd.id', direction: 'DESC', idDirection: 'ASC' },
  RECEIVED_AT_ASC: { name: 'ra', column: 'd.received_at', idColumn: 'd.id', direction: 'ASC', idDirection: 'DESC' },
  DUE_AT_ASC: { name: 'da', column: 'd.due_at', idColumn: 'd.id', direction: 'ASC', idDirection: 'ASC' },
  DUE_AT_DESC: { name: 'dd', column: 'd.due_at', idColumn: 'd.id', direction: 'DESC', idDirection: 'DESC' },
} as const satisfies Record<string, KeysetOrder>

export type DossierOrder = keyof typeof DOSSIER_ORDERS

/** Combining marks that NFD splits off Vietnamese letters, removed in SQL as `foldText` removes them. */
const folded = (column: string): string =>
  `translate(lower(regexp_replace(normalize(${column}, NFD), '[\\u0300-\\u036f]', '', 'g')), 'đĐ', 'dd')`

const inCommune = (commune: CommuneFilter, column: string, parameters: Parameters): string => {
  if (commune.on === undefined) return unitInScope({ communes: [commune.code] }, column, parameters)
  const day = `${parameters.add(commune.on)}::date`
  return `${column} IN (SELECT u.id FROM administrative_unit u WHERE u.code = ${parameters.add(commune.code)}::text
    AND u.valid_from <= ${day} AND (u.valid_to IS NULL OR u.valid_to >= ${day}))`
}

const withTransfer = (condition: string): string => `EXISTS (SELECT 1 FROM transfer t WHERE t.dossier_id = d.id AND ${condition})`
const listed = (states: readonly string[]): string => states.map((state) => `'${state}'`).join(', ')
const ATTENTION = withTransfer(`t.state IN (${listed(ATTENTION_STATES)})`)
const DELAYED = withTransfer(`t.state IN (${listed(DELAYED_STATES)})`)
const UNSETTLED = withTransfer(`t.state NOT IN (${listed(PASSABLE_STATES)})`)

/** The same rule as `interlinkStateOf` over all transfers of a dossier, as conditions. */
const INTERLINK: Record<InterlinkState, string> = {
  NEEDS_ATTENTION: ATTENTION,
  DELAYED: `${DELAYED} AND NOT ${ATTENTION}`,
  IN_FLIGHT: `${UNSETTLED} AND NOT ${ATTENTION} AND NOT ${DELAYED}`,
  IN_SYNC: `${withTransfer('TRUE')} AND NOT ${UNSETTLED}`,
  NONE: `NOT ${withTransfer('TRUE')}`,
}

/** Every pattern is found in an expression. One `LIKE` each: an index on trigrams serves those, and does not serve `LIKE ALL`. */
const holdsAll = (expression: string, placeholders: readonly string[]): string =>
  placeholders.map((pattern) => `${expression} LIKE ${pattern}::text`).join(' AND ') || 'FALSE'

/** One word with a digit in it is a number of a paper, never a name. */
const PAPER_NUMBER = /^(?=.*\d)[0-9A-Za-z-]+$/

const ofApplicant = (applicant: string, parameters: Parameters): string => {
  const wanted = applicant.trim()
  if (PAPER_NUMBER.test(wanted)) return `d.applicant_id IN (SELECT p.id FROM party p WHERE p.id_number = ${parameters.add(wanted)}::text)`
  const patterns = searchPatterns(wanted).map((pattern) => parameters.add(pattern))
  return `${holdsAll('d.search_text', patterns)}
    AND EXISTS (SELECT 1 FROM party p WHERE p.id = d.applicant_id AND ${holdsAll(folded('p.full_name'), patterns)})`
}

const withText = (text: string, findsPersons: boolean, parameters: Parameters): string => {
  const patterns = searchPatterns(text).map((pattern) => parameters.add(pattern))
  const found = holdsAll('d.search_text', patterns)
  if (findsPersons) return found
  return `${found} AND ((${holdsAll('lower(d.code)', patterns)})
    OR EXISTS (SELECT 1 FROM certificate_reference c WHERE c.dossier_id = d.id AND ${holdsAll(folded('c.serial_number'), patterns)}))`
}

const ofParcel = (parcel: ParcelFilter, parameters: Parameters): string =>
  `EXISTS (SELECT 1 FROM parcel_reference r WHERE r.dossier_id = d.id AND r.map_sheet_number = ${parameters.add(parcel.mapSheetNumber)}::text
    AND r.parcel_number = ${parameters.add(parcel.parcelNumber)}::text
    AND ${parcel.commune ? inCommune(parcel.commune, 'r.unit_id', parameters) : 'TRUE'})`

const conditions = (scope: Scope, filter: DossierFilter, parameters: Parameters): string => {
  const parts = [dossierInScope(scope, 'd', parameters)]
  const value = (of: unknown, sql: (placeholder: string) => string): void => {
    if (of !== undefined) parts.push(sql(parameters.add(of)))
  }
  value(filter.code, (p) => `d.id IN ${dossierIdsOfCode(p)}`)
  if (filter.applicant !== undefined) parts.push(ofApplicant(filter.applicant, parameters))
  if (filter.parcel) parts.push(ofParcel(filter.parcel, parameters))
  value(filter.certificateSerial, (p) => `d.id IN (SELECT c.dossier_id FROM certificate_reference c WHERE c.serial_number = ${p}::text)`)
  if (filter.commune) parts.push(inCommune(filter.commune, 'd.receiving_unit_id', parameters))
  value(filter.procedureCode, (p) => `d.procedure_code = ${p}::text`)
  value(filter.statuses && [...filter.statuses], (p) => `d.status = ANY(${p}::text[])`)
  value(filter.dueFrom?.toISOString(), (p) => `d.due_at >= ${p}::timestamptz`)
  value(filter.dueTo?.toISOString(), (p) => `d.due_at <= ${p}::timestamptz`)
  value(filter.receivedFrom?.toISOString(), (p) => `d.received_at >= ${p}::timestamptz`)
  value(filter.receivedTo?.toISOString(), (p) => `d.received_at <= ${p}::timestamptz`)
  if (filter.interlink) parts.push(`(${filter.interlink.map((state) => `(${INTERLINK[state]})`).join(' OR ') || 'FALSE'})`)
  if (filter.text !== undefined) parts.push(withText(filter.text, filter.textFindsPersons, parameters))
  return parts.join('\n AND ')
}

export const searchDossiers = async (
  db: Sql,
  scope: Scope,
  filter: DossierFilter,
  order: DossierOrder,
  page: PageRequest,
): Promise<Page<DossierRow>> => {
  const parameters = new Parameters()
  const keyset = DOSSIER_ORDERS[order]
  const where = conditions(scope, filter, parameters)
  const after = afterCursor(keyset, page.after, (value) => parameters.add(value))
  const rows = await db.query<DossierRow>(
    `SELECT ${DOSSIER_COLUMNS} FROM dossier d WHERE ${where} AND ${after} ORDER BY ${orderBy(keyset)} LIMIT ${page.first + 1}`,
    parameters.values,
  )
  return pageOf(rows, page.first)
}

export const countDossiers = async (db: Sql, scope: Scope, filter: DossierFilter): Promise<TotalCount> => {
  const parameters = new Parameters()
  const where = conditions(scope, filter, parameters)
  const [row] = await db.query<{ found: number }>(
    `SELECT count(*)::int AS found FROM (SELECT 1 FROM dossier d WHERE ${where} LIMIT ${COUNT_LIMIT + 1}) AS capped`,
    parameters.values,
  )
  return totalCount(row?.found ?? 0)
}
