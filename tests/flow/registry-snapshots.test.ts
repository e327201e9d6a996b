import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { type SnapshotKeeper, startSnapshotKeeper } from '../../src/dossier/keep-snapshots.js'
import { pruneSnapshots, readSnapshots } from '../../src/dossier/registry-snapshot-repository.js'
import { type Database, openDatabase } from '../../src/platform/database.js'
import { createTestDatabase, type TestDatabase } from '../support/test-database.js'
import { until } from '../support/until.js'

/** Last known values, written behind the answers by several gateways. */
let database: TestDatabase
let db: Database
const fail = (error: unknown): never => {
  throw error
}
const open = (): SnapshotKeeper => startSnapshotKeeper({ db, keepDays: 90, absentHours: 24, onError: fail, onLost: fail })
beforeAll(async () => {
  database = await createTestDatabase()
  db = openDatabase({ url: database.url, poolSize: 4, onError: () => undefined })
})
afterAll(async () => {
  await db.close()
  await database.drop()
})

const reading = (key: string, areaM2: string | null, agoMs: number) => ({
  kind: 'PARCEL' as const,
  key,
  value: areaM2 === null ? null : { areaM2 },
  asOf: new Date('2026-03-05T02:00:00.000Z'),
  readAtMs: performance.now() - agoMs,
})
const keptOf = async (key: string): Promise<unknown> => (await readSnapshots(db, 'PARCEL', [key], 24))[0]?.value

test('of two readings of one thing the later one stays, whichever gateway writes it and however late', async () => {
  const [mine, theirs] = [open(), open()]
  mine.keep(reading('a', '100.00', 5_000))
  mine.keep(reading('a', '101.00', 1_000))
  mine.keep(reading('a', '99.00', 9_000))
  mine.keep(reading('b', null, 1_000))
  expect(mine.waiting('PARCEL', 'a')?.value).toEqual({ areaM2: '101.00' })
  await mine.stop()
  theirs.keep(reading('a', '98.00', 60_000))
  theirs.keep(reading('b', '5.00', 0))
  await theirs.stop()
  expect([await keptOf('a'), await keptOf('b')]).toEqual([{ areaM2: '101.00' }, { areaM2: '5.00' }])
})

test('what is being written is still told: between waiting and being in the database nothing is unknown', async () => {
  const keeper = open()
  keeper.keep(reading('underway', '7.00', 0))
  const stopping = await db.transaction(async (tx) => {
    await tx.query('LOCK TABLE registry_snapshot IN SHARE MODE')
    const stopped = keeper.stop()
    await until('the statement that writes waits for the lock', async () => {
      const [row] = await db.query<{ count: number }>(
        `SELECT count(*)::int AS count FROM pg_locks WHERE relation = 'registry_snapshot'::regclass AND NOT granted`,
      )
      return row?.count === 1
    })
    expect([keeper.waiting('PARCEL', 'underway')?.value, await keptOf('underway')]).toEqual([{ areaM2: '7.00' }, undefined])
    return { stopped }
  })
  await stopping.stopped
  expect([keeper.waiting('PARCEL', 'underway'), await keptOf('underway')]).toEqual([undefined, { areaM2: '7.00' }])
})

test('that there is no such thing is remembered too, and what was never read is no row', async () => {
  const keeper = open()
  keeper.keep(reading('none', null, 0))
  await keeper.stop()
  expect(await readSnapshots(db, 'PARCEL', ['none', 'never'], 24)).toMatchObject([{ key: 'none', value: null }])
  expect(await readSnapshots(db, 'CERTIFICATE', ['none'], 24)).toEqual([])
})

test('what nobody has read for the set number of days is dropped, the rest stays', async () => {
  const keeper = open()
  keeper.keep(reading('old', '1.00', 0))
  await keeper.stop()
  await db.query(`UPDATE app_clock SET shift_ms = 91 * 86400000::bigint RETURNING 1 AS done`)
  const later = open()
  later.keep(reading('young', '2.00', 0))
  await later.stop()
  await pruneSnapshots(db, { days: 90, absentHours: 24 })
  expect([await keptOf('old'), await keptOf('young')]).toEqual([undefined, { areaM2: '2.00' }])
})

test('one that the database refuses is let go, and it alone', async () => {
  const refused: unknown[] = []
  let lost = 0
  const keeper = startSnapshotKeeper({
    db,
    keepDays: 90,
    absentHours: 24,
    onError: (error) => refused.push(error),
    onLost: (count) => {
      lost += count
    },
  })
  for (let at = 0; at < 40; at += 1) keeper.keep(reading(`beside/${at}`, at === 17 || at === 30 ? 'hỏng\u0000' : '1.00', 0))
  await keeper.stop()
  const [row] = await db.query<{ count: number }>(`SELECT count(*)::int AS count FROM registry_snapshot WHERE key LIKE 'beside/%'`)
  expect([row?.count, lost, refused.length]).toEqual([38, 2, 2])
})

test('that there is no such thing is believed for a day: then it is no longer shown, and dropped', async () => {
  const keeper = open()
  keeper.keep(reading('not yet', null, 0))
  keeper.keep(reading('there', '3.00', 0))
  await keeper.stop()
  const shown = async () => (await readSnapshots(db, 'PARCEL', ['not yet', 'there'], 24)).map(({ key }) => key).sort()
  const pass = (hours: number) =>
    db.query(`UPDATE app_clock SET shift_ms = shift_ms + $1::int * 3600000::bigint RETURNING 1 AS done`, [hours])
  await pass(23)
  expect(await shown()).toEqual(['not yet', 'there'])
  await pass(2)
  expect(await shown()).toEqual(['there'])
  await pruneSnapshots(db, { days: 90, absentHours: 24 })
  expect(await db.query(`SELECT key FROM registry_snapshot WHERE key = 'not yet'`)).toEqual([])
})

test('more than one statement takes is written in several, all of it', async () => {
  const keeper = open()
  for (let at = 0; at < 1_234; at += 1) keeper.keep(reading(`many/${at}`, `${at}.00`, 0))
  await keeper.stop()
  const [row] = await db.query<{ count: number }>(`SELECT count(*)::int AS count FROM registry_snapshot WHERE key LIKE 'many/%'`)
  expect(row?.count).toBe(1_234)
})
