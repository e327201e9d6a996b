import { afterEach, describe, expect, test } from '@jest/globals'
import { openQueueStore, type QueueStore } from '../../src/queue/queue-store.js'
import { queueStores } from '../support/queue-stores.js'
import { createTestDatabase } from '../support/test-database.js'
import { until } from '../support/until.js'

let stop: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const end of stop.reverse()) await end()
  stop = []
})

describe.each(queueStores(5))('with the queue on %s', (_, openStore) => {
  test('work that throws is told, with the name of its queue and job: a poll that fails each time is seen', async () => {
    const under = await openStore()
    stop.push(under.close)
    const database = await createTestDatabase()
    stop.push(database.drop)
    const errors: Error[] = []
    const store: QueueStore = await openQueueStore({
      databaseUrl: database.url,
      redisUrl: under.redisUrl,
      poolSize: 4,
      onError: (error) => {
        errors.push(error)
      },
    })
    stop.push(store.close)
    const broken = new Error('the table is not there')
    store.consume('thu', 1, async () => {
      throw broken
    })
    await store.queue('thu').addAll([{ name: 'thu', id: 'viec-1', data: {}, delayMs: 0 }])
    await until('the failure is told', async () => errors.length > 0)
    expect(errors[0]).toMatchObject({ message: 'thu viec-1: failed', cause: expect.objectContaining({ message: broken.message }) })
  })
})
