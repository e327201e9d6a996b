import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { openReadPool, type ReadPool } from '../../src/platform/read-pool.js'
import { seedDossier } from '../support/seed-dossiers.js'
import { startTestApi, type TestApi } from '../support/test-api.js'
import { createTestDatabase, type TestDatabase } from '../support/test-database.js'

const TIMEOUT_MS = 1_000
/** What is not locked is read within it, on a busy machine too. */
const SEARCH_TIMEOUT_MS = 1_500

let database: TestDatabase
let pool: ReadPool
let api: TestApi
beforeAll(async () => {
  database = await createTestDatabase()
  pool = openReadPool({ url: database.url, size: 1, statementTimeoutMs: TIMEOUT_MS, onError: () => undefined })
  api = await startTestApi({ statementTimeoutMs: SEARCH_TIMEOUT_MS })
})
afterAll(async () => {
  await api.close()
  await pool.close()
  await database.drop()
})

test('a statement that runs too long is stopped with a typed error, and its connection serves the next one', async () => {
  await expect(pool.query('SELECT pg_sleep(30)')).rejects.toMatchObject({
    code: 'UPSTREAM_UNAVAILABLE',
    detail: { system: 'DATABASE', reason: 'READ_TOO_SLOW' },
  })
  expect(await pool.query('SELECT 1 AS one')).toEqual([{ one: 1 }])
  await expect(pool.query('SELECT 1 / 0')).rejects.toMatchObject({ code: '22012' })
})

test('a search behind a lock is told so to its caller by its path, and the pool is free again', async () => {
  await seedDossier(api.db, { code: 'H58.22-260302-0001', commune: { code: '28633', on: '2026-03-02' } })
  await api.db.transaction(async (tx) => {
    await tx.orm.$executeRawUnsafe('LOCK TABLE transfer IN ACCESS EXCLUSIVE MODE')
    const token = await api.token('admin')
    const answer = await api.query(token, '{ procedures { code } dossiers { totalCount } transfers { totalCount } }')
    expect(answer.errors.map(({ path, extensions }) => [path, extensions])).toEqual([
      [['transfers'], { code: 'UPSTREAM_UNAVAILABLE', system: 'DATABASE', reason: 'READ_TOO_SLOW' }],
    ])
  })
  expect((await api.query(await api.token('admin'), '{ dossiers { totalCount } }')).data.dossiers.totalCount).toBe(1)
})
