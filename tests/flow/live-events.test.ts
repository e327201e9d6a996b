import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import pg from 'pg'
import { type LiveEvent, type LiveEvents, startLiveEvents } from '../../src/outbox/live-events.js'
import { pruneOutbox } from '../../src/outbox/outbox-repository.js'
import { type Database, openDatabase } from '../../src/platform/database.js'
import { createTestDatabase, type TestDatabase } from '../support/test-database.js'
import { until } from '../support/until.js'

/** A reader sees every event, once, in one order, however the transactions that wrote them overlap. */
let database: TestDatabase
let db: Database
let events: LiveEvents
let heard: LiveEvent[]
const clients: pg.Client[] = []

const fail = (error: unknown): never => {
  throw error
}

beforeEach(async () => {
  database = await createTestDatabase()
  db = openDatabase({ url: database.url, poolSize: 4, onError: fail })
  heard = []
  events = await startLiveEvents(db, { pollMs: 20, onError: fail })
  events.subscribe((batch) => heard.push(...batch))
})
afterEach(async () => {
  await events.stop()
  for (const client of clients.splice(0)) await client.end()
  await db.close()
  await database.drop()
})

/** A connection whose transaction is open. */
const begin = async (): Promise<pg.Client> => {
  const client = new pg.Client({ connectionString: database.url })
  clients.push(client)
  await client.connect()
  await client.query('BEGIN')
  return client
}
const write = async (client: Pick<pg.Client, 'query'>): Promise<string> => {
  const dossierId = randomUUID()
  await client.query(`INSERT INTO outbox_event (topic, dossier_id) VALUES ('DOSSIER', $1)`, [dossierId])
  return dossierId
}
/** Transactions of other databases on the server hold a reader up too, so what must come is waited for. */
const read = (cursor: string, count: number): Promise<LiveEvent[]> =>
  until(`${count} events can be read`, async () => {
    const found = await events.since(cursor, 100)
    return found.length >= count && found
  })
const dossiersOf = (list: readonly LiveEvent[]): string[] => list.map(({ dossierId }) => dossierId)

test('what a slow transaction wrote first is not passed over by a reader who sees a later commit', async () => {
  const before = await events.latest()
  const slow = await begin()
  const first = await write(slow)
  const quick = await begin()
  const second = await write(quick)
  await quick.query('COMMIT')
  // The quick one is committed and still not told: its place is behind the slow one's.
  expect(await events.since(before, 10)).toEqual([])
  const third = await begin()
  const later = await write(third)
  await third.query('COMMIT')
  expect(await events.since(before, 10)).toEqual([])

  await slow.query('COMMIT')
  expect(dossiersOf(await read(before, 3))).toEqual([first, second, later])
  await until('the listener has heard all three', async () => heard.length >= 3)
  expect(dossiersOf(heard)).toEqual([first, second, later])
})

test('a transaction that is rolled back holds the others up no longer than it lives', async () => {
  const before = await events.latest()
  const doomed = await begin()
  await write(doomed)
  const good = await begin()
  const told = await write(good)
  await good.query('COMMIT')
  expect(await events.since(before, 10)).toEqual([])
  await doomed.query('ROLLBACK')
  expect(dossiersOf(await read(before, 1))).toEqual([told])
})

test('readers who resume at any event get exactly what came after it, while writers commit out of order', async () => {
  const before = await events.latest()
  const writers = await Promise.all(Array.from({ length: 6 }, begin))
  for (let round = 0; round < 3; round += 1) for (const writer of writers) await write(writer)
  for (const writer of [4, 0, 5, 2, 1, 3].map((index) => writers[index])) await writer?.query('COMMIT')
  await until('the listener has heard all', async () => heard.length >= 18)
  const all = await read(before, 18)
  expect(heard).toEqual(all)
  expect(new Set(all.map(({ id }) => id)).size).toBe(18)
  for (const [index, event] of all.entries()) expect(await events.since(event.id, 100)).toEqual(all.slice(index + 1))
})

test('a reader who joins now is told of everything later and of nothing earlier', async () => {
  const earlier = await begin()
  await write(earlier)
  await earlier.query('COMMIT')
  await until('it was told', async () => heard.length === 1)
  const cursor = await events.latest()
  const open = await begin()
  const mine = await write(open)
  await open.query('COMMIT')
  expect(dossiersOf(await read(cursor, 1))).toEqual([mine])
})

test('pruning removes what nobody may resume from and keeps wake-ups that are not published', async () => {
  const open = await begin()
  await open.query(
    `INSERT INTO outbox_event (topic, dossier_id, wake_at, published_at, created_at) VALUES
       ('TRANSFER', gen_random_uuid(), app_now(), NULL, app_now() - interval '100 hours'),
       ('TRANSFER', gen_random_uuid(), app_now(), app_now(), app_now() - interval '100 hours'),
       ('DOSSIER', gen_random_uuid(), NULL, NULL, app_now() - interval '100 hours'),
       ('DOSSIER', gen_random_uuid(), NULL, NULL, app_now() - interval '1 hour')`,
  )
  await open.query('COMMIT')
  expect(await pruneOutbox(db, 72)).toBe(2)
  const left = await db.query<{ topic: string; published_at: Date | null }>('SELECT topic, published_at FROM outbox_event ORDER BY id')
  expect(left).toEqual([
    { topic: 'TRANSFER', published_at: null },
    { topic: 'DOSSIER', published_at: null },
  ])
})

test('pruning takes some thousands at a time, oldest first, and goes on with the next ones', async () => {
  await db.query(
    `INSERT INTO outbox_event (topic, dossier_id, created_at)
     SELECT 'DOSSIER', gen_random_uuid(), app_now() - interval '100 hours' FROM generate_series(1, 5500) RETURNING 1 AS done`,
  )
  expect([await pruneOutbox(db, 72), await pruneOutbox(db, 72), await pruneOutbox(db, 72)]).toEqual([5_000, 500, 0])
})

test('pruning passes over thousands of wake-ups that nobody could publish, some thousands at a time, and comes back to them', async () => {
  await db.query(
    `INSERT INTO outbox_event (topic, dossier_id, wake_at, created_at)
     SELECT 'TRANSFER', gen_random_uuid(), app_now(), app_now() - interval '100 hours' FROM generate_series(1, 5100) RETURNING 1 AS done`,
  )
  await db.query(
    `INSERT INTO outbox_event (topic, dossier_id, created_at)
     SELECT 'DOSSIER', gen_random_uuid(), app_now() - interval '100 hours' FROM generate_series(1, 30) RETURNING 1 AS done`,
  )
  expect([await pruneOutbox(db, 72), await pruneOutbox(db, 72)]).toEqual([0, 30])
  await db.query(`UPDATE outbox_event SET published_at = app_now() RETURNING 1 AS done`)
  expect([await pruneOutbox(db, 72), await pruneOutbox(db, 72)]).toEqual([5_000, 100])
})

test('a reader who comes back from before what was pruned is told so, and one from later misses nothing', async () => {
  const start = await events.latest()
  const old = await begin()
  await write(old)
  await old.query('COMMIT')
  const [seen] = await read(start, 1)
  await db.query(`UPDATE outbox_event SET created_at = app_now() - interval '80 hours' RETURNING 1 AS done`)
  expect(await pruneOutbox(db, 72)).toBe(1)
  await expect(events.since(start, 10)).rejects.toMatchObject({ code: 'INVALID_INPUT', detail: { reason: 'EVENT_ID_TOO_OLD' } })

  const late = await begin()
  const fresh = await write(late)
  await late.query('COMMIT')
  expect(dossiersOf(await read(seen?.id ?? '', 1))).toEqual([fresh])
})
