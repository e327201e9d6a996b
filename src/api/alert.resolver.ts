import { Arg, Args, Ctx, ID, Query, Resolver, Root, Subscription } from 'type-graphql'
import { requirePermission } from '../access/permissions.js'
import { describeTrouble } from '../model/alert.js'
import { ALERT_ORDER, type AlertRow, alertsLookedAt, countAlerts, noticesOf, searchAlerts } from '../operator/alert-search-repository.js'
import type { Sql } from '../platform/database.js'
import { type Alert, AlertChange, AlertConnection } from './alert.type.js'
import { connectionOf, PageArgs } from './connection.type.js'
import { followAlerts } from './follow-alerts.js'
import type { RequestContext } from './request-context.js'

/** With their notices, read for all of them at once. */
const withNotices = async (db: Sql, rows: readonly AlertRow[]): Promise<Map<string, Alert>> => {
  const notices = await noticesOf(
    db,
    rows.map(({ id }) => id),
  )
  return new Map(
    rows.map((row) => [
      row.id,
      {
        ...row,
        title: describeTrouble(row),
        isOpen: row.closedAt === null,
        notices: notices.filter(({ alertId }) => alertId === row.id),
      },
    ]),
  )
}

interface Subscribing {
  readonly args: { readonly lastEventId?: string | null }
  readonly context: RequestContext
}

const follow = ({ args, context: { caller, deps } }: Subscribing) => {
  requirePermission(caller, 'alertChanged')
  return followAlerts<AlertChange>(deps.alertChanges, args.lastEventId ?? null, async (rows) => {
    const alerts = await withNotices(deps.db, rows)
    return rows.flatMap(({ id, changeNo }) => {
      const alert = alerts.get(id)
      return alert ? [{ eventId: changeNo, alert }] : []
    })
  })
}

@Resolver()
export class AlertResolver {
  @Query(() => AlertConnection, { description: 'Cảnh báo vận hành - newest first, with what became of each notice' })
  async alerts(
    @Arg('openOnly', () => Boolean, { nullable: true, description: 'Chỉ những cảnh báo đang mở' }) openOnly: boolean | null,
    @Args(() => PageArgs) { first, after }: PageArgs,
    @Ctx() { caller, deps }: RequestContext,
  ): Promise<AlertConnection> {
    requirePermission(caller, 'alerts')
    const filter = { openOnly: openOnly ?? false }
    const page = await searchAlerts(deps.db, filter, { first, after: after ?? undefined })
    const alerts = await withNotices(deps.db, page.rows)
    const connection = connectionOf({
      page,
      order: ALERT_ORDER,
      at: (row) => row.openedAt,
      after,
      node: ({ id }) => alerts.get(id) as Alert,
      count: () => countAlerts(deps.db, filter),
    })
    return { ...connection, lookedAt: () => alertsLookedAt(deps.db) }
  }

  @Subscription(() => AlertChange, {
    description:
      'Theo dõi cảnh báo - each one that is opened or is over, from any process; a client that comes back with its last event id misses none',
    subscribe: (data) => follow(data as Subscribing),
  })
  alertChanged(
    @Root() change: AlertChange,
    @Arg('lastEventId', () => ID, { nullable: true, description: 'Sự kiện cuối đã nhận: the subscription goes on after it' })
    _lastEventId: string | null,
  ): AlertChange {
    return change
  }
}
