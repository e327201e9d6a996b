import { type CommuneFilter, dossierIdsOfKeys, type ParcelFilter, unitIdsWithin } from '../access/dossier-lookup.js'
import { areRare, holdsWords, readApplicant } from '../access/dossier-text.js'
import type { Scope } from '../access/scope.js'
import { Parameters } from '../access/scope.js'
import { DOSSIER_STATUSES, type DossierStatus } from '../model/dossier-status.js'
import type { InterlinkState } from '../model/transfer-state.js'
import type { Sql } from '../platform/database.js'
import type { KeysetOrder, Page, PageRequest, TotalCount } from '../platform/keyset.js'
import { afterCursor, orderBy, pageOf, totalCount } from '../platform/keyset.js'
import { countSql, EVERY_ROW, type Listing, pageSql } from '../platform/list-sql.js'
import { DOSSIER_COLUMNS } from './dossier-reads-repository.js'
import type { DossierRow } from './dossier-row.js'
import { dossierIdsOfInterlink, interlinkForCount, interlinkIn } from './interlink-sql.js'

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

/** SQL: the statuses that are asked for, out of the closed list. */
const statusesOf = (asked: readonly DossierStatus[] | undefined): string => {
  const names = DOSSIER_STATUSES.map(({ status }) => status).filter((status) => asked?.includes(status) ?? true)
  return `'{${names.join(',')}}'::text[]`
}

/** Conditions that the last columns of the lists' indexes answer. */
const rangesOf = (filter: DossierFilter, parameters: Parameters): string[] => {
  const parts: string[] = []
  const bound = (of: Date | undefined, column: string, sign: '>=' | '<='): void => {
    if (of) parts.push(`${column} ${sign} ${parameters.add(of.toISOString())}::timestamptz`)
  }
  bound(filter.dueFrom, 'd.due_at', '>=')
  bound(filter.dueTo, 'd.due_at', '<=')
  bound(filter.receivedFrom, 'd.received_at', '>=')
  bound(filter.receivedTo, 'd.received_at', '<=')
  return parts
}

/**
 * How the list is read (see `list-sql.ts`). What leads to few dossiers is looked up and sorted. Else the list is walked in parts: with a commune, a
 * status or a procedure, each unit and status is a part of its own, so that a rare status is not looked for among all others.
 */
const listingOf = async (
  db: Sql,
  scope: Scope,
  filter: DossierFilter,
  keyset: KeysetOrder,
  after: string | undefined,
  parameters: Parameters,
  interlink = filter.interlink && interlinkIn(filter.interlink),
): Promise<Listing> => {
  const applicant = readApplicant(filter.applicant)
  const words = holdsWords({ text: filter.text, applicant: applicant.name, findsPersons: filter.textFindsPersons }, parameters)
  const units = unitIdsWithin(scope, filter.commune, parameters)
  const statuses = statusesOf(filter.statuses)
  const procedure = filter.procedureCode && `d.procedure_code = ${parameters.add(filter.procedureCode)}::text`
  const few = dossierIdsOfKeys({ ...filter, applicantIdNumber: applicant.idNumber }, parameters)
  const openIds =
    filter.interlink && few.length === 0
      ? await dossierIdsOfInterlink(db, filter.interlink, keyset.direction === 'ASC' ? 'oldest' : 'newest')
      : null
  if (openIds) few.push(openIds)
  const narrowing = [...rangesOf(filter, parameters), ...(procedure ? [procedure] : []), ...(interlink ? [interlink] : [])]
  const conditions = [...narrowing, afterCursor(keyset, after, (value) => parameters.add(value))].join(' AND ')
  // A row of the search text has its dossier's instants.
  const ofText = (sql: string): string =>
    sql.replaceAll('d.id', 's.dossier_id').replaceAll(keyset.column, keyset.column.replace('d.', 's.'))
  const inPlace = [
    ...(units === null ? [] : [`d.receiving_unit_id = ANY(ARRAY(${units}))`]),
    ...(filter.statuses ? [`d.status = ANY(${statuses})`] : []),
  ]
  const rows = `SELECT d.id, ${keyset.column} AS at${words ? ', d.id AS dossier_id' : ''} FROM dossier d`
  const inOrder = `ORDER BY ${orderBy(keyset)}`

  if (few.length > 0) {
    const found = few.map((ids) => `d.id = ANY(ARRAY${ids})`)
    if (words) found.push(`(SELECT true FROM dossier_search s WHERE s.dossier_id = d.id AND ${words.holds})`)
    return {
      order: keyset,
      isOneRange: false,
      walk: (limit) => `${rows} WHERE ${[...found, ...inPlace, conditions].join(' AND ')} ${inOrder} LIMIT ${limit}`,
    }
  }
  const inParts = units !== null || filter.statuses !== undefined || procedure !== undefined
  return {
    order: keyset,
    isOneRange: !inParts && narrowing.length === 0,
    walk: (limit) =>
      inParts
        ? `SELECT part.* FROM unnest(ARRAY(${units ?? 'SELECT id FROM administrative_unit'})) AS u(id)
            CROSS JOIN unnest(${statuses}) AS st(status)
            CROSS JOIN LATERAL (${rows} WHERE d.receiving_unit_id = u.id AND d.status = st.status AND ${conditions}
              ${limit === EVERY_ROW ? 'OFFSET 0' : `${inOrder} LIMIT ${limit}`}) part`
        : `${rows} WHERE ${conditions} ${inOrder} LIMIT ${limit}`,
    ...(words && {
      words: {
        holds: words.holds,
        found: words.found(units),
        areRare: areRare({ text: filter.text, applicant: applicant.name }),
        ...(filter.statuses || narrowing.length > 0
          ? { rowsOfDossier: `${rows} WHERE ${['d.id = s.dossier_id', ...inPlace, conditions].join(' AND ')}` }
          : {
              rowsOfDossier: `SELECT s.dossier_id AS id, ${ofText(keyset.column)} AS at WHERE ${ofText(conditions)}`,
              counted: null,
            }),
      },
    }),
  }
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
  const listing = await listingOf(db, scope, filter, keyset, page.after, parameters)
  const rows = await db.query<DossierRow>(
    `SELECT ${DOSSIER_COLUMNS} FROM (${pageSql(listing, page.first + 1)}) page JOIN dossier d ON d.id = page.id ORDER BY ${orderBy(keyset)}`,
    parameters.values,
  )
  return pageOf(rows, page.first)
}

export const countDossiers = async (db: Sql, scope: Scope, filter: DossierFilter): Promise<TotalCount> => {
  const parameters = new Parameters()
  const interlink = (filter.interlink && (await interlinkForCount(db, filter.interlink))) ?? undefined
  const listing = await listingOf(db, scope, filter, DOSSIER_ORDERS.RECEIVED_AT_DESC, undefined, parameters, interlink)
  const [row] = await db.query<{ found: number }>(countSql(listing), parameters.values)
  return totalCount(row?.found ?? 0)
}
