import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

/** What the queues, the outbox, the inbox and the gates before the systems look like at the moment of a scrape. */
export interface GaugeReadings {
  /** Of every system and state that is not settled for good, also with none. */
  readonly queues: readonly { readonly systemId: string; readonly state: string; readonly count: number; readonly oldestSeconds: number }[]
  readonly outbox: { readonly waiting: number; readonly lagSeconds: number }
  readonly inbox: readonly { readonly source: string; readonly state: string; readonly count: number; readonly oldestSeconds: number }[]
  readonly systems: readonly { readonly systemId: string; readonly paused: boolean; readonly inFlight: number }[]
  readonly breakers: readonly { readonly systemId: string; readonly class: string; readonly open: boolean }[]
  /** Of every system that is polled; null: never read to the end yet. */
  readonly feeds: readonly { readonly systemId: string; readonly unreadSeconds: number | null }[]
  /** Of every system, also with none. */
  readonly atRisk: readonly { readonly systemId: string; readonly count: number }[]
  readonly alerts: {
    readonly open: readonly { readonly rule: string; readonly systemId: string }[]
    readonly unsent: readonly { readonly channel: string; readonly count: number }[]
    /** Null: nobody has looked yet. */
    readonly unlookedSeconds: number | null
  }
}

export interface Metrics {
  readonly registry: Registry
  /** Settled transfers: labels `system`, `outcome`. */
  readonly transfersTotal: Counter<'system' | 'outcome'>
  /** Closed attempts: labels `system`, `kind` (SEND, INQUIRE), `outcome`. */
  readonly attemptsTotal: Counter<'system' | 'kind' | 'outcome'>
  /** Seconds of a foreign call: labels `system`, `kind`. */
  readonly attemptSeconds: Histogram<'system' | 'kind'>
  /** Inbound messages: labels `source`, `channel`, `state`. */
  readonly inboxTotal: Counter<'source' | 'channel' | 'state'>
  /** Seconds of an HTTP request: labels `route`, `method`, `status`. */
  readonly httpSeconds: Histogram<'route' | 'method' | 'status'>
  /** Look-ups of citizens: label `result`. */
  readonly citizenLookUpsTotal: Counter<'result'>
  /** How the gauges are read when someone scrapes. A failed reading leaves them out, says so, and fails no scrape. */
  readGaugesBy(read: () => Promise<GaugeReadings>): void
  /** Since when the store of the queue cannot be reached by this process; undefined: it answers. */
  readQueueStoreBy(awaySince: () => Date | undefined): void
  /** The gauges are read first, then all is written in Prometheus' text form. */
  scrape(): Promise<{ readonly contentType: string; readonly text: string }>
}

const CALL_BUCKETS_S = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60]

/** One registry a process (or a test): nothing is registered globally. */
export const createMetrics = ({ processMetrics = true }: { readonly processMetrics?: boolean } = {}): Metrics => {
  const registry = new Registry()
  if (processMetrics) collectDefaultMetrics({ register: registry })
  const registers = [registry]
  let reading: (() => Promise<GaugeReadings>) | undefined

  const waiting = new Gauge({ name: 'lienthong_outbox_waiting', help: 'Wake-ups written and not yet published', registers })
  const lag = new Gauge({ name: 'lienthong_outbox_lag_seconds', help: 'Age of the oldest unpublished wake-up', registers })
  const up = new Gauge({ name: 'lienthong_gauges_read', help: '1 when queue and outbox could be read at this scrape', registers })
  const oldest = new Gauge({
    name: 'lienthong_oldest_waiting_seconds',
    help: 'Age of the oldest transfer in this state; 0: there is none',
    labelNames: ['system', 'state'] as const,
    registers,
  })
  const depth = new Gauge({
    name: 'lienthong_queue_depth',
    help: 'Transfers that are not settled; 0: there are none',
    labelNames: ['system', 'state'] as const,
    registers,
  })
  const open = new Gauge({
    name: 'lienthong_inbox_open',
    help: 'Messages that are kept and not applied yet: no such dossier, too early, or just stored',
    labelNames: ['source', 'state'] as const,
    registers,
  })
  const oldestOpen = new Gauge({
    name: 'lienthong_inbox_oldest_open_seconds',
    help: 'Age of the oldest message in this state',
    labelNames: ['source', 'state'] as const,
    registers,
  })
  const paused = new Gauge({
    name: 'lienthong_system_paused',
    help: '1 while a person has paused the system, or its planned maintenance runs',
    labelNames: ['system'] as const,
    registers,
  })
  const inFlight = new Gauge({
    name: 'lienthong_in_flight',
    help: 'Transfers that a worker has in its hands, of all processes',
    labelNames: ['system'] as const,
    registers,
  })
  const breakerOpen = new Gauge({
    name: 'lienthong_breaker_open',
    help: '1 while the breaker is open or being tried (half open)',
    labelNames: ['system', 'class'] as const,
    registers,
  })
  const atRisk = new Gauge({
    name: 'lienthong_transfers_at_risk',
    help: 'Transfers that would miss the due date of their dossier: open alarms',
    labelNames: ['system'] as const,
    registers,
  })
  const feedAge = new Gauge({
    name: 'lienthong_feed_read_to_end_seconds',
    help: 'Time since the changes of a polled system were last read to their end; +Inf: never yet',
    labelNames: ['system'] as const,
    registers,
  })
  const alertOpen = new Gauge({
    name: 'lienthong_alert_open',
    help: '1 while a rule is broken for a system',
    labelNames: ['rule', 'system'] as const,
    registers,
  })
  const noticesUnsent = new Gauge({
    name: 'lienthong_alert_notices_unsent',
    help: 'Notices that a channel has not taken yet',
    labelNames: ['channel'] as const,
    registers,
  })
  const alertsUnlooked = new Gauge({
    name: 'lienthong_alerts_looked_at_seconds',
    help: 'Time since a worker last looked at the rules of alerts; +Inf: never yet',
    registers,
  })
  let queueAwaySince: (() => Date | undefined) | undefined
  const queueReachable = new Gauge({
    name: 'lienthong_queue_reachable',
    help: '1 while this process reaches the store of the queue',
    registers,
  })
  const queueAway = new Gauge({
    name: 'lienthong_queue_unreachable_seconds',
    help: 'For how long this process has not reached the store of the queue; 0: it answers',
    registers,
  })
  const takeQueueStore = (): void => {
    const since = queueAwaySince?.()
    queueReachable.set(since ? 0 : 1)
    queueAway.set(since ? (Date.now() - since.getTime()) / 1_000 : 0)
  }
  const takeReadings = async (read: () => Promise<GaugeReadings>): Promise<void> => {
    const readings = await read().catch(() => null)
    depth.reset()
    oldest.reset()
    open.reset()
    oldestOpen.reset()
    paused.reset()
    inFlight.reset()
    breakerOpen.reset()
    atRisk.reset()
    feedAge.reset()
    alertOpen.reset()
    noticesUnsent.reset()
    up.set(readings ? 1 : 0)
    if (!readings) return
    waiting.set(readings.outbox.waiting)
    lag.set(readings.outbox.lagSeconds)
    for (const { source, state, count, oldestSeconds } of readings.inbox) {
      open.set({ source, state }, count)
      oldestOpen.set({ source, state }, oldestSeconds)
    }
    for (const system of readings.systems) {
      paused.set({ system: system.systemId }, system.paused ? 1 : 0)
      inFlight.set({ system: system.systemId }, system.inFlight)
    }
    for (const breaker of readings.breakers) breakerOpen.set({ system: breaker.systemId, class: breaker.class }, breaker.open ? 1 : 0)
    for (const { systemId, unreadSeconds } of readings.feeds) feedAge.set({ system: systemId }, unreadSeconds ?? Number.POSITIVE_INFINITY)
    for (const { systemId, count } of readings.atRisk) atRisk.set({ system: systemId }, count)
    for (const { rule, systemId } of readings.alerts.open) alertOpen.set({ rule, system: systemId }, 1)
    for (const { channel, count } of readings.alerts.unsent) noticesUnsent.set({ channel }, count)
    alertsUnlooked.set(readings.alerts.unlookedSeconds ?? Number.POSITIVE_INFINITY)
    for (const queue of readings.queues) {
      depth.set({ system: queue.systemId, state: queue.state }, queue.count)
      oldest.set({ system: queue.systemId, state: queue.state }, queue.oldestSeconds)
    }
  }
  let underWay: Promise<void> | undefined
  /** Scrapes that come together share one reading: anybody may ask, and the database is asked once. */
  const readGauges = async (): Promise<void> => {
    if (!reading) return
    underWay ??= takeReadings(reading).finally(() => {
      underWay = undefined
    })
    await underWay
  }

  return {
    registry,
    transfersTotal: new Counter({
      name: 'lienthong_transfers_total',
      help: 'Settled transfers',
      labelNames: ['system', 'outcome'],
      registers,
    }),
    attemptsTotal: new Counter({
      name: 'lienthong_attempts_total',
      help: 'Closed attempts',
      labelNames: ['system', 'kind', 'outcome'],
      registers,
    }),
    attemptSeconds: new Histogram({
      name: 'lienthong_attempt_seconds',
      help: 'Duration of calls to a foreign system',
      labelNames: ['system', 'kind'],
      buckets: CALL_BUCKETS_S,
      registers,
    }),
    inboxTotal: new Counter({
      name: 'lienthong_inbox_messages_total',
      help: 'Messages from foreign systems',
      labelNames: ['source', 'channel', 'state'],
      registers,
    }),
    httpSeconds: new Histogram({
      name: 'lienthong_http_seconds',
      help: 'Duration of HTTP requests',
      labelNames: ['route', 'method', 'status'],
      buckets: CALL_BUCKETS_S,
      registers,
    }),
    citizenLookUpsTotal: new Counter({
      name: 'lienthong_citizen_look_ups_total',
      help: 'Look-ups of citizens: found, failed (wrong code or digits), refused (no such form), too_often',
      labelNames: ['result'],
      registers,
    }),
    readGaugesBy: (read) => {
      reading = read
    },
    readQueueStoreBy: (awaySince) => {
      queueAwaySince = awaySince
    },
    scrape: async () => {
      takeQueueStore()
      await readGauges()
      return { contentType: registry.contentType, text: await registry.metrics() }
    },
  }
}
