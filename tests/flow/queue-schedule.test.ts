import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { openQueueStore, type QueueStore } from '../../src/queue/queue-store.js'
import { queueStores, type StoreUnderTest } from '../support/queue-stores.js'
import { createTestDatabase, type TestDatabase } from '../support/test-database.js'

const HOUR_MS = 3_600_000

/** What a process does whose clock is wrong by so much. */
const withClock = async (shiftMs: number, work: () => Promise<void>): Promise<void> => {
  const { now } = Date
  Date.now = () => now() + shiftMs
  try {
    await work()
  } finally {
    Date.now = now
  }
}

describe.each(queueStores(3))('with the queue on %s', (_, openStore) => {
  let under: StoreUnderTest
  let database: TestDatabase
  let store: QueueStore
  beforeAll(async () => {
    under = await openStore()
    database = await createTestDatabase()
    store = await openQueueStore({ databaseUrl: database.url, redisUrl: under.redisUrl, poolSize: 4, onError: () => undefined })
  })
  afterAll(async () => {
    await store.close()
    await under.close()
    await database.drop()
  })

  test('a schedule that a clock running ahead has put an hour away runs again once another process looks', async () => {
    const name = `poll-${randomUUID()}`
    const queue = store.queue<{ of: string }>(name)
    await withClock(HOUR_MS, () => queue.every('often', 200, { of: 'ahead' }))
    await queue.every('often', 200, { of: 'right' })
    const seen: string[] = []
    await new Promise<void>((resolve) => {
      store.consume<{ of: string }>(name, 1, async ({ of }) => {
        seen.push(of)
        if (of === 'right') resolve()
      })
    })
    // What the other clock had begun may still be in the line; nothing of it comes after.
    expect(seen.at(-1)).toBe('right')
  })

  test('a schedule by a pattern runs as it says, however often it is put there, and a changed one as it says now', async () => {
    const name = `nightly-${randomUUID()}`
    const queue = store.queue<{ of: string }>(name)
    const eachSecond = { pattern: '* * * * * *', timeZone: 'Asia/Ho_Chi_Minh' }
    await queue.at('nightly', { ...eachSecond, pattern: '0 1 * * *' }, { of: 'by night' })
    for (let time = 0; time < 3; time += 1) await queue.at('nightly', eachSecond, { of: 'each second' })
    await queue.at('never', eachSecond, { of: 'taken out' })
    await queue.never('never')
    await queue.never('never')
    const seen: string[] = []
    await new Promise<void>((resolve) => {
      store.consume<{ of: string }>(name, 1, async ({ of }) => {
        seen.push(of)
        if (seen.length === 2) resolve()
      })
    })
    expect(seen).toEqual(['each second', 'each second'])
  })
})
