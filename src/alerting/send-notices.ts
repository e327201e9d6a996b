import type { NoticeMessage } from '../model/alert.js'
import { nextWaitMs, type RetrySchedule } from '../model/retry-schedule.js'
import type { Sql } from '../platform/database.js'
import { claimNotice, giveUpOld, markSent, putOff } from './notice-repository.js'

/**
 * Gửi thông báo: what is kept for a channel is sent at least once, under an id of its own by which a receiver knows a repetition. A channel that fails is tried
 * again by a schedule, keeps no other channel waiting, and what it could not send in a day is given up in plain sight.
 */
export interface NoticeChannel {
  /** As it stands in the rows. */
  readonly name: string
  /** Ends well within `LEASE_MS`. Never throws for what the other side did; FAILED holds a sentence without secrets. */
  send(notice: { readonly id: string; readonly message: NoticeMessage }): Promise<SendResult>
  close(): Promise<void>
}

export type SendResult =
  | { readonly kind: 'SENT'; readonly remark?: string }
  | { readonly kind: 'FAILED'; readonly why: string; readonly retryAfterMs?: number }

export interface NoticeSending {
  readonly sql: Sql
  readonly channels: readonly NoticeChannel[]
  readonly giveUpAfterMs: number
  readonly random: () => number
  readonly onError: (error: unknown) => void
  /** A shutdown has begun: what is left is sent by whoever comes next. */
  readonly isStopping?: () => boolean
  readonly logger: { info(fields: object, message: string): void; warn(fields: object, message: string): void }
}

/** So long a notice is nobody else's while it is being sent. */
const LEASE_MS = 60_000

const SCHEDULE: RetrySchedule = {
  waitsMs: [10_000, 30_000, 120_000, 600_000, 1_800_000, 3_600_000],
  jitter: 0.2,
  retryAfterMinMs: 1_000,
  retryAfterMaxMs: 3_600_000,
}

/** All that is due now: the channels side by side, each until it has nothing more or fails. */
export const sendNotices = async (sending: NoticeSending): Promise<void> => {
  const { sql, channels, giveUpAfterMs, logger, onError } = sending
  await Promise.all(channels.map((channel) => sendOver(channel, sending).catch(onError)))
  const givenUp = await giveUpOld(sql, giveUpAfterMs)
  if (givenUp > 0) logger.warn({ givenUp }, 'thông báo cảnh báo không gửi được, đã thôi')
}

const sendOver = async (channel: NoticeChannel, { sql, logger, random, isStopping }: NoticeSending): Promise<void> => {
  while (!isStopping?.()) {
    const notice = await claimNotice(sql, channel.name, LEASE_MS)
    if (!notice) return
    const { id, message, attempt } = notice
    const result = await channel.send({ id, message })
    if (result.kind === 'SENT') {
      await markSent(sql, id, result.remark ?? null)
      logger.info(
        { noticeId: id, channel: channel.name, kind: message.kind, rule: message.rule, systemId: message.systemId },
        'đã gửi thông báo',
      )
      continue
    }
    await putOff(sql, notice, result.why, nextWaitMs(SCHEDULE, attempt, random(), result.retryAfterMs))
    logger.warn({ noticeId: id, channel: channel.name, attempt, cause: result.why }, 'chưa gửi được thông báo, sẽ thử lại')
    return
  }
}
