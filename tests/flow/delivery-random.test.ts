import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { loadReferenceData } from '../../src/dossier/load-reference-data.js'
import { type Database, openDatabase } from '../../src/platform/database.js'
import { prismaDir } from '../../src/platform/paths.js'
import { type Happening, happening, INTRODUCTIONS } from '../support/random/happenings.js'
import { LEASE_MS } from '../support/random/laws.js'
import { RandomDeliveries } from '../support/random/random-deliveries.js'
import { randomRuns, shrunkForAMinute } from '../support/random/runs.js'
import type { SendBehaviour } from '../support/random/tiny-peer.js'
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

type Introductions = Parameters<RandomDeliveries['begin']>[1]

let run = 0
const play = async (
  strengths: ConstructorParameters<typeof RandomDeliveries>[1],
  introductions: Introductions,
  happenings: readonly Happening[],
): Promise<RandomDeliveries> => {
  run += 1
  const serial = String(run).padStart(4, '0')
  const deliveries = new RandomDeliveries(db, strengths)
  await deliveries.begin([`H58.22-260315-${serial}`, `H58.22-260316-${serial}`], introductions)
  try {
    for (const one of happenings) await deliveries.happen(one)
    await deliveries.end()
    return deliveries
  } finally {
    await db.query('TRUNCATE transfer, attempt, outbox_event, audit_entry, recovery_epoch, system_gate, system_breaker CASCADE')
  }
}

/** A failure prints the seed and the shortest sequence; both can be given to `fc.assert` to see it again. */
test('whatever happens, nothing is doubled, nothing is lost, the order holds at each system whatever the other does, no gate is passed that is shut, no late answer moves anything, nothing uncertain is sent again unconfirmed, and no one leaves a terminal state unaudited', async () => {
  let runs = 0
  await fc.assert(
    fc.asyncProperty(
      STRENGTHS,
      fc.tuple(OF_A_DOSSIER, OF_A_DOSSIER),
      fc.array(happening, { minLength: 1, maxLength: 60, size: 'max' }),
      shrunkForAMinute(async (strengths, introductions, happenings) => {
        runs += 1
        await play(strengths, introductions, happenings)
      }),
    ),
    RUNS,
  )
  expect(runs).toBeGreaterThanOrEqual(RUNS.numRuns)
}, 600_000)

const INQUIRABLE = { WHOLE: 'KEY_AND_DIGEST', SUPPLEMENT: 'KEY_AND_DIGEST' } as const
const SENT: Introductions = [
  { VILIS: 'SEND', ONE_STOP: 'SEND' },
  { VILIS: 'SEND', ONE_STOP: 'SEND' },
]
/** At ViLIS, by the workers that there are, after the wait before an inquiry. */
const work = (...sends: readonly SendBehaviour[]): Happening => ({
  what: 'WORK',
  at: 'VILIS',
  after: 6_000,
  workers: 1,
  sends,
  inquiries: [],
})

const claimLost: readonly Happening[] = [{ what: 'PASS', ms: LEASE_MS }, { what: 'GUARD' }]

/** What a random sequence may miss, in every run. */
test('a worker that stalls finds its transfer in the hands of another: what it has heard, taken, refused or in conflict, moves nothing and is kept', async () => {
  const { overtaken } = await play(INQUIRABLE, SENT, [work('STALL'), work('STALL_REJECT'), work('STALL_CONFLICT')])
  expect(overtaken).toEqual(['ACCEPTED', 'REJECTED', 'CONFLICT'])
})

test.each(['LOSE_REQUEST', 'COMMIT_LATE', 'DIE_BEFORE'] as const)(
  'what is not there yet after %s is sent again only when they have said so twice, later than they may take',
  async (send) => {
    const soon = Array.from({ length: 6 }, () => work())
    const { resent } = await play(INQUIRABLE, SENT, [work(send), ...claimLost, ...soon, { what: 'PASS', ms: 11 * 60_000 }, ...soon])
    expect(resent).toBe(send === 'COMMIT_LATE' ? 0 : 1)
  },
)
