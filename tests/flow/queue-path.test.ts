import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { openContext } from '../../src/context.js'
import { transferQueueName } from '../../src/queue/transfer-queues.js'
import { pollOnce, type RunningWorker, startWorker } from '../../src/worker-process.js'
import { queueStores, type StoreUnderTest } from '../support/queue-stores.js'
import { openTestSystem, type TestSystem, type TestSystemOptions } from '../support/test-system.js'
import { relayed, until } from '../support/until.js'

/** The real way: relay → BullMQ → consumers → settlement, with nothing driven by the test. */
const POLL_OFTEN = { poll: { everyMs: 200 } }
const NEVER_MS = 3_600_000
/** Longer than a call is kept here. */
const RECEIVE = { callDeadlineMs: 120_000 }

describe.each(queueStores(1))('with the queue on %s', (_, openStore) => {
  let store: StoreUnderTest
  let system: TestSystem
  let workers: RunningWorker[] = []
  beforeAll(async () => {
    store = await openStore()
  })
  afterAll(() => store.close())
  afterEach(async () => {
    await Promise.all(workers.map((worker) => worker.stop()))
    workers = []
    await store.wipe(system.context)
    await system.close()
  })

  const open = async (options: TestSystemOptions = {}): Promise<void> => {
    system = await openTestSystem({ ...options, redisUrl: store.redisUrl, systems: { ONE_STOP: POLL_OFTEN, ...options.systems } })
  }
  /** Without the guardian's help unless asked for: what flows here flows by the queue alone. */
  const work = async (context = system.context): Promise<RunningWorker> => {
    const worker = await startWorker(context, { guardEveryMs: NEVER_MS })
    workers.push(worker)
    return worker
  }
  const take = async (count: number): Promise<string[]> => {
    const codes: string[] = []
    for (let taken = 0; taken < count; taken += 1) codes.push((await system.twins.ONE_STOP.act<{ code: string }>('takeDossier')).code)
    return codes
  }
  const countOf = async (condition: string): Promise<number> =>
    (await system.context.db.query<{ count: number }>(`SELECT count(*)::int AS count FROM transfer WHERE ${condition}`))[0]?.count ?? 0
  const keysOf = async (systemId: 'VILIS' | 'PORTAL'): Promise<string[]> => (await system.accepted(systemId)).map(({ key }) => key).sort()

  test('dossiers taken at the desk are registered once in ViLIS and shown once at the portal', async () => {
    await open()
    await work()
    const codes = await take(8)
    await until('all are delivered', async () => (await countOf(`state = 'DELIVERED'`)) === 16)
    expect(await keysOf('VILIS')).toEqual(codes.map((code) => `${code}.RECEIVE.1`).sort())
    expect((await system.accepted('PORTAL')).map(({ dossierCode }) => dossierCode).sort()).toEqual([...codes].sort())
  })

  test('a retry fires by itself when its wait is over', async () => {
    await open({ retry: { waitsMs: [400] } })
    await system.twins.VILIS.misbehave({ kind: 'REFUSE_BEFORE', operation: 'TiepNhanHoSo', code: 'TAM_NGUNG', count: 2 })
    await work()
    const [code] = await take(1)
    await until('it is delivered', async () => (await countOf(`operation = 'RECEIVE' AND state = 'DELIVERED'`)) === 1)
    const attempts = await system.context.db.query(
      `SELECT a.outcome FROM attempt a JOIN transfer t ON t.id = a.transfer_id WHERE t.operation = 'RECEIVE' ORDER BY a.number`,
    )
    expect(attempts).toEqual([{ outcome: 'UNAVAILABLE' }, { outcome: 'UNAVAILABLE' }, { outcome: 'ACCEPTED' }])
    expect(await keysOf('VILIS')).toEqual([`${code}.RECEIVE.1`])
  })

  test('a second worker delivers while the first one is stuck in a call, and each transfer goes once', async () => {
    await open({ systems: { VILIS: { concurrency: 1, operations: { RECEIVE } } } })
    const second = await openContext(system.context.options)
    try {
      await system.twins.VILIS.misbehave({ kind: 'HANG', operation: 'TiepNhanHoSo', count: 1 })
      await work()
      await work(second)
      const codes = await take(6)
      await until(
        'five are delivered beside the stuck one',
        async () => (await countOf(`operation = 'RECEIVE' AND state = 'DELIVERED'`)) === 5,
      )
      expect(await countOf(`operation = 'RECEIVE' AND state = 'SENDING'`)).toBe(1)
      const [stuck] = await system.context.db.query<{ code: string }>(
        `SELECT d.code FROM transfer t JOIN dossier d ON d.id = t.dossier_id WHERE t.state = 'SENDING' AND t.operation = 'RECEIVE'`,
      )
      const stopped = Promise.all(workers.splice(0).map((worker) => worker.stop()))
      // Its call ends with the connection.
      await system.twins.VILIS.offline()
      await stopped
      expect(await keysOf('VILIS')).toEqual(
        codes
          .filter((code) => code !== stuck?.code)
          .map((code) => `${code}.RECEIVE.1`)
          .sort(),
      )
    } finally {
      await Promise.all(workers.splice(0).map((worker) => worker.stop()))
      await second.close()
    }
  })

  test('a system that is switched off gathers no wake-ups, and all goes once it is switched on', async () => {
    await open({ systems: { PORTAL: { enabled: false } } })
    await work()
    await take(3)
    await until('all else is delivered', async () => (await countOf(`state = 'DELIVERED'`)) === 3)
    await until('every wake-up is published', async () => {
      const rows = await system.context.db.query('SELECT 1 AS waits FROM outbox_event WHERE wake_at IS NOT NULL AND published_at IS NULL')
      return rows.length === 0
    })
    expect(await system.context.store.queue(transferQueueName('PORTAL')).depth()).toBe(0)
    const { options } = system.context
    const { configuration } = options
    const systems = { ...configuration.systems, PORTAL: { ...configuration.systems.PORTAL, enabled: true } }
    const second = await openContext({ ...options, configuration: { ...configuration, systems } })
    const worker = await startWorker(second)
    try {
      await until('the portal has them too', async () => (await countOf(`state = 'DELIVERED'`)) === 6)
    } finally {
      await worker.stop()
      await second.close()
    }
  })

  test('a worker that is told to stop finishes what it has in hand and takes nothing new', async () => {
    await open({ systems: { VILIS: { concurrency: 1, operations: { RECEIVE } } } })
    await system.twins.VILIS.misbehave({ kind: 'SLOW_DRIP', operation: 'TiepNhanHoSo', everyMs: 3, count: 1 })
    // All three wait before anybody works: read one by one, the first might be through before the others come.
    await take(3)
    await pollOnce(system.context, 'ONE_STOP')
    await relayed(system)
    const worker = await work()
    await until('one is in hand and two wait', async () => {
      const inHand = await countOf(`operation = 'RECEIVE' AND state = 'SENDING'`)
      return inHand === 1 && (await countOf(`operation = 'RECEIVE' AND state = 'QUEUED'`)) === 2
    })
    await worker.stop()
    expect(await countOf(`state = 'SENDING'`)).toBe(0)
    expect(await countOf(`operation = 'RECEIVE' AND state = 'DELIVERED'`)).toBe(1)
    expect(await countOf(`operation = 'RECEIVE' AND state = 'QUEUED'`)).toBe(2)
    expect(await keysOf('VILIS')).toHaveLength(1)
  })
})
