import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { listRoutes, setRouteMode } from '../../src/dossier/routing-repository.js'
import { readGauges } from '../../src/operator/gauge-repository.js'
import { type Database, openDatabase } from '../../src/platform/database.js'
import { createTestDatabase, type TestDatabase } from '../support/test-database.js'

let database: TestDatabase
let db: Database
beforeEach(async () => {
  database = await createTestDatabase()
  db = openDatabase({ url: database.url, poolSize: 2, onError: () => undefined })
})
afterEach(async () => {
  await db.close()
  await database.drop()
})

test('a route that has ended stays ended when a district cuts over; one still to come takes the new mode', async () => {
  await db.query(`INSERT INTO routing_rule (event, operation, mode, valid_from, valid_to) VALUES
    ('RECEIVED', 'RECEIVE', 'OBSERVE', '2000-01-01', NULL), ('WITHDRAWN', 'WITHDRAW', 'OBSERVE', '2000-01-01', '2026-02-28'),
    ('AMENDED', 'RECEIVE', 'OBSERVE', '2026-05-01', NULL) RETURNING id`)
  expect(await setRouteMode(db, { mode: 'LIVE', from: '2026-03-01' })).toBe(2)
  const routes = (await listRoutes(db)).map(({ event, mode, validFrom, validTo }) => [event, mode, validFrom, validTo])
  expect(routes).toEqual([
    ['AMENDED', 'LIVE', '2026-03-01', null],
    ['RECEIVED', 'OBSERVE', '2000-01-01', '2026-02-28'],
    ['RECEIVED', 'LIVE', '2026-03-01', null],
    ['WITHDRAWN', 'OBSERVE', '2000-01-01', '2026-02-28'],
  ])
})

test('messages that wait for their dossier or turn are counted, and how long the oldest has waited', async () => {
  await db.query(`INSERT INTO inbox_message (id, source, channel, operation, kind, identity, digest, raw, state, correlation_id, received_at)
    SELECT gen_random_uuid(), 'VILIS', 'POLL', 'x', 'x', 'thu-' || n, 'x', 'x', CASE n WHEN 3 THEN 'APPLIED' ELSE 'EARLY' END, 'x',
      app_now() - n * interval '1 minute' FROM generate_series(1, 3) n RETURNING 1 AS done`)
  const { inbox } = await readGauges(db, [])
  expect(inbox).toEqual([{ source: 'VILIS', state: 'EARLY', count: 2, oldestSeconds: expect.any(Number) }])
  expect(inbox[0]?.oldestSeconds).toBeGreaterThanOrEqual(120)
})
