import { type CommuneFilter, dossierIdsOfKeys, fewUndelivered, type ParcelFilter, unitIdsWithin } from '../access/dossier-lookup.js'
import { areRare, holdsWords, readApplicant } from '../access/dossier-text.js'
import type { Scope } from '../access/scope.js'
import { Parameters } from '../access/scope.js'
import { ALL_OPERATIONS, type Operation, type SystemId, systemOf } from '../model/system.js'
import { type HeldReason, TRANSFER_STATES, type TransferState } from '../model/transfer-state.js'
import type { Sql } from '../platform/database.js'
import type { KeysetOrder, Page, PageRequest, TotalCount } from '../platform/keyset.js'
import { afterCursor, orderBy, pageOf, totalCount } from '../platform/keyset.js'
import { countSql, EVERY_ROW, type Listing, LOOK_IN_PARTS, pageSql } from '../platform/list-sql.js'
import { OPEN_FAILURE } from './cause-reads-repository.js'
import type { TransferRow } from './transfer-reads-repository.js'
import { TRANSFER_COLUMNS } from './transfer-reads-repository.js'

export interface TransferFilter {
  /** These alone, as a person has picked them. */
  readonly ids?: readonly string[]
  readonly dossierCode?: string
  /** Name without regard to diacritics, or an exact identity number. */
  readonly applicant?: string
  readonly parcel?: ParcelFilter
  /** Canonical: without spaces. */
  readonly certificateSerial?: string
  /** The dossier's receiving commune. */
  readonly commune?: CommuneFilter
  /** First eight characters. */
  readonly procedureCode?: string
  readonly systems?: readonly SystemId[]
  readonly states?: readonly TransferState[]
  readonly operations?: readonly Operation[]
  readonly heldReasons?: readonly HeldReason[]
  readonly correlationId?: string
  /** Of the last failure of what is not done. */
  readonly causes?: readonly string[]
  /** With an open alarm, or without one. */
  readonly atRisk?: boolean
  /** Both bounds inclusive. */
  readonly createdFrom?: Date
  readonly createdTo?: Date
  /** Due date of the dossier, inclusive. Where what is delivered is sought too, both are given, and at most `MOST_DUE_DAYS` lie between them. */
  readonly dueFrom?: Date
  readonly dueTo?: Date
  /** Words of the dossier. */
  readonly text?: string
  /** False: the text is not looked for among persons, whom the searcher may not see. */
  readonly textFindsPersons: boolean
}

/** Newest first: an instant that never changes. */
export const TRANSFER_ORDER: KeysetOrder = { name: 'tc', column: 't.created_at', idColumn: 't.id', direction: 'DESC', idDirection: 'ASC' }

/** Of dossiers that are due within so many days all transfers are looked up and sorted. */
export const MOST_DUE_DAYS = 92

/** Whether all that is sought is under way or needs a person: little beside what is delivered. */
export const isOfUndelivered = (filter: Pick<TransferFilter, 'states' | 'heldReasons' | 'causes'>): boolean =>
  filter.causes !== undefined || !statesOf(filter).includes('DELIVERED')

/** A system and its operations say the same of a transfer: an operation belongs to one system. */
const operationsOf = ({ systems, operations }: TransferFilter): readonly Operation[] =>
  ALL_OPERATIONS.filter((one) => (operations?.includes(one) ?? true) && (systems?.includes(systemOf(one)) ?? true))

/** Held reasons stand on what is held alone. */
const statesOf = ({ states, heldReasons }: Pick<TransferFilter, 'states' | 'heldReasons'>): readonly TransferState[] =>
  TRANSFER_STATES.filter((one) => (states?.includes(one) ?? true) && (heldReasons === undefined || one === 'HELD'))

/** SQL of names out of a closed list. */
const listed = (names: readonly string[]): string => `'{${names.join(',')}}'::text[]`

/** Of a list of one procedure, the newest transfers of all that are looked at before it is read part by part. */
const GLANCE = 4_000

const OF_DOSSIER = 'SELECT t.dossier_id FROM transfer t WHERE t.dossier_id'

const AT_RISK = 'SELECT a.transfer_id FROM risk_alarm a WHERE a.cleared_at IS NULL'

/**
 * How the list is read (see `list-sql.ts`). What leads to few transfers is looked up and sorted. What is not delivered is walked state by state,
 * in an index that holds nothing else; and what may be delivered unit by unit and operation by operation. So is what is not delivered when it is much (a
 * cut-over, a long outage) and only some units are asked for: else their few would be looked for among everybody's.
 */
const listingOf = async (
  db: Sql,
  scope: Scope,
  filter: TransferFilter,
  after: string | undefined,
  parameters: Parameters,
): Promise<Listing> => {
  const applicant = readApplicant(filter.applicant)
  const words = holdsWords({ text: filter.text, applicant: applicant.name, findsPersons: filter.textFindsPersons }, parameters)
  const units = unitIdsWithin(scope, filter.commune, parameters)
  const operations = listed(operationsOf(filter))
  const states = listed(statesOf(filter))
  const few = dossierIdsOfKeys({ ...filter, code: filter.dossierCode, applicantIdNumber: applicant.idNumber }, parameters).map(
    (ids) => `t.dossier_id = ANY(ARRAY${ids})`,
  )
  if (filter.correlationId !== undefined) few.push(`t.correlation_id = ${parameters.add(filter.correlationId)}::text`)
  if (filter.ids !== undefined) few.push(`t.id = ANY(${parameters.add([...filter.ids])}::uuid[])`)
  if (filter.atRisk) few.push(`t.id = ANY(ARRAY(${AT_RISK}))`)

  const range: string[] = []
  const conditions: string[] = []
  const value = (of: unknown, sql: (placeholder: string) => string, to = conditions): void => {
    if (of !== undefined) to.push(sql(parameters.add(of)))
  }
  value(filter.heldReasons && [...filter.heldReasons], (p) => `t.held_reason = ANY(${p}::text[])`)
  value(filter.procedureCode, (p) => `t.procedure_code = ${p}::text`)
  value(filter.createdFrom?.toISOString(), (p) => `t.created_at >= ${p}::timestamptz`, range)
  value(filter.createdTo?.toISOString(), (p) => `t.created_at <= ${p}::timestamptz`, range)
  const due = [filter.dueFrom && ['>=', filter.dueFrom], filter.dueTo && ['<=', filter.dueTo]]
    .filter((bound) => bound !== undefined)
    .map(([is, at]) => `d.due_at ${is} ${parameters.add((at as Date).toISOString())}::timestamptz`)
  if (due.length > 0) {
    if (isOfUndelivered(filter))
      conditions.push(`EXISTS (SELECT 1 FROM dossier d WHERE d.id = t.dossier_id AND ${due.join(' AND ')} OFFSET 0)`)
    else few.push(`t.dossier_id = ANY(ARRAY(SELECT d.id FROM dossier d WHERE ${due.join(' AND ')}))`)
  }
  if (filter.atRisk === false) conditions.push(`t.id NOT IN (${AT_RISK})`)
  range.push(afterCursor(TRANSFER_ORDER, after, (one) => parameters.add(one)))

  const causes = filter.causes && parameters.add([...filter.causes])
  if (causes) conditions.push(`t.cause_id = ANY(${causes}::uuid[])`, OPEN_FAILURE)

  const inUnits = units === null ? [] : [`t.receiving_unit_id = ANY(ARRAY(${units}))`]
  const ofOperations = filter.systems || filter.operations ? [`t.operation = ANY(${operations})`] : []
  const inStates = filter.states || filter.heldReasons ? [`t.state = ANY(${states})`] : []
  // Without words the index answers alone.
  const rows = `SELECT t.id, t.created_at AS at${words ? ', t.dossier_id' : ''} FROM transfer t`
  const inOrder = `ORDER BY ${orderBy(TRANSFER_ORDER)}`
  const where = (...parts: readonly string[]): string => `WHERE ${[...parts, ...conditions, ...range].join(' AND ')}`

  if (few.length > 0) {
    if (words) few.push(`(SELECT true FROM dossier_search s WHERE s.dossier_id = t.dossier_id AND ${words.holds})`)
    return {
      order: TRANSFER_ORDER,
      isOneRange: false,
      walk: (limit) => `${rows} ${where(...few, ...inUnits, ...ofOperations, ...inStates)} ${inOrder} LIMIT ${limit}`,
    }
  }
  const walkStates = (limit: number | string): string => `SELECT part.* FROM unnest(${states}) AS st(state)
    CROSS JOIN LATERAL (${rows} ${where("t.state = st.state AND t.state <> 'DELIVERED'", ...inUnits, ...ofOperations)} ${inOrder} LIMIT ${limit}) part`
  const unitIds = `ARRAY(${units ?? 'SELECT id FROM administrative_unit'})`
  const inParts = (part: string): string =>
    `SELECT part.* FROM unnest(${unitIds}) AS u(id) CROSS JOIN unnest(${operations}) AS op(operation) CROSS JOIN LATERAL (${part}) part`
  const ofPart = 't.receiving_unit_id = u.id AND t.operation = op.operation'
  /** Each in the order of its index, which holds nothing but what failed by it. */
  const walkCauses = (limit: number | string): string => `SELECT part.* FROM unnest(${causes}::uuid[]) AS ca(id)
    CROSS JOIN LATERAL (${rows} ${where('t.cause_id = ca.id', ...inUnits, ...ofOperations, ...inStates)} ${inOrder} LIMIT ${limit}) part`
  const wanted = statesOf(filter)
  const inUnitsAndOperations =
    !causes && (wanted.includes('DELIVERED') || (units !== null && !(await db.query<{ few: boolean }>(fewUndelivered(wanted)))[0]?.few))
  const rest = ofOperations.length + inStates.length
  const isAll = units === null && conditions.length + rest === 0
  const isBounded = range.some((one) => one !== 'TRUE')
  const procedure = conditions.length === 1 && rest === 0 && !words ? filter.procedureCode : undefined
  return {
    order: TRANSFER_ORDER,
    isOneRange: isAll,
    ...(procedure !== undefined &&
      units === null && {
        glance: `SELECT t.id, t.at FROM (SELECT t.*, t.created_at AS at FROM transfer t WHERE ${range.join(' AND ')} ${inOrder} LIMIT ${GLANCE}) t
        WHERE ${conditions.join(' AND ')}`,
      }),
    ...(procedure !== undefined &&
      !isBounded && {
        counted: `SELECT x.dossier_id FROM (SELECT t.id FROM dossier t WHERE ${[...conditions, ...inUnits].join(' AND ')} OFFSET 0) d
        CROSS JOIN LATERAL (${OF_DOSSIER} = d.id OFFSET 0) x`,
      }),
    walk: isAll
      ? (limit) => `${rows} ${where()} ${inOrder} LIMIT ${limit}`
      : inUnitsAndOperations
        ? (limit) => inParts(`${rows} ${where(ofPart, ...inStates)} ${limit === EVERY_ROW ? 'OFFSET 0' : `${inOrder} LIMIT ${limit}`}`)
        : causes
          ? walkCauses
          : walkStates,
    ...(words && {
      words: {
        holds: words.holds,
        found: words.found(units),
        areRare: areRare({ text: filter.text, applicant: applicant.name }),
        counted: conditions.length + rest === 0 && !isBounded ? `${OF_DOSSIER} = s.dossier_id` : undefined,
        rowsOfDossier: `${rows} ${where('t.dossier_id = s.dossier_id', ...ofOperations, ...inStates)}`,
        ...(inUnitsAndOperations &&
          !isAll && {
            look: {
              share: `SELECT greatest(1, ${LOOK_IN_PARTS} / greatest(1, cardinality(${unitIds}) * cardinality(${operations}))) AS each`,
              parts: inParts(`SELECT t.id, t.created_at AS at, row_number() OVER (${inOrder}) = (SELECT each FROM share) AS is_last
              FROM transfer t WHERE ${[ofPart, ...range].join(' AND ')} ${inOrder} LIMIT (SELECT each FROM share)`),
              row: `${rows} ${where('t.id = cut.id', ...inStates)}`,
            },
          }),
      },
    }),
  }
}

export const searchTransfers = async (db: Sql, scope: Scope, filter: TransferFilter, page: PageRequest): Promise<Page<TransferRow>> => {
  const parameters = new Parameters()
  const listing = await listingOf(db, scope, filter, page.after, parameters)
  const rows = await db.query<TransferRow>(
    `SELECT ${TRANSFER_COLUMNS} FROM (${pageSql(listing, page.first + 1)}) page JOIN transfer t ON t.id = page.id
     JOIN dossier d ON d.id = t.dossier_id ORDER BY ${orderBy(TRANSFER_ORDER)}`,
    parameters.values,
  )
  return pageOf(rows, page.first)
}

export const countTransfers = async (db: Sql, scope: Scope, filter: TransferFilter): Promise<TotalCount> => {
  const parameters = new Parameters()
  const listing = await listingOf(db, scope, filter, undefined, parameters)
  const [row] = await db.query<{ found: number }>(countSql(listing), parameters.values)
  return totalCount(row?.found ?? 0)
}

/** SQL: `id` of the transfers of a list, at most so many, for who does something with all of it. The values go into `parameters`. */
export const listedTransfers = async (
  db: Sql,
  scope: Scope,
  filter: TransferFilter,
  most: number,
  parameters: Parameters,
): Promise<string> => pageSql(await listingOf(db, scope, filter, undefined, parameters), most)

/** Exact up to `most`; beyond, one more. */
export const countTransfersUpTo = async (db: Sql, scope: Scope, filter: TransferFilter, most: number): Promise<number> => {
  const parameters = new Parameters()
  const listing = await listingOf(db, scope, filter, undefined, parameters)
  const [row] = await db.query<{ found: number }>(countSql(listing, most), parameters.values)
  return row?.found ?? 0
}
