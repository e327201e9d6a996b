import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { loadReferenceData } from '../../src/dossier/load-reference-data.js'
import { type Database, openDatabase } from '../../src/platform/database.js'
import { prismaDir } from '../../src/platform/paths.js'
import { type Happening, RandomDeliveries } from '../support/random-deliveries.js'
import { createTestDatabase, type TestDatabase } from '../support/test-database.js'
import { INQUIRY_BEHAVIOURS, SEND_BEHAVIOURS } from '../support/tiny-peer.js'

/** Bounded for everyday; more with RANDOM_RUNS. */
const RUNS = Number(process.env.RANDOM_RUNS ?? 25)
const MINUTE = 60_000

let database: TestDatabase
let db: Database
beforeAll(async () => {
  database = await createTestDatabase()
  db = openDatabase({ url: database.url, poolSize: 4, onError: () => undefined })
  await loadReferenceData(db, join(prismaDir, 'reference'))
})
afterAll(async () => {
  await db.close()
  await database.drop()
})

/** What doubles and loses in the field: drawn more often. */
const UNHEARD = ['LOSE_ANSWER', 'COMMIT_LATE', 'COMMIT_LATE', 'LOSE_REQUEST', 'DIE_AFTER'] as const

const happening: fc.Arbitrary<Happening> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      what: fc.constant('WORK' as const),
      after: fc.constantFrom(0, 6_000, 6_000),
      workers: fc.constantFrom(1 as const, 2 as const),
      sends: fc.array(fc.constantFrom(...SEND_BEHAVIOURS, ...UNHEARD), { maxLength: 2 }),
      inquiries: fc.array(fc.constantFrom(...INQUIRY_BEHAVIOURS, 'TRUTH', 'TRUTH'), { maxLength: 2 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      what: fc.constant('PASS' as const),
      ms: fc.constantFrom(6_000, 6_000, MINUTE, 2 * MINUTE, 11 * MINUTE, 70 * MINUTE, 4 * 24 * 60 * MINUTE),
    }),
  },
  { weight: 2, arbitrary: fc.record({ what: fc.constantFrom('GUARD' as const, 'LOAD_MAPPINGS' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      what: fc.constant('PERSON' as const),
      act: fc.constantFrom('REPLAY' as const, 'CONFIRM' as const, 'ABANDON' as const),
      which: fc.nat({ max: 5 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('AMEND' as const), which: fc.constantFrom(0 as const, 1 as const) }) },
)

/** A failure prints the seed and the shortest sequence; both can be given to `fc.assert` to see it again. */
test('whatever happens, nothing is doubled, nothing is lost, the order holds, and no one leaves a terminal state unaudited', async () => {
  let run = 0
  await fc.assert(
    fc.asyncProperty(fc.array(happening, { minLength: 30, maxLength: 60, size: 'max' }), async (happenings) => {
      run += 1
      const serial = String(run).padStart(4, '0')
      const deliveries = new RandomDeliveries(db)
      await deliveries.begin([`H58.22-260315-${serial}`, `H58.22-260316-${serial}`])
      try {
        for (const one of happenings) await deliveries.happen(one)
        await deliveries.end()
      } finally {
        await db.query('TRUNCATE transfer, attempt, outbox_event, audit_entry CASCADE')
      }
    }),
    { numRuns: RUNS },
  )
  expect(run).toBeGreaterThanOrEqual(RUNS)
}, 600_000)
