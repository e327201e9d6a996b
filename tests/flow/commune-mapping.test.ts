import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { type Database, openDatabase } from '../../src/platform/database.js'
import { databaseMappings, loadMappings } from '../../src/transfer/mapping-repository.js'
import { createTestDatabase } from '../support/test-database.js'

/** The code 28633 was Bình Phan until 30 June 2025 and is An Thạnh Thủy from 1 July 2025: the registry calls them by two codes of its own. */
let db: Database
let drop: () => Promise<void>
beforeAll(async () => {
  const database = await createTestDatabase()
  db = openDatabase({ url: database.url, poolSize: 2, onError: () => undefined })
  drop = database.drop
  const row = { systemId: 'VILIS', kind: 'COMMUNE' } as const
  await loadMappings(db, [
    { ...row, ourCode: '28633@2004-01-01', foreignCode: '8221', validFrom: '2004-01-01', validTo: '2025-06-30' },
    { ...row, ourCode: '28633@2025-07-01', foreignCode: '9005', validFrom: '2025-07-01', validTo: null },
  ])
})
afterAll(async () => {
  await db.close()
  await drop()
})

test.each([
  ['28633', '2025-06-30', '8221'],
  ['28633', '2025-07-01', '9005'],
  ['28633@2004-01-01', '2020-01-01', '8221'],
  ['28633@2004-01-01', '2026-01-01', null],
  ['2863', '2026-01-01', null],
])('commune %s on %s is %s over there', async (ours, onDate, theirs) => {
  expect(await databaseMappings(db).toForeign('VILIS', 'COMMUNE', ours, onDate)).toBe(theirs)
})
