import { dossierIdsOfCode } from '../access/dossier-of-code.js'
import { Parameters } from '../access/scope.js'
import type { Origin } from '../model/system.js'
import type { Sql } from '../platform/database.js'
import type { KeysetOrder, Page, PageRequest, TotalCount } from '../platform/keyset.js'
import { afterCursor, COUNT_LIMIT, orderBy, pageOf, totalCount } from '../platform/keyset.js'

/**
 * Thông điệp đến, for those who keep the interlink running: what a system told us and what became of it. Quarantined, refused and
 * conflicting ones change nothing and are seen only here. Neither payload nor raw text is read: they hold personal data.
 */
export const INBOX_STATES = [
  'STORED',
  'UNMATCHED',
  'EARLY',
  'APPLIED',
  'NO_CHANGE',
  'LATE',
  'ILLEGAL',
  'QUARANTINED',
  'REFUSED',
  'CONFLICT',
  'DISMISSED',
] as const
export type InboxMessageState = (typeof INBOX_STATES)[number]

export interface InboxMessageRow {
  readonly id: string
  readonly source: Origin
  readonly channel: string
  readonly operation: string
  readonly kind: string
  readonly state: InboxMessageState
  /** `REASON|field|sentence`, or a sentence alone. */
  readonly reason: string | null
  readonly dossierCode: string | null
  /** For masking: whom the reason may name. */
  readonly applicantName: string | null
  readonly eventAt: Date | null
  readonly receivedAt: Date
  readonly settledAt: Date | null
  readonly dismissedBy: string | null
  readonly dismissedBecause: string | null
}

export interface InboxMessageFilter {
  readonly states?: readonly InboxMessageState[]
  readonly sources?: readonly Origin[]
  readonly dossierCode?: string
  /** Only what was applied here and its source's feed, read again from its start, no longer showed. */
  readonly lostAtSource?: boolean
}

/** Newest first: an instant that never changes. */
export const INBOX_ORDER: KeysetOrder = { name: 'ir', column: 'm.received_at', idColumn: 'm.id', direction: 'DESC', idDirection: 'ASC' }

const LOST = `m.state = 'APPLIED' AND m.channel <> 'API' AND EXISTS (
  SELECT 1 FROM poll_cursor c WHERE c.system_id = m.source AND c.reread_ended_at IS NOT NULL AND m.received_at < c.reread_since
    AND (m.reread_at IS NULL OR m.reread_at < c.reread_since)
    AND m.event_at >= (SELECT min(s.event_at) FROM inbox_message s WHERE s.source = c.system_id AND s.reread_at >= c.reread_since))`

const conditions = (filter: InboxMessageFilter, parameters: Parameters): string => {
  const parts = ['TRUE']
  if (filter.states) parts.push(`m.state = ANY(${parameters.add([...filter.states])}::text[])`)
  if (filter.sources) parts.push(`m.source = ANY(${parameters.add([...filter.sources])}::text[])`)
  if (filter.dossierCode !== undefined) {
    const code = parameters.add(filter.dossierCode)
    parts.push(`(m.dossier_code = ${code}::text OR m.dossier_code IN (SELECT code FROM dossier WHERE id IN ${dossierIdsOfCode(code)}))`)
  }
  if (filter.lostAtSource) parts.push(LOST)
  return parts.join(' AND ')
}

const MESSAGES = `SELECT m.id::text, m.source, m.channel, m.operation, m.kind, m.state, m.reason, m.dossier_code AS "dossierCode", m.event_at AS "eventAt",
    m.received_at AS "receivedAt", m.settled_at AS "settledAt", m.dismissed_by AS "dismissedBy", m.dismissed_because AS "dismissedBecause",
    coalesce(p.full_name, m.payload #>> '{dossier,applicant,fullName}') AS "applicantName"
  FROM inbox_message m LEFT JOIN dossier d ON d.code = m.dossier_code LEFT JOIN party p ON p.id = d.applicant_id`

export const findInboxMessage = async (db: Sql, id: string): Promise<InboxMessageRow | undefined> =>
  (await db.query<InboxMessageRow>(`${MESSAGES} WHERE m.id = $1::uuid`, [id]))[0]

export const searchInboxMessages = async (db: Sql, filter: InboxMessageFilter, page: PageRequest): Promise<Page<InboxMessageRow>> => {
  const parameters = new Parameters()
  const where = conditions(filter, parameters)
  const after = afterCursor(INBOX_ORDER, page.after, (value) => parameters.add(value))
  const rows = await db.query<InboxMessageRow>(
    `${MESSAGES} WHERE ${where} AND ${after} ORDER BY ${orderBy(INBOX_ORDER)} LIMIT ${page.first + 1}`,
    parameters.values,
  )
  return pageOf(rows, page.first)
}

export const countInboxMessages = async (db: Sql, filter: InboxMessageFilter): Promise<TotalCount> => {
  const parameters = new Parameters()
  const where = conditions(filter, parameters)
  const [row] = await db.query<{ found: number }>(
    `SELECT count(*)::int AS found FROM (SELECT 1 FROM inbox_message m WHERE ${where} LIMIT ${COUNT_LIMIT + 1}) AS capped`,
    parameters.values,
  )
  return totalCount(row?.found ?? 0)
}
