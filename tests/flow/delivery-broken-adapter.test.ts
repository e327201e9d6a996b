import { afterAll, beforeEach, expect, test } from '@jest/globals'
import type { SystemId } from '../../src/model/system.js'
import type { Sending, TargetSystem } from '../../src/ports/target-system.js'
import { type DeliveryDependencies, deliver } from '../../src/transfer/deliver-transfer.js'
import { deliveryOf, pollOnce } from '../../src/worker-process.js'
import { sharedTestSystem, type TestSystem } from '../support/test-system.js'
import { relayed } from '../support/until.js'

const shared = sharedTestSystem()
let system: TestSystem
beforeEach(async () => {
  system = await shared.open({ polls: false })
})
afterAll(() => shared.close())

const takeDossier = async (): Promise<void> => {
  await system.twins.ONE_STOP.act('takeDossier')
  await pollOnce(system.context, 'ONE_STOP')
  await relayed(system)
}

const stateOf = async () =>
  (await system.context.db.query<{ state: string }>(`SELECT state FROM transfer WHERE operation = 'RECEIVE'`))[0]?.state

/** Deliveries by an adapter that is the real one, but for its sending. */
const deliveryBy = (
  send: (sending: Sending, real: TargetSystem) => ReturnType<TargetSystem['send']>,
  onError: (transferId: string) => void = () => undefined,
): DeliveryDependencies => {
  const real = system.context.systems.targets.get('VILIS') as TargetSystem
  const broken: TargetSystem = {
    id: real.id,
    operations: real.operations,
    requestsPerStep: real.requestsPerStep,
    traits: (operation) => real.traits(operation),
    check: (sending) => real.check(sending),
    send: (sending) => send(sending, real),
    inquire: (sending) => real.inquire(sending),
    close: async () => undefined,
  }
  return {
    ...deliveryOf(system.context, () => undefined),
    targets: new Map<SystemId, TargetSystem>([['VILIS', broken]]),
    onError: (_error, transferId) => onError(transferId),
  }
}

test('an adapter that hands on what no column holds: the outcome counts without its words, and is not asked for again for ever', async () => {
  await takeDossier()
  const delivery = deliveryBy(async (sending, real) => {
    const { outcome, evidence } = await real.send(sending)
    return { outcome: { ...outcome, externalRef: 'VL\u0000-1' } as typeof outcome, evidence: { ...evidence, responseText: '\u0000' } }
  })
  expect(await deliver(delivery, 'VILIS', () => false)).toMatchObject({ delivered: 1 })
  expect(await stateOf()).toBe('DELIVERED')
  const [attempt] = await system.context.db.query(`SELECT outcome, detail, late FROM attempt`)
  expect(attempt).toEqual({ outcome: 'ACCEPTED', detail: expect.stringContaining('không lưu được'), late: false })
})

test('an adapter that throws leaves an unknown outcome, reported with its transfer and inquired, and no stuck lease', async () => {
  await takeDossier()
  const reported: string[] = []
  const delivery = deliveryBy(
    async (sending, real) => {
      await real.send(sending)
      throw new TypeError('broken after the send')
    },
    (transferId) => reported.push(transferId),
  )
  expect(await deliver(delivery, 'VILIS', () => false)).toMatchObject({ delivered: 1 })
  expect(await stateOf()).toBe('INDETERMINATE')
  expect(reported).toHaveLength(1)

  await system.pass(10_000)
  await system.drain()
  expect(await stateOf()).toBe('DELIVERED')
  expect(await system.accepted('VILIS')).toHaveLength(1)
})
