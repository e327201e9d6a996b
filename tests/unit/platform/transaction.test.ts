import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import pg from 'pg'
import { openRelay } from '../../../bench/drill/tcp-relay.js'
import { type Database, openDatabase, type Tx, tookTooLong } from '../../../src/platform/database.js'
import { createTestDatabase, type TestDatabase } from '../../support/test-database.js'

let made: TestDatabase
let db: Database
const open = (options: { poolSize: number; transactionTimeoutMs?: number; url?: string }): void => {
  db = openDatabase({ url: made.url, onError: () => undefined, ...options })
}
beforeEach(async () => {
  made = await createTestDatabase()
})
afterEach(async () => {
  await db.close()
  await made.drop()
})

const party = { id: '0198c0de-0000-7000-8000-000000000001', kind: 'CITIZEN', fullName: 'Đinh Văn Thử' }
const insert = (sql: Tx): Promise<unknown> =>
  sql.query(`INSERT INTO party (id, kind, full_name) VALUES ($1::uuid, $2, $3)`, [party.id, party.kind, party.fullName])
const pidOf = async (tx: Tx): Promise<number | undefined> => (await tx.query<{ pid: number }>('SELECT pg_backend_pid() AS pid'))[0]?.pid
const kept = async (): Promise<number> => db.orm.party.count({ where: { id: party.id } })

test('plain SQL and Prisma are in one transaction, whoever else begins one in the same moment', async () => {
  open({ poolSize: 7 })
  const pids = await Promise.all(
    Array.from({ length: 6 }, (_, place) =>
      db.transaction(async (tx) => {
        const before = await pidOf(tx)
        // Of this connection alone.
        await tx.query('CREATE TEMP TABLE ours (place int) ON COMMIT DROP')
        await tx.orm.$executeRawUnsafe(`INSERT INTO ours VALUES (${place})`)
        expect(await tx.query('SELECT place FROM ours')).toEqual([{ place }])
        // Within one a statement may run outside of it.
        await db.query('SELECT 1')
        expect(await pidOf(tx)).toBe(before)
        return before
      }),
    ),
  )
  expect(new Set(pids).size).toBe(6)
})

test('a transaction begun within another is one of its own', async () => {
  open({ poolSize: 2 })
  await expect(
    db.transaction(async (outer) => {
      await outer.query('SELECT 1')
      const inner = await db.transaction(async (tx) => {
        await insert(tx)
        return pidOf(tx)
      })
      expect(await pidOf(outer)).not.toBe(inner)
      throw new Error('the outer one is given up')
    }),
  ).rejects.toThrow('the outer one is given up')
  expect(await kept()).toBe(1)
})

test('what fails, in plain SQL or beside it, takes all back', async () => {
  open({ poolSize: 1 })
  const twice = db.transaction(async (tx) => {
    await insert(tx)
    await insert(tx)
  })
  await expect(twice).rejects.toMatchObject({ code: '23505' })
  const given = db.transaction(async (tx) => {
    await insert(tx)
    await tx.orm.party.create({ data: { ...party, id: party.id.replace(/1$/, '2') } })
    throw new Error('no')
  })
  await expect(given).rejects.toThrow('no')
  expect(await db.orm.party.count()).toBe(0)
})

test('a failure that its work passes over is told: nothing was stored', async () => {
  open({ poolSize: 1 })
  const passedOver = db.transaction(async (tx) => {
    await insert(tx)
    await insert(tx).catch(() => undefined)
  })
  await expect(passedOver).rejects.toThrow('its transaction stores nothing')
  expect(await kept()).toBe(0)
})

test('so is one that its work has not even waited for', async () => {
  open({ poolSize: 1 })
  const leftAlone = db.transaction(async (tx) => {
    await insert(tx)
    insert(tx).catch(() => undefined)
  })
  await expect(leftAlone).rejects.toThrow('its transaction stores nothing')
  expect(await kept()).toBe(0)
})

test('the rest of a call of several statements does not run behind the end of its transaction', async () => {
  open({ poolSize: 2, transactionTimeoutMs: 500 })
  const unit = {
    code: '02859',
    name: 'Xã Thử',
    provinceCode: '01',
    provinceName: 'Tỉnh Thử',
    validFrom: new Date('2025-07-01'),
    standing: 'XA',
  }
  const { id } = await db.orm.administrativeUnit.create({ data: unit })
  const holder = new pg.Client({ connectionString: made.url })
  await holder.connect()
  try {
    await holder.query('BEGIN')
    await holder.query('SELECT 1 FROM administrative_unit FOR UPDATE')
    let rest: Promise<unknown> = Promise.resolve()
    const slow = db.transaction(async (tx) => {
      // Two statements: the first one waits for the holder, until the time is over.
      rest = tx.orm.administrativeUnit
        .update({ where: { id }, data: { name: 'Xã Mới', splits: { create: { successorCode: '02860', rule: 'thử' } } } })
        .catch(() => undefined)
      await rest
    })
    const told = expect(slow).rejects.toMatchObject({ code: 'UNAVAILABLE', detail: { reason: 'NOT_STORED' } })
    await wait(1_000)
    await holder.query('ROLLBACK')
    await told
    await rest
    const [stored] = await db.query(
      `SELECT name, (SELECT count(*)::int FROM administrative_unit_split) AS splits FROM administrative_unit WHERE id = $1::int`,
      [id],
    )
    expect(stored).toEqual({ name: 'Xã Thử', splits: 0 })
  } finally {
    await holder.end()
  }
})

test('a transaction whose connection is lost before its COMMIT is told as not stored, and one after it as perhaps stored', async () => {
  const address = new URL(made.url)
  const port = Number(address.port)
  const wire = await openRelay(() => [port])
  address.port = String(wire.port)
  open({ poolSize: 2, url: address.href })
  try {
    const before = db.transaction(async (tx) => {
      await insert(tx)
      wire.reset()
      await pidOf(tx)
    })
    await expect(before).rejects.toMatchObject({ code: 'UNAVAILABLE', detail: { reason: 'NOT_STORED' } })
    expect(await kept()).toBe(0)

    const sent = wire.holdAnswerTo('COMMIT')
    const told = expect(db.transaction(insert)).rejects.toMatchObject({ code: 'UNAVAILABLE', detail: { reason: 'PERHAPS_STORED' } })
    await sent
    wire.reset()
    wire.heal()
    await told
  } finally {
    await wire.close()
  }
})

test('a step that is rolled back leaves the rest of its transaction', async () => {
  open({ poolSize: 1 })
  await db.transaction(async (tx) => {
    await insert(tx)
    await tx.savepoint('SET')
    await expect(insert(tx)).rejects.toMatchObject({ code: '23505' })
    await tx.savepoint('ROLL_BACK')
  })
  expect(await kept()).toBe(1)
})

test('a transaction that takes too long is rolled back, told as not stored, and leaves its connection to others', async () => {
  open({ poolSize: 1, transactionTimeoutMs: 300 })
  let late: Promise<unknown> | undefined
  let goOn = (): void => undefined
  const waiting = new Promise<void>((resolve) => {
    goOn = resolve
  })
  const slow = db.transaction(async (tx) => {
    await insert(tx)
    late = waiting.then(() => insert(tx))
    await late
  })
  const error: unknown = await slow.catch((told: unknown) => told)
  expect(error).toMatchObject({ code: 'UNAVAILABLE', detail: { reason: 'NOT_STORED' } })
  expect(tookTooLong(error)).toBe(true)
  // What its work still wants comes behind its end: it must not run, least of all in what another does on the same connection.
  await db.transaction(async () => {
    goOn()
    await expect(late).rejects.toThrow('the transaction took longer than 300 ms and was rolled back')
  })
  expect(await kept()).toBe(0)
})

test('a statement that nobody has waited for does not run behind the end of its transaction', async () => {
  open({ poolSize: 1 })
  let left: Tx | undefined
  await db.transaction(async (tx) => {
    left = tx
  })
  await expect(insert(left as Tx)).rejects.toThrow('a statement for a transaction that is over')
  await expect((left as Tx).savepoint('SET')).rejects.toThrow('a statement for a transaction that is over')
  expect(await kept()).toBe(0)
})
