import { type Caller, nameOf, personOf } from '../access/caller.js'
import type { NoticeMessage } from '../model/alert.js'
import { describeInstant } from '../model/working-calendar.js'
import type { Database, Tx } from '../platform/database.js'
import { type ActRefusal, refused } from './perform-act.js'

/**
 * Gửi thông báo thử: puts a notice of no alert into the line of each channel, from which a worker sends it as it sends every other one. So what is tried is the
 * very road that an alert takes: the worker, its secrets, the network and the receiver.
 */
export interface TestAlertChannels {
  /** Undefined: every one. */
  readonly channel?: string
  readonly reason: string
  readonly actor: Caller
  readonly requestKey?: string
}

export interface AlertChannelNames {
  /** As the workers have them configured; none: nobody is told of anything. */
  readonly channels: readonly string[]
  readonly consoleUrl: string | undefined
}

export type TestChannelsResult = { readonly kind: 'DONE'; readonly noticeIds: readonly string[] } | ActRefusal

export const testAlertChannels = (
  db: Database,
  { channel, reason, actor, requestKey }: TestAlertChannels,
  { channels, consoleUrl }: AlertChannelNames,
): Promise<TestChannelsResult> =>
  db.transaction(async (tx) => {
    const known = requestKey === undefined ? undefined : await noticesOfRequest(tx, actor.subject, requestKey)
    if (known) return { kind: 'DONE', noticeIds: known }
    if (channels.length === 0)
      return refused('NO_CHANNEL', 'Chưa cấu hình kênh báo nào, hoặc cảnh báo đang tắt: hãy đặt "alerts.mail" hoặc "alerts.webhooks".')
    if (channel !== undefined && !channels.includes(channel))
      return refused('CHANNEL_UNKNOWN', `Không có kênh "${channel}"; các kênh là: ${channels.join(', ')}.`)
    const [{ now }] = (await tx.query<{ now: Date }>(`SELECT app_now() AS now`)) as [{ now: Date }]
    const message = messageOf(actor, now, consoleUrl)
    const notices = await tx.orm.alertNotice.createManyAndReturn({
      data: (channel === undefined ? channels : [channel]).map((name) => ({ kind: 'TEST', channel: name, message: { ...message } })),
      select: { id: true },
    })
    const noticeIds = notices.map(({ id }) => id)
    await tx.orm.auditEntry.create({
      data: {
        ...personOf(actor),
        act: 'TEST_ALERT_CHANNELS',
        reason,
        before: {},
        after: { channel: channel ?? null, notices: noticeIds, ...(requestKey !== undefined && { request: requestKey }) },
      },
    })
    return { kind: 'DONE', noticeIds }
  })

const messageOf = (actor: Caller, now: Date, consoleUrl: string | undefined): NoticeMessage => {
  const link = consoleUrl === undefined ? null : `${consoleUrl.replace(/\/$/, '')}/alerts`
  const text = [
    `${nameOf(actor)} gửi thử lúc ${describeInstant(now)}.`,
    'Nhận được thông báo này nghĩa là kênh báo hoạt động. Không có việc gì phải làm.',
    ...(link === null ? [] : [`Xem: ${link}`]),
  ]
  return {
    alertId: null,
    kind: 'TEST',
    rule: null,
    systemId: null,
    systemName: null,
    value: null,
    threshold: null,
    openedAt: null,
    closedAt: null,
    title: 'Thông báo thử của cổng liên thông',
    text: text.join('\n'),
    link,
  }
}

const noticesOfRequest = async (tx: Tx, actor: string, requestKey: string): Promise<readonly string[] | undefined> =>
  (
    await tx.query<{ notices: string[] }>(
      `SELECT after->'notices' AS notices FROM audit_entry WHERE act = 'TEST_ALERT_CHANNELS' AND actor = $1 AND after->>'request' = $2 LIMIT 1`,
      [actor, requestKey],
    )
  )[0]?.notices
