import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { loadReferenceData } from '../../src/dossier/load-reference-data.js'
import { ALL_OPERATIONS } from '../../src/model/system.js'
import { type Database, openDatabase } from '../../src/platform/database.js'
import { prismaDir } from '../../src/platform/paths.js'
import { createTestDatabase, type TestDatabase } from '../support/test-database.js'
import { until } from '../support/until.js'

let database: TestDatabase
let db: Database
beforeAll(async () => {
  database = await createTestDatabase()
  db = openDatabase({ url: database.url, poolSize: 2, onError: () => undefined })
})
afterAll(async () => {
  await db.close()
  await database.drop()
})

const load = () => loadReferenceData(db, join(prismaDir, 'reference'))
const rules = () =>
  db.query<{ operation: string; mode: string; count: number }>(
    'SELECT operation, mode, count(*)::int AS count FROM routing_rule GROUP BY 1, 2 ORDER BY 1, 2',
  )

test('an operation that is new gets its rules, in OBSERVE; what a district has made of the others is left as it is', async () => {
  await load()
  const fresh = await rules()
  expect(fresh.map(({ operation }) => operation)).toEqual([...ALL_OPERATIONS].sort())
  expect(new Set(fresh.map(({ mode }) => mode))).toEqual(new Set(['OBSERVE']))
  await db.query(`UPDATE routing_rule SET mode = 'LIVE' WHERE operation = 'RECEIVE' RETURNING 1 AS done`)
  await db.query(`DELETE FROM routing_rule WHERE operation = 'POST_RESULT' RETURNING 1 AS done`)
  await load()
  expect(await rules()).toEqual(fresh.map((row) => (row.operation === 'RECEIVE' ? { ...row, mode: 'LIVE' } : row)))
  await load()
  expect(await rules()).toHaveLength(fresh.length)
})

test('the working calendar and the deadline rules are loaded once, and what a district has loaded is left as it is', async () => {
  const documents = () => db.query<{ kind: string; by: string }>('SELECT kind, loaded_by AS by FROM deadline_document ORDER BY id')
  await load()
  await load()
  expect(await documents()).toEqual([
    { kind: 'CALENDAR', by: 'INSTALLATION' },
    { kind: 'RULES', by: 'INSTALLATION' },
  ])
  // The gateway's next version comes with another calendar.
  await db.query(`UPDATE deadline_document SET sha256 = 'other' WHERE kind = 'CALENDAR' RETURNING 1 AS done`)
  await load()
  expect((await documents()).map(({ kind }) => kind)).toEqual(['CALENDAR', 'RULES', 'CALENDAR'])
  await db.query(
    `INSERT INTO deadline_document (kind, content, sha256, loaded_by) VALUES ('CALENDAR', '{}', 'ours', 'cli:an') RETURNING 1 AS done`,
  )
  await load()
  expect(await documents()).toHaveLength(4)
})

test('a program that starts while others load waits for them, longer than an ordinary transaction would', async () => {
  const hasty = openDatabase({ url: database.url, poolSize: 1, lockTimeoutMs: 100, transactionTimeoutMs: 200, onError: () => undefined })
  const waiting = () =>
    db.query(
      `SELECT 1 AS one FROM pg_locks WHERE locktype = 'advisory' AND NOT granted
         AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
    )
  let loading: Promise<void> | undefined
  try {
    await db.transaction(async (tx) => {
      await tx.query(`SELECT 1 AS locked FROM pg_advisory_xact_lock(hashtext('lienthong-reference-data'))`)
      loading = loadReferenceData(hasty, join(prismaDir, 'reference'))
      loading.catch(() => undefined)
      await until('it waits', async () => (await waiting()).length > 0)
      await tx.query('SELECT pg_sleep(0.5)::text AS slept')
    })
    await loading
  } finally {
    await hasty.close()
  }
})
