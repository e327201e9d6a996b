import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { MOST_NEW_CAUSES } from '../../src/model/failure-cause.js'
import type { PlanKept } from '../../src/platform/database.js'
import { deliver } from '../../src/transfer/deliver-transfer.js'
import { type BareDeliveries, openBareDeliveries } from '../support/bare-deliveries.js'
import { until } from '../support/until.js'

let bare: BareDeliveries
beforeAll(async () => {
  bare = await openBareDeliveries()
})
afterAll(() => bare.close())

/** Delivers all that is due, and gives the statements that it took. */
const delivering = async (): Promise<string[]> => {
  const statements: string[] = []
  const { db, dependencies } = bare
  const sql = {
    query: <Row>(text: string, parameters?: readonly unknown[], plan?: PlanKept) => {
      statements.push(text)
      return db.query<Row>(text, parameters, plan)
    },
  }
  await deliver({ ...dependencies, sql }, 'VILIS', () => true)
  return statements
}

const DELIVERED = 5

test('what succeeds takes a statement that does not so much as name the table of causes, and closes its attempt without writing an index', async () => {
  for (let planned = 0; planned < DELIVERED; planned += 1) await bare.plan(await bare.dossier(), 1, ['RECEIVE'])
  const statements = await delivering()
  expect((await bare.transfers()).map(({ state }) => state)).toEqual(Array(DELIVERED).fill('DELIVERED'))
  expect(statements.length).toBeGreaterThan(0)
  expect(statements.filter((text) => text.includes('failure_cause'))).toEqual([])
  const written = await until('the closing of the attempts is counted', async () => {
    const [row] = await bare.db.query<{ updated: number; hot: number }>(
      `SELECT pg_stat_get_tuples_updated('attempt'::regclass)::int AS updated, pg_stat_get_tuples_hot_updated('attempt'::regclass)::int AS hot`,
    )
    return row?.updated === DELIVERED && row
  })
  expect(written.hot).toBe(DELIVERED)
})

test('what fails takes no statement more than what succeeds', async () => {
  await bare.reset()
  for (let planned = 0; planned < DELIVERED; planned += 1) await bare.plan(await bare.dossier(), 1, ['RECEIVE'])
  const succeeding = (await delivering()).length
  await bare.reset()
  bare.answer(async () => ({ kind: 'REJECTED', code: 'SAI', reason: 'Sai' }))
  for (let planned = 0; planned < DELIVERED; planned += 1) await bare.plan(await bare.dossier(), 1, ['RECEIVE'])
  const statements = await delivering()
  expect(statements).toHaveLength(succeeding)
  expect(statements.some((text) => text.includes('failure_cause'))).toBe(true)
  expect(await bare.db.query('SELECT code FROM failure_cause')).toEqual([{ code: 'SAI' }])
})

test('a peer that makes up a code for each failure makes no more causes in an hour than are read', async () => {
  await bare.reset()
  const anHourLater = () =>
    bare.db.query(`UPDATE failure_cause SET first_seen_at = first_seen_at - interval '61 minutes' RETURNING 1 AS done`)
  await anHourLater()
  let failures = 0
  bare.answer(async () => {
    failures += 1
    return { kind: 'REJECTED', code: `LOI_${failures}`, reason: 'Sai' }
  })
  const MADE_UP = MOST_NEW_CAUSES + 12
  for (let planned = 0; planned < MADE_UP; planned += 1) await bare.plan(await bare.dossier(), 1, ['RECEIVE'])
  await delivering()
  expect(failures).toBe(MADE_UP)
  const causes = await bare.db.query<{ code: string; transfers: number }>(
    `SELECT c.code, count(t.id)::int AS transfers FROM failure_cause c JOIN transfer t ON t.cause_id = c.id GROUP BY c.code`,
  )
  expect(causes).toHaveLength(MOST_NEW_CAUSES + 1)
  expect(causes.find(({ code }) => code === 'OTHER_CODES')).toEqual({ code: 'OTHER_CODES', transfers: 12 })

  // What is known goes on under its own name, and the next hour has room again.
  await anHourLater()
  for (const code of ['LOI_1', 'MOI']) {
    bare.answer(async () => ({ kind: 'REJECTED', code, reason: 'Sai' }))
    await bare.plan(await bare.dossier(), 1, ['RECEIVE'])
    await delivering()
  }
  const counts = await bare.db.query<{ code: string; transfers: number }>(
    `SELECT c.code, count(t.id)::int AS transfers FROM failure_cause c JOIN transfer t ON t.cause_id = c.id WHERE c.code IN ('LOI_1', 'MOI') GROUP BY c.code ORDER BY 1`,
  )
  expect(counts).toEqual([
    { code: 'LOI_1', transfers: 2 },
    { code: 'MOI', transfers: 1 },
  ])
})
