import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { type Context, openContext } from '../../src/context.js'
import { lookUpsOf } from '../support/held-reads.js'
import { seedDossier } from '../support/seed-dossiers.js'
import { startTestGateway, type TestGateway } from '../support/test-gateway.js'
import { openTestSystem, type TestSystem } from '../support/test-system.js'
import { until } from '../support/until.js'
import { startValkey, type TestRedis } from '../support/valkey.js'

/** Two gateways with a Redis between them, and the twin's ledger that counts what they ask. */
const PARCELS = 'TraCuuThuaDat'
let redis: TestRedis
let system: TestSystem
let context: Context
let second: TestGateway
beforeAll(async () => {
  redis = await startValkey()
  system = await openTestSystem({ gateway: true, polls: false, redisUrl: redis.url })
  context = await openContext(system.context.options)
  second = await startTestGateway(context)
})
afterAll(async () => {
  await second.stop()
  await context.close()
  await system.close()
  await redis.stop()
})

interface Freshness {
  readonly state: string
  readonly asOf: string
}
const read = async (parcelNumber: string, gateway: TestGateway): Promise<Freshness> =>
  (
    await gateway.query<{ parcel: { freshness: Freshness } }>(
      'admin',
      `{ parcel(key: { communeCode: "28594", mapSheetNumber: "7", parcelNumber: "${parcelNumber}" }) { freshness { state asOf } } }`,
    )
  ).parcel.freshness

test('what one gateway has read the other need not ask, until it has changed: then neither believes what was read before', async () => {
  const lookUps = lookUpsOf(system)
  // A gateway that has just started believes nothing that was read before it did.
  const taken = await until('the second gateway takes what the first has read', async () => {
    await lookUps.mark()
    const parcelNumber = String(1 + (await system.twins.VILIS.ledger()).last)
    const mine = await read(parcelNumber, system.gateway)
    const theirs = await read(parcelNumber, second)
    return (await lookUps.count(PARCELS)) === 1 && { parcelNumber, mine, theirs }
  })
  expect(taken.theirs).toEqual({ state: 'CACHED', asOf: taken.mine.asOf })

  await system.twins.VILIS.advance({ ms: 60_000 })
  await seedDossier(system.context.db, {
    code: 'H58.22-260403-0001',
    commune: { code: '28594', on: '2026-04-03' },
    parcel: { mapSheetNumber: '7', parcelNumber: taken.parcelNumber },
  })
  await system.context.db.query('UPDATE dossier SET version = version + 1 WHERE code = $1', ['H58.22-260403-0001'])
  for (const gateway of [second, system.gateway])
    await until('what was read before is forgotten', async () => (await read(taken.parcelNumber, gateway)).asOf !== taken.mine.asOf)
  expect([(await read(taken.parcelNumber, system.gateway)).asOf, (await read(taken.parcelNumber, second)).asOf]).not.toContain(
    taken.mine.asOf,
  )
})

test('without Redis every gateway goes on by itself', async () => {
  if (process.env.TEST_REDIS_URL) return
  await redis.stop()
  const lookUps = lookUpsOf(system)
  await lookUps.mark()
  expect((await read('90', system.gateway)).state).toBe('LIVE')
  expect((await read('90', second)).state).toBe('LIVE')
  expect(await lookUps.count(PARCELS)).toBe(2)
})
