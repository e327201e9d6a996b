import { afterEach, beforeEach, expect, test } from '@jest/globals'
import type { SystemId } from '../../src/model/system.js'
import type { TargetSystem } from '../../src/ports/target-system.js'
import { deliver } from '../../src/transfer/deliver-transfer.js'
import { deliveryOf, pollOnce } from '../../src/worker-process.js'
import { openTestSystem, type TestSystem } from '../support/test-system.js'

let system: TestSystem
beforeEach(async () => {
  system = await openTestSystem({ polls: false })
})
afterEach(() => system.close())

const stateOf = async () =>
  (await system.context.db.query<{ state: string }>(`SELECT state FROM transfer WHERE operation = 'RECEIVE'`))[0]?.state

test('an adapter that throws leaves an unknown outcome, reported with its transfer and inquired, and no stuck lease', async () => {
  await system.twins.ONE_STOP.act('takeDossier')
  await pollOnce(system.context, 'ONE_STOP')
  const real = system.context.systems.targets.get('VILIS') as TargetSystem
  const broken: TargetSystem = {
    id: real.id,
    operations: real.operations,
    requestsPerStep: real.requestsPerStep,
    traits: (operation) => real.traits(operation),
    check: (sending) => real.check(sending),
    send: async (sending) => {
      await real.send(sending)
      throw new TypeError('broken after the send')
    },
    inquire: (sending) => real.inquire(sending),
    close: async () => undefined,
  }
  const reported: string[] = []
  const delivery = {
    ...deliveryOf(system.context, () => undefined),
    targets: new Map<SystemId, TargetSystem>([['VILIS', broken]]),
    onError: (_error: unknown, transferId: string) => void reported.push(transferId),
  }
  expect(await deliver(delivery, 'VILIS', () => false)).toMatchObject({ delivered: 1 })
  expect(await stateOf()).toBe('INDETERMINATE')
  expect(reported).toHaveLength(1)

  await system.pass(10_000)
  await system.drain()
  expect(await stateOf()).toBe('DELIVERED')
  expect(await system.accepted('VILIS')).toHaveLength(1)
})
