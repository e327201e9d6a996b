import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { loadReferenceData } from '../../src/dossier/load-reference-data.js'
import { type Database, openDatabase } from '../../src/platform/database.js'
import { prismaDir } from '../../src/platform/paths.js'
import { happening, INTRODUCTIONS } from '../support/random/happenings.js'
import { RandomDeliveries } from '../support/random/random-deliveries.js'
import { randomRuns } from '../support/random/runs.js'
import { createTestDatabase, type TestDatabase } from '../support/test-database.js'

/** Bounded for everyday, each with two systems; more, and other ones, with RANDOM_RUNS. */
const RUNS = randomRuns(19)

/** Where nobody can inquire, what is uncertain waits for a person. */
const STRENGTH = fc.constantFrom('KEY_AND_DIGEST' as const, 'KEY_AND_DIGEST' as const, 'NONE' as const)
const STRENGTHS = fc.record({ WHOLE: STRENGTH, SUPPLEMENT: STRENGTH })

const INTRODUCTION = fc.constantFrom('SEND' as const, 'SEND' as const, ...INTRODUCTIONS)
const OF_A_DOSSIER = fc.record({ VILIS: INTRODUCTION, ONE_STOP: INTRODUCTION })

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

/** A failure prints the seed and the shortest sequence; both can be given to `fc.assert` to see it again. */
test('whatever happens, nothing is doubled, nothing is lost, the order holds at each system whatever the other does, no gate is passed that is shut, and no one leaves a terminal state unaudited', async () => {
  let run = 0
  await fc.assert(
    fc.asyncProperty(
      STRENGTHS,
      fc.tuple(OF_A_DOSSIER, OF_A_DOSSIER),
      fc.array(happening, { minLength: 1, maxLength: 60, size: 'max' }),
      async (strengths, introductions, happenings) => {
        run += 1
        const serial = String(run).padStart(4, '0')
        const deliveries = new RandomDeliveries(db, strengths)
        await deliveries.begin([`H58.22-260315-${serial}`, `H58.22-260316-${serial}`], introductions)
        try {
          for (const one of happenings) await deliveries.happen(one)
          await deliveries.end()
        } finally {
          await db.query('TRUNCATE transfer, attempt, outbox_event, audit_entry, recovery_epoch, system_gate, system_breaker CASCADE')
        }
      },
    ),
    RUNS,
  )
  expect(run).toBeGreaterThanOrEqual(RUNS.numRuns)
}, 600_000)
