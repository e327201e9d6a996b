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
  /** Its place among all changes of alerts, decimal. */
  readonly changeNo: string
}

export interface NoticeRow {
  readonly id: string
  readonly alertId: string
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
  a.closed_at AS "closedAt", a.change_no::text AS "changeNo" FROM alert a`

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

/** Of all these alerts at once, oldest first. */
export const noticesOf = (db: Sql, alertIds: readonly string[]): Promise<NoticeRow[]> =>
  db.query<NoticeRow>(
    `SELECT id::text, alert_id::text AS "alertId", kind, channel, state, attempt_count AS attempts, created_at AS "createdAt",
       CASE WHEN state = 'WAITING' THEN next_attempt_at END AS "nextAttemptAt", sent_at AS "sentAt", last_error AS "lastError"
     FROM alert_notice WHERE alert_id = ANY($1::uuid[]) ORDER BY created_at, id`,
    [[...alertIds]],
  )

/** Alerts that were opened or closed after a change, in the order of their changes. */
export const alertsChangedSince = (db: Sql, changeNo: string, limit: number): Promise<AlertRow[]> =>
  db.query<AlertRow>(`${ALERTS} WHERE a.change_no > $1::bigint ORDER BY a.change_no LIMIT $2::int`, [changeNo, limit])

/** Number of the newest change; `0` when there was none. */
export const latestAlertChange = async (db: Sql): Promise<string> =>
  (await db.query<{ latest: string }>(`SELECT coalesce(max(change_no), 0)::text AS latest FROM alert`))[0]?.latest ?? '0'
