import { evaluateAlerts } from './alerting/evaluate-alerts.js'
import { openMailChannel } from './alerting/mail-channel.js'
import { type NoticeChannel, sendNotices } from './alerting/send-notices.js'
import { openWebhookChannel } from './alerting/webhook-channel.js'
import { alertChannelsOf } from './config/alert-channels.js'
import type { Context } from './context.js'
import { openMailer } from './platform/mail.js'

/** Cảnh báo vận hành, put together from the configuration: what a worker runs by the clock. */
export interface Alerts {
  readonly everyMs: number
  /** One look at the rules. */
  look(): Promise<void>
  /** Sends what is due over every channel. */
  send(isStopping?: () => boolean): Promise<void>
  close(): Promise<void>
}

const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000

/** Undefined when they are switched off. Throws a ConfigurationError when a channel lacks its secret. */
export const openAlerts = ({ db, logger, options, systems }: Context, onError: (error: unknown) => void): Alerts | undefined => {
  const { configuration, secrets } = options
  const { alerts } = configuration
  const { mail, webhooks } = alertChannelsOf(configuration, secrets)
  if (!alerts.enabled) return undefined
  const channels: readonly NoticeChannel[] = [
    ...(mail ? [openMailChannel(openMailer(mail))] : []),
    ...webhooks.map((webhook) => openWebhookChannel(webhook)),
  ]
  return {
    everyMs: alerts.everyMs,
    look: () =>
      evaluateAlerts({
        db,
        logger,
        thresholds: alerts.rules,
        quietMs: alerts.quietMinutes * MINUTE_MS,
        systems: [...systems.targets.keys()],
        polled: systems.polled.map(({ id }) => id).filter((id) => configuration.systems[id].poll.enabled),
        channels: channels.map(({ name }) => name),
        consoleUrl: alerts.consoleUrl,
      }),
    send: (isStopping) =>
      sendNotices({
        sql: db,
        channels,
        giveUpAfterMs: alerts.giveUpAfterHours * HOUR_MS,
        random: Math.random,
        onError,
        logger,
        ...(isStopping && { isStopping }),
      }),
    close: async () => {
      await Promise.all(channels.map((channel) => channel.close()))
    },
  }
}
