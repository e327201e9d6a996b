import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import pg from 'pg'
import { openRelay } from '../../../bench/drill/tcp-relay.js'
import { type Database, openDatabase } from '../../../src/platform/database.js'
import { openPool } from '../../../src/platform/pool.js'
import { endSilence } from '../../../src/platform/server-silence.js'
import { startSilentServer } from '../../support/silent-server.js'
import { createTestDatabase, type TestDatabase } from '../../support/test-database.js'
import { until } from '../../support/until.js'

let database: TestDatabase
beforeEach(async () => {
  database = await createTestDatabase()
})
afterEach(() => database.drop())

/** Holds what the test's statements wait for. */
const holdLock = async (): Promise<pg.Client> => {
  const holder = new pg.Client({ connectionString: database.url })
  await holder.connect()
  await holder.query('SELECT pg_advisory_lock(1)')
  return holder
}

test('a connection that comes back in the middle of a transaction is lent to nobody', async () => {
  const holder = await holdLock()
  const pool = openPool({ connectionString: database.url, max: 1, query_timeout: 10_000 }, () => undefined)
  try {
    const client = await pool.connect()
    await client.query('BEGIN')
    const waiting = client.query('SELECT pg_advisory_xact_lock(1)').catch(() => 'given up')
    client.release()
    expect((await pool.query('SELECT 1 AS answered')).rows).toEqual([{ answered: 1 }])
    expect(await waiting).toBe('given up')
  } finally {
    await holder.end()
    await pool.end()
  }
})

test('a connection on which an answer did not come in time has ended: who keeps it is told, and what is asked on it fails at once', async () => {
  const holder = await holdLock()
  const pool = openPool({ connectionString: database.url, max: 1, query_timeout: 300 }, () => undefined)
  try {
    const client = await pool.connect()
    let told: unknown
    client.on('error', (error) => {
      told = error
    })
    await expect(client.query('SELECT pg_advisory_lock(1)')).rejects.toThrow('Query read timeout')
    await until('it is told', async () => told !== undefined)
    await expect(client.query('SELECT 1')).rejects.toThrow('not queryable')
    client.release(true)
    expect((await pool.query('SELECT 1 AS answered')).rows).toEqual([{ answered: 1 }])
  } finally {
    await holder.end()
    await pool.end()
  }
})

test('a server that takes long for a statement, or whose lock is waited for, is not taken for a silent one', async () => {
  const holder = await holdLock()
  const pool = openPool({ connectionString: database.url, max: 3 }, () => undefined)
  // Asked again and again meanwhile, and given all the time that a loaded machine needs.
  endSilence(pool, database.url, { silentAfterMs: 0, answerWithinMs: 60_000 })
  try {
    const waiting = pool.query('SELECT 1 AS waited FROM pg_advisory_lock(1)')
    const [slept] = await Promise.all([
      pool.query('SELECT 1 AS slept FROM pg_sleep(1.5)').finally(() => holder.query('SELECT pg_advisory_unlock(1)')),
      waiting,
    ])
    expect(slept.rows).toEqual([{ slept: 1 }])
    expect((await waiting).rows).toEqual([{ waited: 1 }])
  } finally {
    await holder.end()
    await pool.end()
  }
})

const EAGER = { silentAfterMs: 100, answerWithinMs: 500 }

test('a connection that comes when its users have been refused goes back to the pool', async () => {
  const address = new URL(database.url)
  const port = Number(address.port)
  const relay = await openRelay(() => [port])
  address.port = String(relay.port)
  const pool = openPool({ connectionString: address.href, max: 1 }, () => undefined)
  endSilence(pool, address.href, EAGER)
  try {
    relay.hold('FROM_SERVER', 'FROM_CLIENT')
    const refused = await Promise.allSettled([pool.query('SELECT 1'), pool.connect()])
    expect(refused).toMatchObject(Array(2).fill({ status: 'rejected', reason: { code: 'EHOSTUNREACH' } }))
    relay.heal()
    await until('the connection is idle', async () => pool.totalCount === 1 && pool.idleCount === 1)
    await until('it is lent', () =>
      pool.query('SELECT 1').then(
        () => true,
        () => false,
      ),
    )
    await until('it is back', async () => pool.totalCount === pool.idleCount)
    await pool.end()
  } finally {
    await relay.close()
  }
})

test.each([
  ['says nothing', '', true],
  ['has begun to answer', 'R', false],
])('a server that %s is silent when it was asked twice: %s %s', async (_what, begins, isSilent) => {
  const server = await startSilentServer((socket) => void socket.write(begins))
  const pool = openPool({ connectionString: server.url, max: 1, ssl: false }, () => undefined)
  endSilence(pool, server.url, EAGER)
  let askedBefore: number | undefined
  const refused = pool.connect().catch(() => {
    askedBefore = server.asked()
  })
  await until('it was asked often', async () => server.asked() > 3)
  expect(askedBefore).toBe(isSilent ? 2 : undefined)
  await server.stop()
  await refused
  await pool.end()
})

test('a certificate that cannot be read while a silent server is asked ends nothing, and the server is asked when it can be', async () => {
  const certificate = join(await mkdtemp(join(tmpdir(), 'lienthong-pool-')), 'root.pem')
  const write = () => writeFile(certificate, '-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n')
  await write()
  const server = await startSilentServer()
  const url = `${server.url}?sslmode=verify-full&sslrootcert=${certificate}`
  const pool = openPool({ connectionString: url, max: 1 }, () => undefined)
  endSilence(pool, url, EAGER)
  const refused = pool.connect().catch((error: unknown) => error)
  await until('it is connected', async () => server.connections() === 1)
  await rm(certificate)
  // Long enough for it to be looked after, at least once.
  await wait(1_000)
  await write()
  expect(await refused).toMatchObject({ code: 'EHOSTUNREACH' })
  await server.stop()
  await pool.end()
  await rm(dirname(certificate), { recursive: true })
})

test.each([true, false])('a lock is waited for no longer than was said, also behind a pooler (a plan is kept: %s)', async (keepPlans) => {
  const db: Database = openDatabase({ url: database.url, poolSize: 2, keepPlans, lockTimeoutMs: 150, onError: () => undefined })
  try {
    const lock = `SELECT 1 AS locked FROM pg_advisory_xact_lock(1)`
    await db.transaction(async (holder) => {
      await holder.query(lock)
      await expect(db.transaction((tx) => tx.query(lock))).rejects.toMatchObject({
        code: 'UNAVAILABLE',
        detail: { reason: 'NOT_STORED' },
        message: expect.stringContaining('giữ quá lâu'),
      })
    })
    expect(await db.transaction((tx) => tx.query(lock))).toHaveLength(1)
  } finally {
    await db.close()
  }
})

/** What PgBouncer takes as it comes; it refuses a connection that asks for anything else. */
const POOLER_TAKES = ['application_name', 'client_encoding', 'database', 'user']

test('behind a pooler nothing is asked for at the start of a connection that it would refuse, and each transaction has its limits all the same', async () => {
  const address = new URL(database.url)
  const port = Number(address.port)
  const said: Buffer[] = []
  const relay = await openRelay(
    () => [port],
    (bytes) => said.push(bytes),
  )
  address.port = String(relay.port)
  const db: Database = openDatabase({ url: address.href, poolSize: 1, keepPlans: false, onError: () => undefined })
  try {
    const limits = await db.transaction((tx) =>
      tx.query(`SELECT current_setting('idle_in_transaction_session_timeout') AS idle, current_setting('lock_timeout') AS locked`),
    )
    expect(limits).toEqual([{ idle: '30s', locked: '10s' }])
    // After its length and the protocol's number: names and values, by turns.
    const asked = said[0]?.subarray(8).toString().split('\0') ?? []
    expect(asked.filter((name, place) => place % 2 === 0 && name !== '').toSorted()).toEqual(POOLER_TAKES)
  } finally {
    await db.close()
    await relay.close()
  }
})

/** As where its machine was set up in Viet Nam: Prisma writes instants without an offset, and reads them past theirs. */
test.each([true, false])(
  'an instant is the same by every road on a server with a clock of its own (a plan is kept: %s)',
  async (keepPlans) => {
    const owner = new pg.Client({ connectionString: database.url })
    await owner.connect()
    await owner.query(`ALTER DATABASE ${owner.escapeIdentifier(owner.database ?? '')} SET TimeZone TO 'Asia/Ho_Chi_Minh'`)
    await owner.end()
    const at = new Date('2026-11-28T01:00:00.123Z')
    const db: Database = openDatabase({ url: database.url, poolSize: 2, keepPlans, onError: () => undefined })
    try {
      const told = `SELECT $1::timestamptz AS at, $1::timestamptz = '2026-11-28T01:00:00.123Z'::timestamptz AS same`
      expect(await db.query(told, [at])).toEqual([{ at, same: true }])
      await db.transaction(async (tx) => {
        expect(await tx.query(told, [at])).toEqual([{ at, same: true }])
        const window = {
          systemId: 'VILIS',
          startsAt: at,
          endsAt: new Date(at.getTime() + 60_000),
          reason: 'nâng cấp',
          plannedBy: 'quản trị',
        }
        expect(await tx.orm.maintenanceWindow.create({ data: window })).toMatchObject({ startsAt: at })
      })
      expect(await db.query('SELECT starts_at AS at FROM maintenance_window')).toEqual([{ at }])
    } finally {
      await db.close()
    }
  },
)

test.each([
  [true, ['joined-1', 'of-connection', 'of-transaction']],
  [false, []],
])('a plan is kept by its name inside a transaction as outside, and none behind a pooler (%s)', async (keepPlans, names) => {
  const db: Database = openDatabase({ url: database.url, poolSize: 1, keepPlans, onError: () => undefined })
  try {
    await db.query('SELECT $1::int AS asked', [1], { planName: 'of-connection' })
    const kept = await db.transaction(async (tx) => {
      for (const asked of [2, 3])
        expect(await tx.query('SELECT $1::int AS again', [asked], { planName: 'of-transaction' })).toEqual([{ again: asked }])
      await tx.query('SELECT $1::int AS unnamed', [4])
      for (const code of ['H58.22-260302-0001', 'H58.22-260302-0002'])
        await tx.orm.dossier.findUnique({ where: { code }, relationLoadStrategy: 'join', include: { applicant: true } })
      return tx.query<{ name: string }>('SELECT name FROM pg_prepared_statements ORDER BY name')
    })
    expect(kept.map(({ name }) => name)).toEqual(names)
  } finally {
    await db.close()
  }
})
