import { type Alerts, openAlerts } from '../../src/alerts.js'
import type { SystemId } from '../../src/model/system.js'
import { createSystemHealth } from '../../src/transfer/system-health.js'
import { startMailServer, type TestMailServer } from './mail-server.js'
import { raise } from './raise.js'
import { openTestSystem, type TestSystem, type TestSystemOptions } from './test-system.js'
import { startWebhookReceiver, type WebhookReceiver } from './webhook-receiver.js'

export const MINUTE_MS = 60_000
/** What the webhook is signed with. */
export const WEBHOOK_KEY = `whsec_${Buffer.from('khoa-thu-nghiem-khong-bi-mat-nao').toString('base64')}`

export interface ShownAlert {
  readonly rule: string
  readonly systemId: string
  readonly title: string
  readonly isOpen: boolean
  readonly notices: readonly {
    kind: string
    channel: string
    state: string
    attempts: number
    lastError: string | null
    sentAt: string | null
  }[]
}

interface Hook {
  readonly type: string
  readonly data: Record<string, unknown>
}

/** A system with the rules of a test alone, whose alerts go to a real SMTP server and to a webhook over real HTTP. */
export class AlertSystem {
  private alerts: Alerts | undefined

  private constructor(
    readonly system: TestSystem,
    readonly mail: TestMailServer,
    readonly receiver: WebhookReceiver,
  ) {}

  static async open(
    rules: Record<string, unknown> = {},
    changes: Record<string, unknown> = {},
    options: Pick<TestSystemOptions, 'redisUrl'> = {},
  ): Promise<AlertSystem> {
    const none = { systemDown: null, oldestWaiting: null, failureShare: null, dueDateRisk: null, heldTransfers: null, feedStalled: null }
    const mail = await startMailServer()
    const receiver = await startWebhookReceiver()
    const system = await openTestSystem({
      ...options,
      gateway: true,
      systems: { VILIS: { poll: { everyMs: 200 } } },
      alerts: {
        everyMs: 200,
        consoleUrl: 'https://lien-thong.vi-du.vn/console',
        rules: { ...none, ...rules },
        mail: {
          host: '127.0.0.1',
          port: mail.port,
          security: 'NONE',
          from: 'canh-bao@vi-du.vn',
          to: ['truc@vi-du.vn', 'to-truong@vi-du.vn'],
        },
        webhooks: [{ name: 'truc-ban', url: receiver.url, plainHttp: true }],
        ...changes,
      },
      secrets: { ALERT_WEBHOOK_SECRET_TRUC_BAN: WEBHOOK_KEY },
    })
    return new AlertSystem(system, mail, receiver)
  }

  /** One look at the rules and one sending of what is to be told, as a worker does them. */
  async round(): Promise<void> {
    this.alerts ??= openAlerts(this.system.context, raise)
    if (!this.alerts) throw new Error('alerts are switched off')
    await this.alerts.look()
    await this.alerts.send()
  }

  /** A call of a system has this outcome, by this technical code. */
  async goes(systemId: SystemId, outcome: 'UNAVAILABLE' | 'ACCEPTED', code = 'ECONNREFUSED'): Promise<void> {
    const health = createSystemHealth(this.system.context.db, raise)
    health.report({ systemId, outcome, code, cause: `Không kết nối được (${code}).` })
    await health.flush()
  }

  /** Of the mails that came, in their order. */
  subjects(): string[] {
    return this.mail.mails.map(({ subject }) => subject)
  }

  /** What the webhook was told, in its order. */
  hooks(): Hook[] {
    return this.receiver.requests.map(({ body }) => JSON.parse(body) as Hook)
  }

  /** As an operator sees them. */
  async shown(): Promise<ShownAlert[]> {
    const { alerts } = await this.system.gateway.query<{ alerts: { edges: { node: ShownAlert }[] } }>(
      'operator',
      '{ alerts { edges { node { rule systemId title isOpen notices { kind channel state attempts lastError sentAt } } } } }',
    )
    return alerts.edges.map(({ node }) => node)
  }

  async close(): Promise<void> {
    await this.alerts?.close()
    await this.system.close()
    await this.receiver.stop()
    await this.mail.stop()
  }
}
