import { expect, test } from '@jest/globals'
import { explainTransfer, type TransferStanding } from '../../../src/model/explain-transfer.js'
import { HELD_REASONS, TRANSFER_STATES } from '../../../src/model/transfer-state.js'

const standing = (changes: Partial<TransferStanding> = {}): TransferStanding => ({
  operation: 'RECEIVE',
  state: 'QUEUED',
  heldReason: null,
  nextAttemptAt: null,
  settledAt: null,
  cause: null,
  ahead: null,
  shut: null,
  ...changes,
})

const REFUSED_CONNECTION = { operation: 'RECEIVE', kind: 'UNAVAILABLE', code: 'ECONNREFUSED', field: null } as const

test('every state, with and without a failure, whatever it waits for, is told in sentences', () => {
  for (const state of TRANSFER_STATES)
    for (const heldReason of state === 'HELD' ? HELD_REASONS : [null])
      for (const cause of [null, REFUSED_CONNECTION])
        for (const ahead of [null, 'REJECTED', 'SENDING'] as const)
          for (const shut of [null, 'PAUSE', 'BREAKER'] as const) {
            const { what, side, sideLabel, nextStep } = explainTransfer(standing({ state, heldReason, cause, ahead, shut }))
            expect(what).toMatch(/^\p{Lu}.+\.$/u)
            expect(what).not.toMatch(/\.\.|undefined|null/)
            expect(nextStep).toMatch(/^\p{Lu}.+\.$/u)
            expect(sideLabel === null).toBe(side === null)
          }
})

test.each([
  ['behind one that needs a person', { ahead: 'REJECTED' }, /Chờ lượt đứng trước/, /Hãy xử lý lượt đứng trước/],
  ['behind one that goes by itself', { ahead: 'SENDING' }, /Chờ lượt đứng trước/, /Chưa phải làm gì/],
  ['before a paused system', { shut: 'PAUSE' }, /tạm dừng việc gửi tới ViLIS/, /Cho hệ thống chạy lại/],
  [
    'before an open breaker',
    { shut: 'BREAKER', cause: REFUSED_CONNECTION },
    /Tạm ngừng gọi ViLIS.*ECONNREFUSED/,
    /báo đầu mối kỹ thuật của ViLIS/,
  ],
] as const)('what waits %s says so, and what to do', (_name, changes, what, next) => {
  const told = explainTransfer(standing(changes))
  expect(told.what).toMatch(what)
  expect(told.nextStep).toMatch(next)
})

test('who stands behind another one hears of that before he hears of the system', () => {
  expect(explainTransfer(standing({ ahead: 'HELD', shut: 'PAUSE' })).what).toMatch(/Chờ lượt đứng trước/)
})

test('what nobody knows the outcome of is explained by its cause and mended by a person’s word', () => {
  const told = explainTransfer(
    standing({ state: 'HELD', heldReason: 'UNCERTAIN', cause: { ...REFUSED_CONNECTION, kind: 'INDETERMINATE', code: 'TIMEOUT' } }),
  )
  expect(told).toMatchObject({
    side: 'THEIRS',
    what: expect.stringContaining('TIMEOUT'),
    nextStep: expect.stringContaining('xác nhận kết quả'),
  })
})
