import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { guardOnce } from '../../src/queue/guardian.js'
import { publishWakeUps, transferQueueName } from '../../src/queue/transfer-queues.js'
import { pollOnce, type RunningWorker, startWorker } from '../../src/worker-process.js'
import { queueStores, type StoreUnderTest, wakeUpsIn } from '../support/queue-stores.js'
import { sharedTestSystem, type TestSystem } from '../support/test-system.js'
import { until } from '../support/until.js'

/** So long that no retry comes before the clock is moved. */
const RETRY_MS = 600_000

/** The table is the truth: whatever happens to the queue, every transfer goes, and goes once. */
describe.each(queueStores(2))('with the queue on %s', (_, openStore) => {
  const shared = sharedTestSystem()
  let store: StoreUnderTest
  let system: TestSystem
  let worker: RunningWorker | undefined
  beforeAll(async () => {
    store = await openStore()
  })
  afterAll(async () => {
    await shared.close()
    await store.close()
  })
  beforeEach(async () => {
    system = await shared.open({
      redisUrl: store.redisUrl,
      retry: { waitsMs: [RETRY_MS] },
      systems: { ONE_STOP: { poll: { everyMs: 200 } } },
    })
  })
  afterEach(async () => {
    await worker?.stop()
    worker = undefined
    await store.wipe(system.context)
  })

  const work = async (): Promise<void> => {
    worker = await startWorker(system.context, { guardEveryMs: 300 })
  }
  /** Dossiers in our tables, two transfers each, with their wake-ups in the store and nobody at work. */
  const waiting = async (count: number): Promise<string[]> => {
    const codes: string[] = []
    for (let taken = 0; taken < count; taken += 1) codes.push((await system.twins.ONE_STOP.act<{ code: string }>('takeDossier')).code)
    await pollOnce(system.context, 'ONE_STOP')
    await until('all have their wake-ups', async () => (await wakeUpsIn(system.context)) === count * 2)
    return codes
  }
  const countOf = async (state: string): Promise<number> =>
    (await system.context.db.query<{ count: number }>(`SELECT count(*)::int AS count FROM transfer WHERE state = $1`, [state]))[0]?.count ??
    0
  const delivered = (count: number) => until(`${count} are delivered`, async () => (await countOf('DELIVERED')) === count)
  const expectEachOnce = async (codes: readonly string[]): Promise<void> => {
    expect((await system.accepted('VILIS')).map(({ key }) => key).sort()).toEqual(codes.map((code) => `${code}.RECEIVE.1`).sort())
    expect((await system.accepted('PORTAL')).map(({ dossierCode }) => dossierCode).sort()).toEqual([...codes].sort())
  }
  const guard = () =>
    guardOnce({
      sql: system.context.db,
      queues: system.context.queues,
      applyPending: system.context.applyPending,
      restoreSchedules: async () => undefined,
      yieldToNewer: async () => 0,
      keepIdentifiers: async () => undefined,
      watchDueDates: async () => undefined,
      retention: async () => undefined,
      onApplied: () => undefined,
      onReclaimed: () => undefined,
      onError: (error) => {
        throw error
      },
      everyMs: 0,
      keepEventsHours: 72,
    })

  test('a wiped queue is rebuilt from the table and everything arrives once', async () => {
    const codes = await waiting(6)
    await store.wipe(system.context)
    expect(await wakeUpsIn(system.context)).toBe(0)
    await work()
    await delivered(12)
    await expectEachOnce(codes)
  })

  test('a retry whose delayed wake-up was wiped goes when its time has come', async () => {
    await system.twins.VILIS.misbehave({ kind: 'REFUSE_BEFORE', operation: 'TiepNhanHoSo', code: 'TAM_NGUNG', count: 1 })
    const codes = await waiting(1)
    await work()
    await until('it waits for its retry', async () => (await countOf('WAITING_RETRY')) === 1 && (await wakeUpsIn(system.context)) === 1)
    await store.wipe(system.context)
    await system.pass(RETRY_MS)
    await delivered(2)
    await expectEachOnce(codes)
  })

  test('schedules come back after a wipe: the next dossier is read by the poll', async () => {
    await work()
    const first = await system.twins.ONE_STOP.act<{ code: string }>('takeDossier')
    await delivered(2)
    await store.wipe(system.context)
    const second = await system.twins.ONE_STOP.act<{ code: string }>('takeDossier')
    await delivered(4)
    await expectEachOnce([first.code, second.code])
  })

  test('doubled, stale and unknown wake-ups do no harm', async () => {
    const codes = await waiting(5)
    const transfers = await system.context.db.query<{ id: string; systemId: string }>(
      `SELECT id::text, system_id AS "systemId" FROM transfer`,
    )
    const strangers = transfers.map(({ systemId }) => ({ id: randomUUID(), systemId }))
    const wakeUps = [...transfers, ...strangers].flatMap(({ id, systemId }) =>
      [0, 7, 8].map((dispatchNo) => ({ outboxId: '0', transferId: id, systemId: systemId as 'VILIS', dispatchNo, waitMs: 0 })),
    )
    await publishWakeUps(system.context.queues, wakeUps)
    expect(await wakeUpsIn(system.context)).toBe(60)
    await work()
    await delivered(10)
    await until('every wake-up is spent', async () => (await wakeUpsIn(system.context)) === 0)
    await expectEachOnce(codes)
  })

  test('a crash between publishing and marking publishes twice and sends once', async () => {
    const codes = await waiting(4)
    await work()
    await delivered(8)
    // What the table looks like when the relay died before its commit.
    await system.context.db.query(`UPDATE outbox_event SET published_at = NULL WHERE wake_at IS NOT NULL`)
    await system.context.relay.runOnce()
    // Its own poll may have taken some of them just before.
    const unmarked = () => system.context.db.query(`SELECT 1 FROM outbox_event WHERE wake_at IS NOT NULL AND published_at IS NULL`)
    await until('all are published again', async () => (await unmarked()).length === 0)
    await until('every wake-up is spent', async () => (await wakeUpsIn(system.context)) === 0)
    await expectEachOnce(codes)
  })

  test('a transfer whose wake-up is in the hands of a consumer that hangs goes all the same', async () => {
    let letGo = (): void => undefined
    const hanging = new Promise<void>((resolve) => {
      letGo = resolve
    })
    let taken = 0
    system.context.store.consume(transferQueueName('VILIS'), 1, () => {
      taken += 1
      return hanging
    })
    try {
      const codes = await waiting(1)
      await until('its only wake-up is taken', async () => taken === 1)
      await work()
      await delivered(2)
      await expectEachOnce(codes)
    } finally {
      letGo()
    }
  })

  test('however often guardians look, a transfer has at most one wake-up', async () => {
    await waiting(10)
    await Promise.all([guard(), guard(), guard()])
    expect(await wakeUpsIn(system.context)).toBe(20)
    // Of two that look side by side as the minute turns, each would put one back.
    await until('the minute is not about to turn', async () => Date.now() % 60_000 < 55_000)
    await store.wipe(system.context)
    for (let round = 0; round < 3; round += 1) await Promise.all([guard(), guard()])
    expect(await wakeUpsIn(system.context)).toBe(20)
  })
})
