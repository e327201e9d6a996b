import { afterEach, beforeEach, expect, test } from '@jest/globals'
import type { ClaimedTransfer } from '../../src/transfer/claim-repository.js'
import { claimNext, settleClaim } from '../support/claims.js'
import { andThen, expectOnceAndInOrder, HOUR_MS } from '../support/dossier-journey.js'
import { expectAllDelivered } from '../support/ledger-agreement.js'
import { auditOf, transferOf } from '../support/operator-acts.js'
import { openTestSystem, type TestSystem } from '../support/test-system.js'

let system: TestSystem
beforeEach(async () => {
  system = await openTestSystem()
})
afterEach(() => system.close())

test('what is refused while its amendment waits behind it gives way to it at once, in the name of the officer who amended, and what follows goes', async () => {
  await system.twins.VILIS.offline()
  const { code } = await system.twins.ONE_STOP.act<{ code: string }>('takeDossier', { overrides: { procedureCode: '1.012783' } })
  await system.drain()
  await system.pass(HOUR_MS)
  const claim = (await claimNext(system.context.db, 'VILIS', 9 * HOUR_MS, 'tien-trinh')) as ClaimedTransfer
  expect(claim.idempotencyKey).toBe(`${code}.RECEIVE.1`)
  await system.twins.VILIS.online()
  await andThen(system, 'ONE_STOP', 'handInSupplement', { code })
  await andThen(system, 'ONE_STOP', 'amend', { code, changes: { summary: 'Đã sửa' } })
  expect(await system.accepted('VILIS')).toEqual([])

  const refused = { to: 'REJECTED', retryCount: 1, absentCount: 0, lastError: 'Thiếu trường' } as const
  expect(await settleClaim(system.context.db, claim, refused, { outcome: 'REJECTED' })).toBe(true)
  await system.drain()
  expect((await system.accepted('VILIS')).map(({ key }) => key)).toEqual([`${code}.RECEIVE.3`, `${code}.SUPPLEMENT.2`])
  const older = await transferOf(system, `${code}.RECEIVE.1`)
  expect(older.state).toBe('SUPERSEDED')
  const { receivedBy } = (await system.context.db.query<{ receivedBy: string }>('SELECT received_by AS "receivedBy" FROM dossier'))[0] as {
    receivedBy: string
  }
  expect(await auditOf(system, older.id)).toMatchObject([
    {
      actor: `ONE_STOP: ${receivedBy}`,
      role: 'SOURCE',
      act: 'SUPERSEDE',
      reason: 'Có phiên bản hồ sơ mới hơn.',
      before: { state: 'REJECTED' },
    },
  ])
  await expectOnceAndInOrder(system, 'VILIS', code)
  await expectAllDelivered(system)
})
