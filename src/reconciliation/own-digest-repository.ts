import type { ComparedField } from '../model/compared-record.js'
import { DOSSIER_STATUSES } from '../model/dossier-status.js'
import type { Sql } from '../platform/database.js'
import type { GroupDigest, ReceptionRange } from '../ports/comparison-source.js'
import { dayAfter, HANDED_IN, MIDNIGHT_AFTER, MIDNIGHT_OF, type OwnQuery, parametersOf } from './own-record-repository.js'

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

/** Of a dossier `d` and its applicant `p`; they stand before the lists in the declared order. A normal name is only looked at. */
const TEXTS: Readonly<Partial<Record<ComparedField, string>>> = {
  STATUS: `CASE d.status ${DOSSIER_STATUSES.map(({ status, code }) => `WHEN '${status}' THEN '${code}'`).join(' ')} ELSE '' END`,
  DUE_DATE: `coalesce(to_char(d.due_at AT TIME ZONE interval '7 hours', 'YYYYMMDDHH24MISS'), '')`,
  APPLICANT: `${tidy('p.name')} || '|' || coalesce(p.id_number, '')`,
}

const LISTS: Readonly<Partial<Record<ComparedField, { readonly text: string; readonly rows: string }>>> = {
  PARCELS: { text: `x.map_sheet_number || '/' || x.parcel_number`, rows: 'parcel_reference x WHERE true' },
  DOCUMENTS: { text: 'x.sha256', rows: `document x WHERE x.role IN ${HANDED_IN}` },
  AMOUNTS: { text: `x.notice_number || ':' || x.tax_kind || ':' || coalesce(x.amount_vnd::text, '')`, rows: 'tax_notice x WHERE true' },
}

const hexSha256 = (text: string): string => `encode(sha256(convert_to(${text}, 'UTF8')), 'hex')`
const SEPARATED = ' || chr(31) || '
const OF_RECEIVED = 'x.dossier_id = ANY (ARRAY(SELECT id FROM received))'

/**
 * A dossier's head and its lists, each of them folded by itself in the order of its index, are put under each other and folded once more, not joined: nothing depends on
 * how many rows the planner expects, which of an array it cannot know. A system must hold what was born there or has a `mark`, its acknowledgement (as `expectedAt` says).
 */
const groupsSql = (fields: readonly ComparedField[]): string => {
  const heads = fields.flatMap((field) => TEXTS[field] ?? [])
  const lists = fields.flatMap((field) => LISTS[field] ?? [])
  const columns = lists.map((_, index) => `list${index}`)
  const nulls = columns.map(() => ', NULL::text')
  const listed = lists.map(({ text, rows }, index) => {
    const items = `string_agg(${text}, ',' ORDER BY ${text} COLLATE "C")`
    return `UNION ALL SELECT x.dossier_id, NULL, NULL, NULL, NULL${nulls.with(index, `, ${items}`).join('')} FROM ${rows} AND ${OF_RECEIVED} GROUP BY x.dossier_id`
  })
  return `
  WITH received AS MATERIALIZED (
    SELECT d.id, u.code AS commune, (d.received_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date AS day, d.origin = $1 AS mark,
      ${['d.code', ...heads].join(SEPARATED)} AS head
    FROM dossier d JOIN administrative_unit u ON u.id = d.receiving_unit_id
      JOIN LATERAL (SELECT CASE WHEN full_name IS NFC NORMALIZED THEN full_name ELSE normalize(full_name, NFC) END AS name, id_number
        FROM party WHERE id = d.applicant_id LIMIT 1) p ON true
    WHERE d.received_at >= ${MIDNIGHT_OF('$3')} AND d.received_at < ${MIDNIGHT_AFTER('$4')}),
  piece (${['id', 'commune', 'day', 'mark', 'head', ...columns].join(', ')}) AS (
    SELECT id, commune, day, mark, head${nulls.join('')} FROM received
    UNION ALL SELECT x.dossier_id, NULL, NULL, true, NULL${nulls.join('')} FROM transfer x
      WHERE ${OF_RECEIVED} AND x.system_id = $1 AND x.operation = $2 AND x.state = 'DELIVERED'
    ${listed.join('\n    ')})
  SELECT commune AS "communeCode", to_char(day, 'YYYY-MM-DD') AS "receivedOn", count(*)::int AS count,
    ${hexSha256(`string_agg(digest, '' ORDER BY digest COLLATE "C")`)} AS digest
  FROM (
    SELECT min(commune) AS commune, min(day) AS day,
      ${hexSha256(['min(head)', ...columns.map((column) => `coalesce(min(${column}), '')`)].join(SEPARATED))} AS digest
    FROM piece GROUP BY id HAVING bool_or(mark)) record
  GROUP BY commune, day`
}

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
