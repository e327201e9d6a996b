import { Writable } from 'node:stream'
import { afterEach, expect, test } from '@jest/globals'
import type { TcpRelay } from '../../bench/drill/tcp-relay.js'
import { openContext } from '../../src/context.js'
import { createLogger } from '../../src/platform/logger.js'
import { openQueueStore, type QueueStore } from '../../src/queue/queue-store.js'
import { tellQueueOutage } from '../../src/queue/tell-outage.js'
import { openDevelopmentKey } from '../../src/sandbox/development-tokens.js'
import { keepQueueOutage } from '../../src/transfer/queue-outage-repository.js'
import { lienthong } from '../support/command-line.js'
import { openRedisWire } from '../support/redis-wire.js'
import { openTestSystem, type TestSystem } from '../support/test-system.js'
import { until } from '../support/until.js'

/** The queue's Redis goes away and comes back: people and machines that look are told, the log is not flooded, and dossiers are taken in. */
let stop: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const end of stop.reverse()) await end()
  stop = []
})

const openWire = async (databaseNumber: number): Promise<{ wire: TcpRelay; redisUrl: string }> => {
  const opened = await openRedisWire(databaseNumber)
  stop.push(opened.stop)
  return opened
}

interface Line {
  readonly level: string
  readonly message: string
  readonly failures?: number
}

const QUEUES = ['mot', 'hai', 'ba'] as const

/** A store as a program opens it, its log, and the work that has come out of it. */
const openStore = async (databaseNumber: number): Promise<{ wire: TcpRelay; store: QueueStore; lines: Line[]; done: string[] }> => {
  const { wire, redisUrl } = await openWire(databaseNumber)
  const lines: Line[] = []
  const sink = new Writable({
    write: (chunk, _encoding, written) => {
      lines.push(JSON.parse(String(chunk)) as Line)
      written()
    },
  })
  const logger = createLogger({ name: 'worker' }, sink)
  const store = await openQueueStore({
    databaseUrl: 'postgres://khong-dung',
    redisUrl,
    poolSize: 1,
    onError: (error) => logger.error({ err: error }, 'lỗi nền, sẽ thử lại'),
    onOutage: tellQueueOutage(logger),
    tellOutageEveryMs: 300,
  })
  stop.push(async () => {
    wire.heal()
    await store.close()
  })
  const done: string[] = []
  for (const name of QUEUES)
    store.consume(name, 4, async () => {
      done.push(name)
    })
  const add = (name: string): Promise<void> => store.queue(name).addAll([{ name: 'viec', id: `viec-${Date.now()}`, data: {}, delayMs: 0 }])
  await add('mot')
  await until('it works, and its job is done', async () => done.length === 1 && (await store.queue('mot').depth()) === 0)
  return { wire, store, lines, done }
}

const STILL = /^hàng đợi vẫn không tới được, đã \d+ giây$/

test.each<[string, (wire: TcpRelay) => void, number]>([
  ['takes no connections', (wire) => wire.cut(), 8],
  ['says nothing any more', (wire) => wire.hold('FROM_SERVER', 'FROM_CLIENT'), 9],
])(
  'a Redis that %s is told once, then every so often with a count, then once that it is back; no stack stands in the log',
  async (_, leave, databaseNumber) => {
    const { wire, store, lines, done } = await openStore(databaseNumber)
    expect(store.standing()).toEqual({ awaySince: undefined })
    leave(wire)
    await until('it has been told several times, with a count that grows', async () => {
      const still = lines.filter(({ message }) => STILL.test(message))
      return still.length >= 3 && still.some(({ failures = 0 }) => failures > 1)
    })
    expect(store.standing()?.awaySince).toBeInstanceOf(Date)
    wire.heal()
    await until('it is back', async () => store.standing()?.awaySince === undefined)
    for (const name of QUEUES) await store.queue(name).addAll([{ name: 'viec', id: 'viec-sau', data: {}, delayMs: 0 }])
    await until('each consumer works again', async () => QUEUES.every((name) => done.slice(1).includes(name)))

    const [first, ...rest] = lines
    const last = rest.pop()
    expect(first).toMatchObject({ level: 'error', failures: 1, message: expect.stringMatching(/^hàng đợi không tới được/) })
    expect(rest.filter(({ message }) => !STILL.test(message))).toEqual([])
    expect(last).toMatchObject({ level: 'warn', message: expect.stringMatching(/^hàng đợi đã tới lại được, sau \d+ giây$/) })
    expect(last?.failures).toBeGreaterThan(1)
    expect(lines.filter((line) => JSON.stringify(line).includes('"stack"'))).toEqual([])
  },
)

test('the gateway stays ready, for dossiers are taken in without the queue, and tells in its readiness and its metrics since when it is away', async () => {
  const { wire, redisUrl } = await openWire(10)
  const system: TestSystem = await openTestSystem({ gateway: true, polls: false, redisUrl })
  stop.push(async () => {
    wire.heal()
    await system.close()
  })
  const ready = async (): Promise<{ status: number; body: { checks: { queue?: boolean } } }> => {
    const response = await fetch(`${system.gateway.url}/health/ready`, { headers: { connection: 'close' } })
    return { status: response.status, body: (await response.json()) as { checks: { queue?: boolean } } }
  }
  const metric = async (name: string): Promise<number> => {
    const text = await (await fetch(`${system.gateway.url}/metrics`, { headers: { connection: 'close' } })).text()
    return Number(new RegExp(`^${name} (.*)$`, 'm').exec(text)?.[1])
  }
  const well = { status: 200, body: { ready: true, checks: { database: true, databaseWritable: true, queue: true } } }
  expect(await ready()).toEqual(well)
  expect([await metric('lienthong_queue_reachable'), await metric('lienthong_queue_unreachable_seconds')]).toEqual([1, 0])

  wire.cut()
  await until('it is noticed', async () => (await ready()).body.checks.queue === false)
  expect(await ready()).toEqual({
    status: 200,
    body: {
      ready: true,
      checks: { database: true, databaseWritable: true, queue: false },
      degraded: [expect.stringMatching(/^Hàng đợi không tới được từ 20\d\d-\S+Z: hồ sơ vẫn được nhận/)],
    },
  })
  expect(await metric('lienthong_queue_reachable')).toBe(0)
  expect(await metric('lienthong_queue_unreachable_seconds')).toBeGreaterThan(0)
  const { submitDossier } = await system.gateway.query<{ submitDossier: { __typename: string } }>(
    'admin',
    `mutation ($input: SubmitDossierInput!) { submitDossier(input: $input) { __typename } }`,
    {
      input: {
        clientKey: 'khong-co-hang-doi',
        code: 'H58.22-261129-0001',
        procedureCode: '1.012783',
        receivingUnit: { code: '28594' },
        channel: 'DIRECT',
        applicant: { kind: 'CITIZEN', fullName: 'Nguyễn Thị Mẫu' },
        summary: 'Cấp đổi giấy chứng nhận',
        receivedBy: 'mc.28594.1',
        receivedAt: new Date(Date.now() - 3_600_000).toISOString(),
        dueAt: new Date(Date.now() + 9 * 24 * 3_600_000).toISOString(),
        parcels: [],
        certificates: [],
        documents: [],
      },
    },
  )
  expect(submitDossier.__typename).toBe('DossierAccepted')

  wire.heal()
  await until('it is back', async () => (await ready()).body.checks.queue === true)
  expect(await ready()).toEqual(well)
  expect([await metric('lienthong_queue_reachable'), await metric('lienthong_queue_unreachable_seconds')]).toEqual([1, 0])
})

const told = (system: TestSystem) =>
  system.gateway
    .query<{ queueOutages: object[] }>('operator', '{ queueOutages { process since cause } }')
    .then(({ queueOutages }) => queueOutages)

test('a worker that alone cannot reach it is told by any gateway and by the doctor, until it can', async () => {
  const { wire, redisUrl } = await openWire(11)
  const system: TestSystem = await openTestSystem({ gateway: true, polls: false })
  stop.push(() => system.close())
  const worker = await openContext({ ...system.context.options, redisUrl })
  stop.push(async () => {
    wire.heal()
    await worker.close()
  })
  const key = await openDevelopmentKey(system.context.options.stateDir)
  const token = await key.token({ sub: 'operator', name: 'Người thử', role: 'operator' })
  const doctor = async (): Promise<object | undefined> => {
    const { out } = await lienthong(['doctor', '--remote', '--json'], { LIENTHONG_URL: system.gateway.url, LIENTHONG_TOKEN: token })
    return (JSON.parse(out) as { check: string }[]).find(({ check }) => check === 'hàng đợi')
  }
  expect([await told(system), await doctor()]).toEqual([[], { check: 'hàng đợi', level: 'ok', says: 'các tiến trình đều tới được' }])

  wire.cut()
  const [outage] = await until('it is told', async () => {
    const outages = await told(system)
    return outages.length > 0 && outages
  })
  expect(outage).toEqual({
    process: worker.processName,
    since: expect.stringMatching(/^20\d\d-/),
    cause: expect.stringMatching(/^(ECONN|EPIPE|DISCONNECTED|NO_ANSWER)/),
  })
  expect(await doctor()).toMatchObject({
    level: 'fail',
    says: expect.stringMatching(/^Redis không tới được từ .*, do .* báo\. Vẫn nhận hồ sơ/),
    todo: expect.stringContaining('REDIS_URL'),
  })

  wire.heal()
  await until('it is over', async () => (await told(system)).length === 0)
})

test('a process that ended while it could not reach it is told no more, and whoever only enters dossiers hears of no machine', async () => {
  const system: TestSystem = await openTestSystem({ gateway: true, polls: false })
  stop.push(() => system.close())
  await keepQueueOutage(system.context.db, { process: 'may-2:4123', since: new Date(), cause: 'NO_ANSWER' })
  expect(await told(system)).toHaveLength(1)
  expect(await system.gateway.ask('officer', '{ queueOutages { process } }')).toMatchObject({
    errors: [{ extensions: { code: 'FORBIDDEN' } }],
  })
  await system.pass(3 * 60_000)
  expect(await told(system)).toEqual([])
})
