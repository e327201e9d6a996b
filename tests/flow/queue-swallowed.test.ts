import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { openRelay, type TcpRelay } from '../../bench/drill/tcp-relay.js'
import { openQueueStore, type QueueStore } from '../../src/queue/queue-store.js'
import { createTestDatabase, type TestDatabase } from '../support/test-database.js'
import { until } from '../support/until.js'

/** The queue on PostgreSQL, whose open connections are swallowed without a word while new ones are let through, as by a firewall that has forgotten them. */
let database: TestDatabase
let wire: TcpRelay
let store: QueueStore
let direct: QueueStore
const HOUR_MS = 3_600_000

const openAt = (databaseUrl: string): Promise<QueueStore> => openQueueStore({ databaseUrl, poolSize: 8, onError: () => undefined })
beforeEach(async () => {
  database = await createTestDatabase()
  const address = new URL(database.url)
  const port = Number(address.port)
  wire = await openRelay(() => [port])
  address.port = String(wire.port)
  store = await openAt(address.href)
  direct = await openAt(database.url)
})
afterEach(async () => {
  wire.reset()
  await store.close()
  await direct.close()
  await wire.close()
  await database.drop()
})

const add = (to: QueueStore, id: string, delayMs = 0): Promise<void> =>
  to.queue<{ id: string }>('viec').addAll([{ name: 'viec', id, data: { id }, delayMs }])
/** Consumes, and gives what it has taken. */
const consume = (from: QueueStore): string[] => {
  const taken: string[] = []
  from.consume<{ id: string }>('viec', 2, async ({ id }) => void taken.push(id))
  return taken
}

test('what is asked on a connection that was swallowed fails within seconds, and what is asked after it is answered', async () => {
  await add(store, 'truoc')
  wire.swallow()
  let failures = 0
  await until('it is answered', () =>
    store
      .queue('viec')
      .depth()
      .then(
        () => true,
        () => {
          failures += 1
          return false
        },
      ),
  )
  expect(failures).toBeGreaterThan(0)
})

test('a consumer whose connections were all swallowed takes jobs again', async () => {
  const taken = consume(store)
  await add(direct, 'truoc')
  await until('it works', async () => taken.includes('truoc'))
  wire.swallow()
  await add(direct, 'sau')
  await until('it works again', async () => taken.includes('sau'))
})

test('a consumer that waits for what is due in an hour looks all the same, should it no longer hear of what comes meanwhile', async () => {
  const taken = consume(store)
  await add(direct, 'mot-gio-nua', HOUR_MS)
  await add(direct, 'truoc')
  await until('it works', async () => taken.includes('truoc') && (await direct.queue('viec').depth()) === 1)
  wire.swallow()
  await add(direct, 'sau')
  await until('it works again', async () => taken.includes('sau'))
})
