import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals'
import { openQueueStore, type QueueStore } from '../../src/queue/queue-store.js'
import { type BreakablePostgres, startBreakablePostgres } from '../support/breakable-postgres.js'
import { until } from '../support/until.js'

/** The database goes away in the instant in which the consumers begin. */
let postgres: BreakablePostgres
let store: QueueStore
const errors: Error[] = []
beforeAll(async () => {
  postgres = await startBreakablePostgres()
})
afterAll(() => postgres.end())
beforeEach(async () => {
  store = await openQueueStore({ databaseUrl: postgres.url, poolSize: 6, onError: (error) => errors.push(error) })
})
afterEach(() => store.close())

test('consumers that began while the database was away take jobs when it is back, and did not spin meanwhile', async () => {
  const begunAt = performance.now()
  const stopped = postgres.stop()
  const taken: string[] = []
  for (const name of ['mot', 'hai', 'ba'])
    store.consume<{ text: string }>(name, 4, async ({ text }) => {
      taken.push(text)
    })
  await stopped
  await until('a consumer has failed to begin', async () => errors.length > 0)
  await postgres.start()
  const failures = errors.length
  const seconds = (performance.now() - begunAt) / 1_000
  for (const name of ['mot', 'hai', 'ba'])
    await store.queue<{ text: string }>(name).addAll([{ name: 'thu', id: `${name}-1`, data: { text: name }, delayMs: 0 }])
  await until('each has taken its job', async () => taken.length === 3)
  expect(taken.sort()).toEqual(['ba', 'hai', 'mot'])
  // One that spins fails thousands of times a second.
  expect(failures / Math.max(1, seconds)).toBeLessThan(100)
})

test('a store that stopped consuming can begin again', async () => {
  const taken: number[] = []
  const consume = (): void => store.consume<{ n: number }>('lai', 1, async ({ n }) => void taken.push(n))
  consume()
  await store.stopConsuming()
  consume()
  await store.queue<{ n: number }>('lai').addAll([{ name: 'thu', id: 'lai-1', data: { n: 1 }, delayMs: 0 }])
  await until('it is taken', async () => taken.length === 1)
})
