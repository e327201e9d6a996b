import { Arg, Args, Ctx, ID, Query, Resolver, Root, Subscription } from 'type-graphql'
import { maskText, seesPersonalData } from '../access/masking.js'
import { requirePermission } from '../access/permissions.js'
import { invalidInput, notFound } from '../errors.js'
import { describeTrouble } from '../model/alert.js'
import {
  ALERT_ORDER,
  type AlertRow,
  alertsLookedAt,
  channelsTried,
  countAlerts,
  findAlert,
  noticesOf,
  searchAlerts,
} from '../operator/alert-search-repository.js'
import { isUuid } from '../platform/keyset.js'
import { Alert, AlertChange, AlertChannel, AlertConnection } from './alert.type.js'
import { connectionOf, PageArgs } from './connection.type.js'
import { followAlerts } from './follow-alerts.js'
import type { RequestContext } from './request-context.js'

/** With their notices, read for all of them at once. */
const withNotices = async ({ deps, caller, language }: RequestContext, rows: readonly AlertRow[]): Promise<Map<string, Alert>> => {
  const notices = await noticesOf(
    deps.db,
    rows.map(({ id }) => id),
  )
  return new Map(
    rows.map((row) => [
      row.id,
      {
        ...row,
        title: describeTrouble(row, language),
        isOpen: row.closedAt === null,
        acknowledgedWhy: row.acknowledgedWhy && (seesPersonalData(caller) ? row.acknowledgedWhy : maskText(row.acknowledgedWhy, [])),
        notices: notices.filter(({ alertId }) => alertId === row.id),
      },
    ]),
  )
}

export const requireAlert = async (context: RequestContext, id: string, field = 'id'): Promise<Alert> => {
  if (!isUuid(id)) throw invalidInput('ALERT_ID_INVALID', field, 'Mã cảnh báo không đúng dạng.')
  const row = await findAlert(context.deps.db, id)
  const alert = row && (await withNotices(context, [row])).get(row.id)
  if (!alert) throw notFound(`cảnh báo ${id}`)
  return alert
}

interface Subscribing {
  readonly args: { readonly lastEventId?: string | null }
  readonly context: RequestContext
}

const follow = ({ args, context }: Subscribing) => {
  const { caller, deps } = context
  requirePermission(caller, 'alertChanged')
  return followAlerts<AlertChange>(deps.alertChanges, args.lastEventId ?? null, async (rows) => {
    const alerts = await withNotices(context, rows)
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
    @Ctx() context: RequestContext,
  ): Promise<AlertConnection> {
    const { caller, deps } = context
    requirePermission(caller, 'alerts')
    const filter = { openOnly: openOnly ?? false }
    const page = await searchAlerts(deps.db, filter, { first, after: after ?? undefined })
    const alerts = await withNotices(context, page.rows)
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

  @Query(() => Alert, {
    nullable: true,
    description: 'Cảnh báo theo khóa, as the link of a notice names it. NOT_FOUND when there is none.',
  })
  async alert(@Arg('id', () => ID, { description: 'Khóa' }) id: string, @Ctx() context: RequestContext): Promise<Alert> {
    requirePermission(context.caller, 'alert')
    return requireAlert(context, id)
  }

  @Query(() => [AlertChannel], { description: 'Các kênh báo - of the configuration, and what became of the last test of each' })
  async alertChannels(@Ctx() { caller, deps }: RequestContext): Promise<readonly AlertChannel[]> {
    requirePermission(caller, 'alertChannels')
    return channelsTried(deps.db, deps.alertActs.channels)
  }

  @Subscription(() => AlertChange, {
    description:
      'Theo dõi cảnh báo - each one that is opened, taken by somebody or over, from any process; a client that comes back with its last event id misses none',
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
