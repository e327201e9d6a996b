import { Parameters } from '../access/scope.js'
import type { AlertRule, NoticeKind, NoticeState } from '../model/alert.js'
import type { SystemId } from '../model/system.js'
import type { Sql } from '../platform/database.js'
import type { KeysetOrder, Page, PageRequest, TotalCount } from '../platform/keyset.js'
import { afterCursor, COUNT_LIMIT, orderBy, pageOf, totalCount } from '../platform/keyset.js'

/** Cảnh báo for the console: the open ones and those that were, with what became of each notice. */
export interface AlertRow {
  readonly id: string
  readonly rule: AlertRule
  readonly systemId: SystemId
  readonly value: number
  readonly threshold: number
  readonly openedAt: Date
  readonly seenAt: Date
  readonly closedAt: Date | null
  readonly acknowledgedBy: string | null
  readonly acknowledgedAt: Date | null
  readonly acknowledgedWhy: string | null
  /** Its place among all changes of alerts, decimal. */
  readonly changeNo: string
}

export interface NoticeRow {
  readonly id: string
  /** Null: a test. */
  readonly alertId: string | null
  readonly kind: NoticeKind
  readonly channel: string
  readonly state: NoticeState
  readonly attempts: number
  readonly createdAt: Date
  /** Null: it is not tried any more. */
  readonly nextAttemptAt: Date | null
  readonly sentAt: Date | null
  readonly lastError: string | null
}

export interface AlertFilter {
  readonly openOnly?: boolean
}

/** Newest first. */
export const ALERT_ORDER: KeysetOrder = { name: 'al', column: 'a.opened_at', idColumn: 'a.id', direction: 'DESC', idDirection: 'DESC' }

const ALERTS = `SELECT a.id::text, a.rule, a.system_id AS "systemId", a.value, a.threshold, a.opened_at AS "openedAt", a.seen_at AS "seenAt",
  a.closed_at AS "closedAt", a.acknowledged_by AS "acknowledgedBy", a.acknowledged_at AS "acknowledgedAt", a.acknowledged_why AS "acknowledgedWhy",
  a.change_no::text AS "changeNo" FROM alert a`

const whereOf = ({ openOnly }: AlertFilter): string => (openOnly ? 'a.closed_at IS NULL' : 'TRUE')

export const searchAlerts = async (db: Sql, filter: AlertFilter, page: PageRequest): Promise<Page<AlertRow>> => {
  const parameters = new Parameters()
  const after = afterCursor(ALERT_ORDER, page.after, (value) => parameters.add(value))
  const rows = await db.query<AlertRow>(
    `${ALERTS} WHERE ${whereOf(filter)} AND ${after} ORDER BY ${orderBy(ALERT_ORDER)} LIMIT ${page.first + 1}`,
    parameters.values,
  )
  return pageOf(rows, page.first)
}

export const countAlerts = async (db: Sql, filter: AlertFilter): Promise<TotalCount> => {
  const [row] = await db.query<{ found: number }>(
    `SELECT count(*)::int AS found FROM (SELECT 1 FROM alert a WHERE ${whereOf(filter)} LIMIT ${COUNT_LIMIT + 1}) AS capped`,
  )
  return totalCount(row?.found ?? 0)
}

/** Null: nobody has looked yet. */
export const alertsLookedAt = async (db: Sql): Promise<Date | null> =>
  (await db.query<{ at: Date }>(`SELECT looked_at AS at FROM alert_look`))[0]?.at ?? null

export const findAlert = async (db: Sql, id: string): Promise<AlertRow | undefined> =>
  (await db.query<AlertRow>(`${ALERTS} WHERE a.id = $1::uuid`, [id]))[0]

const NOTICES = `SELECT n.id::text, n.alert_id::text AS "alertId", n.kind, n.channel, n.state, n.attempt_count AS attempts, n.created_at AS "createdAt",
  CASE WHEN n.state = 'WAITING' THEN n.next_attempt_at END AS "nextAttemptAt", n.sent_at AS "sentAt", n.last_error AS "lastError" FROM alert_notice n`

/** Of all these alerts at once, oldest first. */
export const noticesOf = (db: Sql, alertIds: readonly string[]): Promise<NoticeRow[]> =>
  db.query<NoticeRow>(`${NOTICES} WHERE n.alert_id = ANY($1::uuid[]) ORDER BY n.created_at, n.id`, [[...alertIds]])

export const findNotices = (db: Sql, ids: readonly string[]): Promise<NoticeRow[]> =>
  db.query<NoticeRow>(`${NOTICES} WHERE n.id = ANY($1::uuid[]) ORDER BY n.channel`, [[...ids]])

/** The last test of each of these channels, and when anything went out over it last. */
export const channelsTried = async (
  db: Sql,
  channels: readonly string[],
): Promise<readonly { readonly name: string; readonly lastTest: NoticeRow | null; readonly lastSentAt: Date | null }[]> => {
  const tests = await db.query<NoticeRow>(
    `SELECT t.* FROM unnest($1::text[]) AS w(channel) CROSS JOIN LATERAL (
       ${NOTICES} WHERE n.channel = w.channel AND n.kind = 'TEST' ORDER BY n.created_at DESC LIMIT 1) t`,
    [[...channels]],
  )
  const sent = await db.query<{ channel: string; at: Date }>(
    `SELECT channel, max(sent_at) AS at FROM alert_notice WHERE channel = ANY($1::text[]) AND sent_at IS NOT NULL GROUP BY channel`,
    [[...channels]],
  )
  return channels.map((name) => ({
    name,
    lastTest: tests.find(({ channel }) => channel === name) ?? null,
    lastSentAt: sent.find(({ channel }) => channel === name)?.at ?? null,
  }))
}

/** Alerts that were opened or closed after a change, in the order of their changes. */
export const alertsChangedSince = (db: Sql, changeNo: string, limit: number): Promise<AlertRow[]> =>
  db.query<AlertRow>(`${ALERTS} WHERE a.change_no > $1::bigint ORDER BY a.change_no LIMIT $2::int`, [changeNo, limit])

/** Number of the newest change; `0` when there was none. */
export const latestAlertChange = async (db: Sql): Promise<string> =>
  (await db.query<{ latest: string }>(`SELECT coalesce(max(change_no), 0)::text AS latest FROM alert`))[0]?.latest ?? '0'
