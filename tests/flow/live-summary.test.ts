import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { readSummary, summaryLines } from '../../src/sandbox/summary.js'
import { deliver } from '../../src/transfer/deliver-transfer.js'
import { deliveryOf, pollOnce } from '../../src/worker-process.js'
import { openTestSystem, type TestSystem } from '../support/test-system.js'
import { relayed } from '../support/until.js'

let system: TestSystem
beforeEach(async () => {
  // So long that the breaker is open still when it is looked at.
  system = await openTestSystem({ gateway: true, polls: false, retry: { breaker: { openMs: 30_000 } } })
})
afterEach(() => system.close())

const notices = async (): Promise<string[]> => summaryLines(await readSummary(system.context.db)).filter((line) => line.startsWith('  ! '))

test('the picture in the terminal says which system is not called, and why', async () => {
  expect(await notices()).toEqual([])
  for (let taken = 0; taken < 6; taken += 1) await system.twins.ONE_STOP.act('takeDossier')
  await pollOnce(system.context, 'ONE_STOP')
  await relayed(system)
  await system.twins.VILIS.offline()
  const delivery = deliveryOf(system.context, () => undefined)
  await deliver(delivery, 'VILIS', () => true)
  expect(await notices()).toEqual([
    expect.stringMatching(/^ {2}! Phần mềm đất đai ViLIS: cầu dao mở \(gửi\), thử lại lúc \d\d:\d\d:\d\d: \S/),
  ])
  await system.pass(31_000)
  expect(await notices()).toEqual([expect.stringContaining('cầu dao mở (gửi), đang thử lại')])

  await system.gateway.query('operator', 'mutation ($input: SystemActInput!) { pauseSystem(input: $input) { __typename } }', {
    input: { clientKey: 'dung-cong-1', systemId: 'PORTAL', reason: 'Cổng bảo trì' },
  })
  expect(await notices()).toContainEqual(
    expect.stringMatching(/^ {2}! Cổng dịch vụ công: tạm dừng từ \d\d:\d\d:\d\d, Người thử operator \(operator\): Cổng bảo trì$/),
  )
})
