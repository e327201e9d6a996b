import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { type Alerts, openAlerts } from '../../src/alerts.js'
import { type Context, openContext } from '../../src/context.js'
import { keepQueueOutage } from '../../src/transfer/queue-outage-repository.js'
import { type RunningWorker, startWorker } from '../../src/worker-process.js'
import { AlertSystem, MINUTE_MS } from '../support/alert-system.js'
import { raise } from '../support/raise.js'
import { openRedisWire } from '../support/redis-wire.js'
import { until } from '../support/until.js'

/** The jobs that look at the rules come by the queue: that it is away reaches people all the same, and so does all else that goes wrong meanwhile. */
let alerts: AlertSystem
let workers: RunningWorker[]
let others: Context[]
let stop: (() => Promise<void>)[]
beforeEach(() => {
  workers = []
  others = []
  stop = []
})
afterEach(async () => {
  await Promise.all(workers.map((worker) => worker.stop()))
  for (const other of others) await other.close()
  await alerts.close()
  for (const end of stop) await end()
})

const heard = (): string[] => alerts.hooks().map(({ type, data }) => `${type} ${data.rule}`)

const isDone = async (mails: number, hooks: number): Promise<boolean> =>
  alerts.mail.mails.length >= mails && alerts.receiver.requests.length >= hooks

const looked = async (times: number): Promise<void> => {
  const looks = new Set<number>()
  await until(`it was looked at ${times} times`, async () => {
    const [look] = await alerts.system.context.db.query<{ at: Date }>('SELECT looked_at AS at FROM alert_look')
    return look && looks.add(look.at.getTime()).size > times
  })
}

test('people are told once by two workers that Redis is away, of a system that is down meanwhile, and that Redis is back', async () => {
  const { wire, redisUrl, stop: end } = await openRedisWire(13)
  stop.push(end)
  alerts = await AlertSystem.open({ queueAway: { minutes: 1 }, systemDown: { minutes: 1 } }, {}, { redisUrl })
  others.push(await openContext(alerts.system.context.options))
  const contexts = [alerts.system.context, ...others]
  for (const context of contexts) workers.push(await startWorker(context, { guardEveryMs: 100 }))
  await looked(2)
  expect(heard()).toEqual([])

  wire.cut()
  await until('both know it', async () => contexts.every(({ store }) => store.standing()?.awaySince !== undefined))
  await until('it stands in the database', async () => {
    const [told] = await alerts.system.context.db.query<{ count: number }>('SELECT count(*)::int AS count FROM queue_outage')
    return told?.count === 1
  })
  await alerts.system.pass(MINUTE_MS)
  await until('both channels were told', () => isDone(1, 1))
  await looked(10)
  expect(alerts.subjects()).toEqual([
    expect.stringMatching(
      /^\[Liên thông\] Cảnh báo: Hàng đợi \(Redis\) không tới được đã 1 phút: hồ sơ vẫn nhận, lượt liên thông phải chờ$/,
    ),
  ])
  expect(alerts.mail.mails[0]?.text).toContain('REDIS_URL')
  expect(alerts.hooks()).toMatchObject([
    { type: 'alert.opened', data: { rule: 'QUEUE_AWAY', systemId: null, systemName: null, threshold: 1, closedAt: null } },
  ])
  expect(await alerts.shown()).toMatchObject([{ rule: 'QUEUE_AWAY', isOpen: true }])

  await alerts.goes('PORTAL', 'UNAVAILABLE')
  await alerts.system.pass(MINUTE_MS)
  await until('both channels were told of the system as well', () => isDone(2, 2))
  await looked(10)
  expect(heard()).toEqual(['alert.opened QUEUE_AWAY', 'alert.opened SYSTEM_DOWN'])

  wire.heal()
  await until('both channels have heard that it is back', () => isDone(3, 3))
  await looked(10)
  expect(heard()).toEqual(['alert.opened QUEUE_AWAY', 'alert.opened SYSTEM_DOWN', 'alert.closed QUEUE_AWAY'])
  expect(alerts.subjects()).toHaveLength(3)
  expect(alerts.subjects()[2]).toMatch(/^\[Liên thông\] Đã hết: Hàng đợi \(Redis\)/)
})

/** All of them want the same notices at the same moment: somebody holds these until they have passed them over, or all stand before one. */
const atOnce = async ({ db }: Context, begin: () => Promise<void>[]): Promise<void> => {
  const begun = await db.transaction(async (tx) => {
    await tx.query('SELECT id::text FROM alert_notice FOR UPDATE')
    const sends = begin()
    let passedOver = false
    const all = Promise.all(sends).then(() => {
      passedOver = true
    })
    await until('they have passed them over, or wait', async () => {
      const [waiting] = await tx.query<{ count: number }>(
        `SELECT count(*)::int AS count FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      )
      return passedOver || (waiting?.count ?? 0) >= sends.length
    })
    return { all }
  })
  await begun.all
}

test('of eight turns at the same moment, of two processes, each notice is raised and sent by one', async () => {
  alerts = await AlertSystem.open({ queueAway: { minutes: 1 }, systemDown: { minutes: 1 } })
  others.push(await openContext(alerts.system.context.options))
  const turns = [alerts.system.context, ...others].flatMap((context) => [1, 2, 3, 4].map(() => openAlerts(context, raise) as Alerts))
  const { db } = alerts.system.context
  const [now] = await db.query<{ at: Date }>('SELECT app_now() AS at')
  await keepQueueOutage(db, { process: 'may-khac:1', since: now?.at ?? new Date(), cause: 'ECONNREFUSED' })
  await alerts.goes('VILIS', 'UNAVAILABLE')
  await alerts.goes('PORTAL', 'UNAVAILABLE')
  await alerts.system.pass(MINUTE_MS)
  try {
    for (let round = 0; round < 3; round++) {
      await Promise.all(turns.map((turn) => turn.look()))
      await atOnce(alerts.system.context, () => turns.map((turn) => turn.send()))
      await Promise.all(turns.map((turn) => turn.send()))
    }
  } finally {
    for (const turn of turns) await turn.close()
  }
  expect(heard().sort()).toEqual(['alert.opened QUEUE_AWAY', 'alert.opened SYSTEM_DOWN', 'alert.opened SYSTEM_DOWN'])
  expect(alerts.subjects()).toHaveLength(3)
  const shown = await alerts.shown()
  expect(shown.map(({ rule }) => rule).sort()).toEqual(['QUEUE_AWAY', 'SYSTEM_DOWN', 'SYSTEM_DOWN'])
  expect(shown.flatMap(({ notices }) => notices.map(({ state, attempts }) => `${state} ${attempts}`))).toEqual(Array(6).fill('SENT 1'))
})

test('it is told when it has lasted, and an outage that its process tells no more is over', async () => {
  alerts = await AlertSystem.open({ queueAway: { minutes: 1 } })
  const { db } = alerts.system.context
  const [now] = await db.query<{ at: Date }>('SELECT app_now() AS at')
  await keepQueueOutage(db, { process: 'may-khac:1', since: now?.at ?? new Date(), cause: 'ECONNREFUSED' })
  await alerts.round()
  expect(heard()).toEqual([])
  await alerts.system.pass(MINUTE_MS)
  await alerts.round()
  expect(heard()).toEqual(['alert.opened QUEUE_AWAY'])
  await alerts.system.pass(2 * MINUTE_MS)
  await alerts.round()
  expect(heard()).toEqual(['alert.opened QUEUE_AWAY', 'alert.closed QUEUE_AWAY'])
})
