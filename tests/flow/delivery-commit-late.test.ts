import { afterAll, describe, expect, test } from '@jest/globals'
import type { MisbehaviourRule } from '../../adapters/soap/twin/misbehaviour.js'
import type { SystemId } from '../../src/model/system.js'
import { expectAllDelivered, expectMisbehaved } from '../support/ledger-agreement.js'
import { attemptsOf, transferOf } from '../support/operator-acts.js'
import { sharedTestSystem, type TestSystem } from '../support/test-system.js'

const MINUTE = 60_000
/** What each system declares as its longest processing time; the lease comes on top of it. */
const PROCESSING_MS = 10 * MINUTE
/** Only a call that hangs takes all of it; any other is answered within it, on a busy machine too. */
const CALL_DEADLINE_MS = 10_000
const HUNG_CALL_DEADLINE_MS = 1_500
const traitsFor = ({ then }: MisbehaviourRule) => ({
  inquiryStrength: 'KEY_AND_DIGEST',
  maxProcessingMs: PROCESSING_MS,
  callDeadlineMs: then === 'HANG' ? HUNG_CALL_DEADLINE_MS : CALL_DEADLINE_MS,
})

const shared = sharedTestSystem()
let system: TestSystem
afterAll(() => shared.close())

const CASES: readonly { systemId: SystemId; operation: string; wire: string }[] = [
  { systemId: 'VILIS', operation: 'RECEIVE', wire: 'TiepNhanHoSo' },
  { systemId: 'PORTAL', operation: 'SYNC_DOSSIER', wire: 'DongBoHoSoMC' },
  { systemId: 'ONE_STOP', operation: 'REGISTER', wire: 'TiepNhanHoSoLienThong' },
]

/** A dossier whose first write to that system meets `rule`. Returns the write's key. */
const begin = async ({ systemId, operation, wire }: (typeof CASES)[number], rule: MisbehaviourRule): Promise<string> => {
  system = await shared.open({
    systems: { [systemId]: { operations: { [operation]: traitsFor(rule) } } },
    // So long that a slow step holds no more than one inquiry.
    retry: { inquiryWaitMs: 30_000 },
  })
  await system.twins[systemId].misbehave({ ...rule, operation: wire })
  const { code } =
    systemId === 'ONE_STOP'
      ? await system.twins.VILIS.act<{ code: string }>('takeAtDesk', { procedureCode: '1.012783' })
      : await system.twins.ONE_STOP.act<{ code: string }>('takeDossier')
  await system.drain()
  await expectMisbehaved(system)
  return `${code}.${operation}.1`
}

const kindsOf = async (key: string): Promise<string[]> => (await attemptsOf(system, key)).map(({ kind, outcome }) => `${kind} ${outcome}`)

const step = async (ms: number): Promise<void> => {
  await system.pass(ms)
  await system.drain()
}

describe.each(CASES)('$systemId', (one) => {
  test.each([['HANG'], ['DROP']] as const)(
    'that commits late and does not answer (%s) has the write once: it is not re-sent before the declared time',
    async (then) => {
      const key = await begin(one, { kind: 'COMMIT_LATE', delayMs: PROCESSING_MS - MINUTE, then })
      expect(await kindsOf(key)).toEqual(['SEND INDETERMINATE'])
      // "Not there" before their time is over counts for nothing.
      await step(MINUTE)
      await step(MINUTE)
      expect(await kindsOf(key)).toEqual(['SEND INDETERMINATE', 'INQUIRE ABSENT'])
      expect(await system.accepted(one.systemId)).toEqual([])
      await step(PROCESSING_MS)
      await step(MINUTE)
      expect(await kindsOf(key)).toEqual(['SEND INDETERMINATE', 'INQUIRE ABSENT', 'INQUIRE SAME'])
      await expectAllDelivered(system)
    },
  )

  test('that never got it is sent to again, once, after two answers "not there" later than the declared time', async () => {
    const key = await begin(one, { kind: 'DROP_BEFORE' })
    await step(MINUTE)
    expect((await transferOf(system, key)).state).toBe('INDETERMINATE')
    await step(PROCESSING_MS)
    expect(await kindsOf(key)).toEqual(['SEND INDETERMINATE', 'INQUIRE ABSENT', 'INQUIRE ABSENT'])
    expect((await transferOf(system, key)).state).toBe('INDETERMINATE')
    expect(await system.accepted(one.systemId)).toEqual([])
    await step(MINUTE)
    expect(await kindsOf(key)).toEqual(['SEND INDETERMINATE', 'INQUIRE ABSENT', 'INQUIRE ABSENT', 'INQUIRE ABSENT', 'SEND ACCEPTED'])
    await expectAllDelivered(system)
  })

  test('that commits between the two answers has the write once', async () => {
    const then = 'DROP'
    const key = await begin(one, { kind: 'COMMIT_LATE', delayMs: PROCESSING_MS + 2 * MINUTE, then })
    await step(MINUTE)
    await step(PROCESSING_MS)
    expect((await kindsOf(key)).at(-1)).toBe('INQUIRE ABSENT')
    await step(2 * MINUTE)
    expect((await kindsOf(key)).at(-1)).toBe('INQUIRE SAME')
    await expectAllDelivered(system)
  })
})
