import type { ComparedField } from '../model/compared-record.js'
import { DOSSIER_STATUSES } from '../model/dossier-status.js'
import type { Sql } from '../platform/database.js'
import type { GroupDigest, ReceptionRange } from '../ports/comparison-source.js'
import { dayAfter, EXPECTED, HANDED_IN, MIDNIGHT_AFTER, MIDNIGHT_OF, type OwnQuery, parametersOf } from './own-record-repository.js'

/**
 * Mã băm của phía ta: the digests of communes and days, reckoned by the database from its rows at each question, by the rules of `model/compared-record.ts`; nothing is
 * kept. Read and digested here, our side would cost several times what theirs costs them. Were a text ever written otherwise than there, its group would only
 * be read record by record, which this program digests itself: too much work, never a finding.
 */
export interface OwnDigests {
  readonly groups: readonly GroupDigest[]
  readonly compared: number
}

/** One statement each: short ones, between which the lease is kept, in memory that any server gives. */
const DAYS_AT_ONCE = 31
/** While they reckon on a processor of theirs, the database has two for us. */
const STATEMENTS_AT_ONCE = 2

/** What JavaScript takes for white space: `\s`, and what `trim` takes away. */
const SPACES = '\\t\\n\\v\\f\\r \\u00A0\\u1680\\u2000-\\u200A\\u2028\\u2029\\u202F\\u205F\\u3000\\uFEFF'
const UNTIDY = `'^[${SPACES}]|[${SPACES}]$|[${SPACES}]{2}|[${SPACES.replace(' ', '')}]'`
const tidy = (text: string): string => `CASE WHEN ${text} ~ ${UNTIDY}
  THEN regexp_replace(regexp_replace(${text}, '^[${SPACES}]+|[${SPACES}]+$', '', 'g'), '[${SPACES}]+', ' ', 'g') ELSE ${text} END`

/** Of a dossier `h` and its applicant `p`. A normal name is only looked at. */
const TEXTS: Readonly<Record<ComparedField, string>> = {
  STATUS: `CASE h.status ${DOSSIER_STATUSES.map(({ status, code }) => `WHEN '${status}' THEN '${code}'`).join(' ')} ELSE '' END`,
  DUE_DATE: `coalesce(to_char(h.due_at AT TIME ZONE interval '7 hours', 'YYYYMMDDHH24MISS'), '')`,
  APPLICANT: `${tidy('p.name')} || '|' || coalesce(p.id_number, '')`,
  PARCELS: `coalesce(parcels.text, '')`,
  DOCUMENTS: `coalesce(documents.text, '')`,
  AMOUNTS: `coalesce(amounts.text, '')`,
}

const LISTS: Readonly<Partial<Record<ComparedField, { readonly name: string; readonly text: string; readonly rows: string }>>> = {
  PARCELS: { name: 'parcels', text: `x.map_sheet_number || '/' || x.parcel_number`, rows: 'parcel_reference x WHERE true' },
  DOCUMENTS: { name: 'documents', text: 'x.sha256', rows: `document x WHERE x.role IN ${HANDED_IN}` },
  AMOUNTS: {
    name: 'amounts',
    text: `x.notice_number || ':' || x.tax_kind || ':' || coalesce(x.amount_vnd::text, '')`,
    rows: 'tax_notice x WHERE true',
  },
}

const joined = (field: ComparedField): string => {
  const list = LISTS[field]
  if (!list) return ''
  return `LEFT JOIN (
      SELECT i.dossier_id, string_agg(i.text, ',' ORDER BY i.text COLLATE "C") AS text
      FROM (SELECT x.dossier_id, ${list.text} AS text FROM ${list.rows} AND x.dossier_id = ANY (ARRAY(SELECT id FROM held))) i
      GROUP BY i.dossier_id) ${list.name} ON ${list.name}.dossier_id = h.id`
}

const hexSha256 = (text: string): string => `encode(sha256(convert_to(${text}, 'UTF8')), 'hex')`

const groupsSql = (fields: readonly ComparedField[]): string => `
  WITH held AS MATERIALIZED (
    SELECT d.id, d.code, d.status, d.due_at, d.applicant_id, d.receiving_unit_id, (d.received_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date AS day
    FROM dossier d WHERE d.received_at >= ${MIDNIGHT_OF('$3')} AND d.received_at < ${MIDNIGHT_AFTER('$4')} AND ${EXPECTED})
  SELECT r.commune AS "communeCode", to_char(r.day, 'YYYY-MM-DD') AS "receivedOn", count(*)::int AS count,
    ${hexSha256(`string_agg(r.digest, '' ORDER BY r.digest COLLATE "C")`)} AS digest
  FROM (
    SELECT u.code AS commune, h.day, ${hexSha256(['h.code', ...fields.map((field) => TEXTS[field])].join(' || chr(31) || '))} AS digest
    FROM held h JOIN administrative_unit u ON u.id = h.receiving_unit_id
      JOIN LATERAL (SELECT CASE WHEN full_name IS NFC NORMALIZED THEN full_name ELSE normalize(full_name, NFC) END AS name, id_number
        FROM party WHERE id = h.applicant_id LIMIT 1) p ON true
      ${fields.map(joined).join('\n')}) r
  GROUP BY r.commune, r.day`

/** `beat` is called before each statement. */
export const ownDigests = async (sql: Sql, query: OwnQuery, range: ReceptionRange, beat: () => Promise<void>): Promise<OwnDigests> => {
  const groups: GroupDigest[] = []
  const parts = inParts(range)
  const text = groupsSql(query.fields)
  // A name has 63 letters at most.
  const plan = { planName: `own-digests ${query.fields.map((field) => field.slice(0, 3)).join('+')}` }
  const readOn = async (): Promise<void> => {
    for (let part = parts.shift(); part; part = parts.shift()) {
      await beat()
      groups.push(...(await sql.query<GroupDigest>(text, [...parametersOf(query), part.from, part.to], plan)))
    }
  }
  const readers = await Promise.allSettled(
    Array.from({ length: STATEMENTS_AT_ONCE }, () =>
      readOn().catch((error: unknown) => {
        // The others begin nothing more.
        parts.length = 0
        throw error
      }),
    ),
  )
  for (const reader of readers) if (reader.status === 'rejected') throw reader.reason
  return { groups, compared: groups.reduce((sum, { count }) => sum + count, 0) }
}

const inParts = ({ from, to }: ReceptionRange): ReceptionRange[] => {
  const parts: ReceptionRange[] = []
  for (let begin = from; begin <= to; begin = dayAfter(begin, DAYS_AT_ONCE)) {
    const last = dayAfter(begin, DAYS_AT_ONCE - 1)
    parts.push({ from: begin, to: last < to ? last : to })
  }
  return parts
}
