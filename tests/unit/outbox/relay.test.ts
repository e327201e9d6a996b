import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import type { WakeUp } from '../../../src/outbox/outbox-repository.js'
import { type Relay, type RelayOptions, startRelay } from '../../../src/outbox/relay.js'
import { type Database, openDatabase } from '../../../src/platform/database.js'
import { createTestDatabase, type TestDatabase } from '../../support/test-database.js'
import { until } from '../../support/until.js'

let database: TestDatabase
let db: Database
const relays: Relay[] = []
const NEVER_MS = 3_600_000

beforeEach(async () => {
  database = await createTestDatabase()
  db = openDatabase({ url: database.url, poolSize: 6, onError: () => undefined })
})
afterEach(async () => {
  for (const relay of relays.splice(0)) await relay.stop()
  await db.close()
  await database.drop()
})

const start = (options: Partial<RelayOptions>): Relay => {
  const relay = startRelay({
    db,
    publish: async () => undefined,
    beforePublish: async () => undefined,
    onError: () => undefined,
    pollMs: NEVER_MS,
    batchSize: 10,
    ...options,
  })
  relays.push(relay)
  return relay
}
const write = async (count: number): Promise<void> => {
  for (let written = 0; written < count; written += 1)
    await db.query(
      `INSERT INTO outbox_event (topic, transfer_id, dossier_id, system_id, dispatch_no, wake_at) VALUES ('TRANSFER', $1, $1, 'VILIS', 0, app_now())`,
      [randomUUID()],
    )
}
const unpublished = async (): Promise<number> =>
  (await db.query<{ count: number }>('SELECT count(*)::int AS count FROM outbox_event WHERE published_at IS NULL'))[0]?.count ?? 0

test('several relays side by side publish each wake-up once', async () => {
  await write(25)
  const published: string[] = []
  const publish = async (wakeUps: readonly WakeUp[]): Promise<void> => {
    published.push(...wakeUps.map(({ outboxId }) => outboxId))
  }
  const running = [start({ publish, batchSize: 3 }), start({ publish, batchSize: 4 })]
  await until('all are marked', async () => {
    await Promise.all(running.map((relay) => relay.runOnce()))
    return (await unpublished()) === 0
  })
  expect(published).toHaveLength(25)
  expect(new Set(published).size).toBe(25)
})

test('what could not be published stays, and goes with the next run', async () => {
  await write(2)
  const errors: unknown[] = []
  let broken = true
  const published: WakeUp[] = []
  const relay = start({
    onError: (error) => errors.push(error),
    publish: async (wakeUps) => {
      if (broken) throw new Error('the queue is away')
      published.push(...wakeUps)
    },
  })
  await until('the first run has failed', async () => errors.length > 0)
  expect(await unpublished()).toBe(2)
  broken = false
  relay.poke()
  await until('they are marked', async () => (await unpublished()) === 0)
  expect(published).toHaveLength(2)
})

test('when a wake-up appears, nothing of the relay locks its transfer: a claim would pass it over', async () => {
  await db.query(`CREATE TABLE claimed (id uuid PRIMARY KEY, queued boolean NOT NULL DEFAULT false)`)
  await db.query(`INSERT INTO claimed (id) VALUES ($1)`, [randomUUID()])
  await write(1)
  const free: unknown[] = []
  start({
    beforePublish: async () => {
      await db.query('UPDATE claimed SET queued = true')
    },
    publish: async () => {
      free.push(...(await db.query('SELECT queued FROM claimed FOR UPDATE SKIP LOCKED')))
    },
  })
  await until('it is marked', async () => (await unpublished()) === 0)
  expect(free).toEqual([{ queued: true }])
})

test('a stopped relay has finished its run and begins no other', async () => {
  await write(1)
  let publishing: () => void = () => undefined
  const begun = new Promise<void>((resolve) => {
    publishing = resolve
  })
  let letGo: () => void = () => undefined
  const relay = start({
    publish: () =>
      new Promise<void>((resolve) => {
        letGo = resolve
        publishing()
      }),
  })
  await begun
  const stopping = relay.stop()
  letGo()
  await stopping
  expect(await unpublished()).toBe(0)
  await write(1)
  relay.poke()
  await relay.stop()
  expect(await unpublished()).toBe(1)
})
