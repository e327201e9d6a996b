import { type ComparedField, type ComparedRecord } from '../model/compared-record.js'
import type { DossierStatus } from '../model/dossier-status.js'
import type { SystemId } from '../model/system.js'
import { introductionOf } from '../model/transfer-order.js'
import type { Sql } from '../platform/database.js'
import type { ComparedGroup, ReceptionRange } from '../ports/comparison-source.js'

/**
 * Bản ghi đối soát của phía ta: what our tables say that a system must hold, read in pages. It must hold what was born there and what it has
 * acknowledged; what it was never brought to an end of is looked for by `our-side-repository.ts` alone.
 */
export interface OwnRecord extends ComparedRecord {
  readonly id: string
  readonly status: DossierStatus
}

/**
 * SQL: the system must hold `d`. As a value it is asked row by row: as an EXISTS the planner would read all transfers into memory for each page.
 */
export const expectedAt = (system: string, introduction: string): string => `(d.origin = ${system} OR coalesce((
  SELECT true FROM transfer t WHERE t.dossier_id = d.id AND t.system_id = ${system} AND t.operation = ${introduction} AND t.state = 'DELIVERED' LIMIT 1), false))`

const LOCAL = (column: string): string => `(${column} AT TIME ZONE 'Asia/Ho_Chi_Minh')`

/** Papers that were handed in: with the dossier, and later as a supplement. */
export const HANDED_IN = `('SUBMITTED', 'SUPPLEMENT')`

/** Lists as JSON text: one value a row, whatever its length. */
const FIELD_COLUMNS: Readonly<Record<ComparedField, string>> = {
  STATUS: 'd.status',
  DUE_DATE: 'd.due_at AS "dueAt"',
  APPLICANT: 'p.full_name AS "applicantName", p.id_number AS "applicantId"',
  PARCELS: `(SELECT json_agg(json_build_object('mapSheetNumber', x.map_sheet_number, 'parcelNumber', x.parcel_number))
    FROM parcel_reference x WHERE x.dossier_id = d.id) AS parcels`,
  DOCUMENTS: `(SELECT json_agg(json_build_object('name', x.name, 'sha256', x.sha256))
    FROM document x WHERE x.dossier_id = d.id AND x.role IN ${HANDED_IN}) AS documents`,
  AMOUNTS: `(SELECT json_agg(json_build_object('notice', x.notice_number, 'item', x.tax_kind, 'amount', coalesce(x.amount_vnd::text, '')))
    FROM tax_notice x WHERE x.dossier_id = d.id) AS amounts`,
}

export interface OwnRow {
  readonly id: string
  readonly code: string
  readonly commune: string
  readonly day: string
  readonly receivedAt: Date
  readonly status: DossierStatus
  readonly dueAt?: Date
  readonly applicantName?: string
  readonly applicantId?: string | null
  readonly parcels?: NonNullable<ComparedRecord['parcels']> | null
  readonly documents?: NonNullable<ComparedRecord['documents']> | null
  readonly amounts?: NonNullable<ComparedRecord['amounts']> | null
}

/** SQL columns of `d` with its unit `u` and applicant `p`. */
export const ownColumns = (fields: readonly ComparedField[]): string =>
  [
    'd.id::text, d.code, u.code AS commune, d.received_at AS "receivedAt"',
    `to_char(${LOCAL('d.received_at')}, 'YYYY-MM-DD') AS day`,
    FIELD_COLUMNS.STATUS,
    ...fields.filter((field) => field !== 'STATUS').map((field) => FIELD_COLUMNS[field]),
  ].join(', ')

/** The applicant row by row too, not by all parties at once. */
export const OWN_JOINS = `JOIN administrative_unit u ON u.id = d.receiving_unit_id
  JOIN LATERAL (SELECT full_name, id_number FROM party WHERE id = d.applicant_id LIMIT 1) p ON true`

/** What the system cannot say is not said for it either. */
export const ownRecordOf = (row: OwnRow, fields: readonly ComparedField[]): OwnRecord => ({
  id: row.id,
  dossierCode: row.code,
  communeCode: row.commune,
  receivedOn: row.day,
  status: row.status,
  ...(row.dueAt && { dueAt: row.dueAt.toISOString() }),
  ...(row.applicantName !== undefined && {
    applicant: { name: row.applicantName, ...(row.applicantId && { idNumber: row.applicantId }) },
  }),
  ...(fields.includes('PARCELS') && { parcels: row.parcels ?? [] }),
  ...(fields.includes('DOCUMENTS') && { documents: row.documents ?? [] }),
  ...(fields.includes('AMOUNTS') && { amounts: row.amounts ?? [] }),
})

export interface OwnQuery {
  readonly system: SystemId
  readonly fields: readonly ComparedField[]
}

/** `$1`, the system, and `$2`, the operation that introduces a dossier to it. */
export const parametersOf = ({ system }: OwnQuery): string[] => [system, introductionOf(system)]
const EXPECTED = expectedAt('$1', '$2')

/** Midnights of local dates. */
export const MIDNIGHT_OF = (placeholder: string): string => `(${placeholder}::date::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh')`
export const MIDNIGHT_AFTER = (placeholder: string): string => `((${placeholder}::date + 1)::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh')`

const PAGE = 2_000

type ListField = 'PARCELS' | 'DOCUMENTS' | 'AMOUNTS'
const LIST_FIELDS: readonly ComparedField[] = ['PARCELS', 'DOCUMENTS', 'AMOUNTS'] satisfies readonly ListField[]

/** The lists of a whole page in one statement each: row by row they cost the database several times as much. */
const LISTS: Readonly<Record<ListField, { readonly key: 'parcels' | 'documents' | 'amounts'; readonly sql: string }>> = {
  PARCELS: {
    key: 'parcels',
    sql: `SELECT dossier_id::text AS "ofId", map_sheet_number AS "mapSheetNumber", parcel_number AS "parcelNumber"
      FROM parcel_reference WHERE dossier_id = ANY($1::uuid[])`,
  },
  DOCUMENTS: {
    key: 'documents',
    sql: `SELECT dossier_id::text AS "ofId", name, sha256 FROM document WHERE dossier_id = ANY($1::uuid[]) AND role IN ${HANDED_IN}`,
  },
  AMOUNTS: {
    key: 'amounts',
    sql: `SELECT dossier_id::text AS "ofId", notice_number AS notice, tax_kind AS item, coalesce(amount_vnd::text, '') AS amount
      FROM tax_notice WHERE dossier_id = ANY($1::uuid[])`,
  },
}

const withLists = async (sql: Sql, rows: readonly OwnRow[], fields: readonly ComparedField[]): Promise<OwnRow[]> => {
  const found = new Map<string, Record<string, unknown[]>>(rows.map(({ id }) => [id, {}]))
  const ids = [...found.keys()]
  for (const field of fields.filter((one) => LIST_FIELDS.includes(one)) as ListField[]) {
    const { key, sql: text } = LISTS[field]
    for (const { ofId, ...item } of await sql.query<{ readonly ofId: string }>(text, [ids])) {
      const lists = found.get(ofId)
      if (lists) lists[key] = [...(lists[key] ?? []), item]
    }
  }
  return rows.map((row) => ({ ...row, ...(found.get(row.id) as Partial<OwnRow>) }))
}

interface Reception {
  readonly at: Date
  readonly id: string
}

const receptionPage = async (sql: Sql, query: OwnQuery, range: ReceptionRange, after?: Reception): Promise<OwnRow[]> => {
  const rows = await sql.query<OwnRow>(
    `SELECT ${ownColumns(query.fields.filter((field) => !LIST_FIELDS.includes(field)))} FROM (
       SELECT * FROM dossier d WHERE d.received_at >= ${MIDNIGHT_OF('$3')} AND d.received_at < ${MIDNIGHT_AFTER('$4')}
         AND ($5::timestamptz IS NULL OR d.received_at >= $5::timestamptz AND (d.received_at > $5::timestamptz OR d.id < $6::uuid))
         AND ${EXPECTED}
       ORDER BY d.received_at, d.id DESC LIMIT ${PAGE}) d ${OWN_JOINS}
     ORDER BY d.received_at, d.id DESC`,
    [...parametersOf(query), range.from, range.to, after?.at ?? null, after?.id ?? null],
  )
  return withLists(sql, rows, query.fields)
}

/**
 * All of a range in the order of their reception: the days come one after the other, the communes mixed. In memory stand the page that is looked at and the next
 * one, which the database reads meanwhile.
 */
export async function* ownByReception(sql: Sql, query: OwnQuery, range: ReceptionRange): AsyncGenerator<readonly OwnRecord[]> {
  let coming: Promise<OwnRow[]> | undefined = receptionPage(sql, query, range)
  while (coming) {
    const rows: OwnRow[] = await coming
    const last = rows.at(-1)
    coming = last && rows.length === PAGE ? receptionPage(sql, query, range, { at: last.receivedAt, id: last.id }) : undefined
    // Whoever stops reading leaves it behind: then its failure is nobody's.
    coming?.catch(() => undefined)
    if (rows.length > 0) yield rows.map((row) => ownRecordOf(row, query.fields))
  }
}

/** More dossiers of one day than this are sorted by the database, a page at a time. */
const LARGEST_DAY = 20_000

/** All of a range by day and code, as a list is read: a day in memory at a time, or a page of it. */
export async function* ownByCode(sql: Sql, query: OwnQuery, range: ReceptionRange, largestDay = LARGEST_DAY): AsyncGenerator<OwnRecord> {
  let day: OwnRecord[] = []
  let tooLarge: string | undefined
  for await (const page of ownByReception(sql, query, range))
    for (const record of page) {
      if (record.receivedOn === tooLarge) continue
      if (day[0] && day[0].receivedOn !== record.receivedOn) {
        yield* day.sort(byCode)
        day = []
      }
      day.push(record)
      if (day.length <= largestDay) continue
      tooLarge = record.receivedOn
      day = []
      yield* ownOfLargeDay(sql, query, record.receivedOn)
    }
  yield* day.sort(byCode)
}

const byCode = (a: OwnRecord, b: OwnRecord): number => (a.dossierCode < b.dossierCode ? -1 : 1)

async function* ownOfLargeDay(sql: Sql, query: OwnQuery, day: string): AsyncGenerator<OwnRecord> {
  for (let after = ''; ; ) {
    const rows: OwnRow[] = await sql.query<OwnRow>(
      `SELECT ${ownColumns(query.fields)} FROM dossier d ${OWN_JOINS}
       WHERE d.received_at >= ${MIDNIGHT_OF('$3')} AND d.received_at < ${MIDNIGHT_AFTER('$3')} AND d.code COLLATE "C" > $4 AND ${EXPECTED}
       ORDER BY d.code COLLATE "C" LIMIT ${PAGE}`,
      [...parametersOf(query), day, after],
    )
    for (const row of rows) yield ownRecordOf(row, query.fields)
    const last = rows.at(-1)
    if (!last || rows.length < PAGE) return
    after = last.code
  }
}

export const dayAfter = (day: string, days = 1): string => new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10)

/** Those of some communes and days; buckets are cut out of them by the caller. */
export const ownOfGroups = async (sql: Sql, query: OwnQuery, groups: readonly ComparedGroup[]): Promise<OwnRecord[]> => {
  const rows = await sql.query<OwnRow>(
    `SELECT ${ownColumns(query.fields)}
     FROM (SELECT DISTINCT commune, day FROM unnest($3::text[], $4::date[]) AS asked(commune, day)) asked
       JOIN dossier d ON d.received_at >= (asked.day::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh')
         AND d.received_at < ((asked.day + 1)::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh')
       ${OWN_JOINS}
     WHERE u.code = asked.commune AND ${EXPECTED}`,
    [...parametersOf(query), groups.map(({ communeCode }) => communeCode), groups.map(({ receivedOn }) => receivedOn)],
  )
  return rows.map((row) => ownRecordOf(row, query.fields))
}

const IS_OPEN = `d.status NOT IN ('NOT_ACCEPTED', 'WITHDRAWN_BY_APPLICANT', 'STOPPED', 'RESULT_RETURNED')`

/** How many of those that are not over a system must hold. */
export const countOwnOpen = async (sql: Sql, system: SystemId): Promise<number> => {
  const [row] = await sql.query<{ open: number }>(
    `SELECT count(*)::int AS open FROM dossier d WHERE ${IS_OPEN} AND ${EXPECTED}`,
    parametersOf({ system, fields: [] }),
  )
  return row?.open ?? 0
}

/** Those that are not over, in the order of their ids. */
export const ownOpen = async (sql: Sql, query: OwnQuery, afterId: string | undefined, limit: number): Promise<OwnRecord[]> => {
  const rows = await sql.query<OwnRow>(
    `SELECT ${ownColumns(query.fields)} FROM dossier d ${OWN_JOINS}
     WHERE ${IS_OPEN} AND ($3::uuid IS NULL OR d.id > $3::uuid) AND ${EXPECTED}
     ORDER BY d.id LIMIT $4::int`,
    [...parametersOf(query), afterId ?? null, limit],
  )
  return rows.map((row) => ownRecordOf(row, query.fields))
}

/** The first and the last day of reception that we know of; undefined: there is no dossier. */
export const ownRange = async (sql: Sql): Promise<ReceptionRange | undefined> => {
  const [row] = await sql.query<{ from: string | null; to: string | null }>(
    `SELECT to_char(${LOCAL('(SELECT min(received_at) FROM dossier)')}, 'YYYY-MM-DD') AS "from",
       to_char(${LOCAL('greatest((SELECT max(received_at) FROM dossier), app_now())')}, 'YYYY-MM-DD') AS "to"`,
  )
  return row?.from && row.to ? { from: row.from, to: row.to } : undefined
}
