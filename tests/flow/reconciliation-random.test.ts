import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { RECONCILIATION_SCOPES } from '../../src/model/reconciliation-run.js'
import { SYSTEM_IDS, type SystemId } from '../../src/model/system.js'
import { deliver } from '../../src/transfer/deliver-transfer.js'
import { deliveryOf, pollOnce } from '../../src/worker-process.js'
import { HOUR_MS } from '../support/dossier-journey.js'
import { randomRuns, shrunkForAMinute } from '../support/random/runs.js'
import { discrepancies, reconcile, told } from '../support/reconcile.js'
import { openTestSystem, type TestSystem } from '../support/test-system.js'

/** Bounded for everyday; more, and other ones, with RANDOM_RUNS. */
const RUNS = randomRuns(6)

/** What people do over there, to one of the dossiers at hand. */
const DEEDS: readonly (readonly [SystemId, string, Record<string, unknown>?])[] = [
  ['VILIS', 'forward'],
  ['VILIS', 'forward'],
  ['VILIS', 'requireSupplement', { pause: false }],
  ['VILIS', 'newDueDate'],
  ['VILIS', 'sendTax'],
  ['VILIS', 'finish', { ending: 0 }],
  ['ONE_STOP', 'handInSupplement', { documents: [{ name: 'Trích lục', text: 'trích lục' }] }],
  ['ONE_STOP', 'amend', { changes: { summary: 'Sửa trích yếu' } }],
  ['ONE_STOP', 'returnResult'],
]

type Step =
  | { readonly what: 'TAKE' | 'POLL' | 'DELIVER' | 'PASS'; readonly which: number }
  | { readonly what: 'DEED'; readonly which: number; readonly deed: number }
  | { readonly what: 'RUN'; readonly which: number; readonly scope: number }

const nat = fc.nat({ max: 11 })
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ what: fc.constant('TAKE' as const), which: nat }) },
  { weight: 7, arbitrary: fc.record({ what: fc.constant('DEED' as const), which: nat, deed: fc.nat({ max: DEEDS.length - 1 }) }) },
  { weight: 5, arbitrary: fc.record({ what: fc.constantFrom('POLL' as const, 'DELIVER' as const, 'DELIVER' as const), which: nat }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('PASS' as const), which: nat }) },
  { weight: 4, arbitrary: fc.record({ what: fc.constant('RUN' as const), which: nat, scope: fc.nat({ max: 2 }) }) },
)

const take = async (system: TestSystem): Promise<string> =>
  (await system.twins.ONE_STOP.act<{ code: string }>('takeDossier', { overrides: { procedureCode: '1.012783' } })).code

const happen = async (system: TestSystem, codes: string[], one: Step): Promise<void> => {
  const { context } = system
  const systemId = SYSTEM_IDS[one.which % SYSTEM_IDS.length] as SystemId
  switch (one.what) {
    case 'TAKE':
      codes.push(await take(system))
      return
    case 'DEED': {
      const [at, act, body] = DEEDS[one.deed] as (typeof DEEDS)[number]
      // What cannot be done to a dossier as it stands there is not done.
      await system.twins[at].act(act, { code: codes[one.which % codes.length], ...body }).catch(() => undefined)
      return
    }
    case 'POLL':
      await pollOnce(context, systemId)
      return
    case 'DELIVER':
      // One transfer, and what stands behind it waits.
      await deliver(
        deliveryOf(context, () => undefined),
        systemId,
        () => false,
      )
      return
    case 'PASS':
      await system.pass(HOUR_MS)
      return
    case 'RUN':
      await reconcile(system, { scope: RECONCILIATION_SCOPES[one.scope] as 'RECENT' | 'OPEN' | 'ALL' })
  }
}

/** Found is only what no transfer, message or poll that was still to come would have mended. */
test('whatever is under way between the systems, no run finds a difference that would have gone by itself', async () => {
  let looked = 0
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 12, maxLength: 40, size: 'max' }),
      shrunkForAMinute(async (steps) => {
        const system = await openTestSystem()
        try {
          const codes = [await take(system)]
          for (const one of steps) {
            await happen(system, codes, one)
            if (one.what !== 'RUN') continue
            looked += 1
            const found = await discrepancies(system, 'OPEN')
            if (found.length === 0) continue
            await system.drain()
            await reconcile(system)
            expect(told(await discrepancies(system, 'OPEN'))).toEqual(expect.arrayContaining(told(found)))
            return
          }
        } finally {
          await system.close()
        }
      }),
    ),
    RUNS,
  )
  expect(looked).toBeGreaterThan(RUNS.numRuns)
}, 600_000)
