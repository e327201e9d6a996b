import { afterAll, beforeEach, describe, expect, test } from '@jest/globals'
import { nameOf } from '../../src/access/caller.js'
import { abandonTransfer, replayTransfer } from '../../src/operator/act-on-transfer.js'
import type { ActResult, TransferAct } from '../../src/operator/perform-act.js'
import { claimNext } from '../support/claims.js'
import { expectAllDelivered, expectLedgersAgree } from '../support/ledger-agreement.js'
import { auditOf, confirmIn, OPERATOR, type TransferView, transferOf } from '../support/operator-acts.js'
import { sharedTestSystem, type TestSystem } from '../support/test-system.js'

const SECOND = 1_000
const MINUTE = 60 * SECOND

const shared = sharedTestSystem()
let system: TestSystem
beforeEach(async () => {
  const traits = { inquiryStrength: 'NONE', callDeadlineMs: 5_000 }
  system = await shared.open({ systems: { VILIS: { operations: { RECEIVE: traits } } } })
})
afterAll(() => shared.close())

const take = async (): Promise<TransferView> => {
  const { code } = await system.twins.ONE_STOP.act<{ code: string }>('takeDossier')
  await system.drain()
  return transferOf(system, `${code}.RECEIVE.1`)
}

/** A transfer of which nobody can say whether ViLIS has it. */
const uncertain = async (kind: 'DROP_AFTER' | 'DROP_BEFORE'): Promise<TransferView> => {
  await system.twins.VILIS.misbehave({ kind, operation: 'TiepNhanHoSo' })
  const transfer = await take()
  expect(transfer).toMatchObject({ state: 'HELD', heldReason: 'UNCERTAIN' })
  return transfer
}

const rejected = async (): Promise<TransferView> => {
  await system.twins.VILIS.misbehave({ kind: 'REFUSE_BEFORE', code: 'Client.SAI_LUOC_DO', operation: 'TiepNhanHoSo' })
  return take()
}

const actOn = ({ id }: TransferView, reason = 'Đã kiểm tra ở ViLIS'): TransferAct => ({ transferId: id, reason, actor: OPERATOR })

const DONE: ActResult = { kind: 'DONE' }
const refusal = (reason: string): unknown => ({
  kind: 'REFUSED',
  reason,
  message: expect.stringMatching(/^\p{Lu}(?!.*[A-Z]{4}).{15,}\.$/u),
})

const audited = (act: string, transfer: TransferView, after: string): unknown => ({
  actor: OPERATOR.subject,
  role: OPERATOR.role,
  act,
  reason: 'Đã kiểm tra ở ViLIS',
  before: { state: transfer.state, heldReason: transfer.heldReason, lastError: transfer.lastError },
  after: { state: after },
})

describe('an uncertain transfer', () => {
  test('is neither replayed nor abandoned before somebody says whether it happened; both refusals leave no trace', async () => {
    const transfer = await uncertain('DROP_AFTER')
    expect(await replayTransfer(system.context.db, actOn(transfer))).toEqual(refusal('OUTCOME_UNCERTAIN'))
    expect(await abandonTransfer(system.context.db, actOn(transfer))).toEqual(refusal('OUTCOME_UNCERTAIN'))
    expect(await transferOf(system, transfer.key)).toEqual(transfer)
    expect(await auditOf(system, transfer.id)).toEqual([])
    await system.pass(24 * 60 * MINUTE)
    await system.drain()
    await expectLedgersAgree(system, { visible: [transfer.key] })
  })

  test('that happened is delivered by a person’s word, with their reference, and sent by nobody', async () => {
    const transfer = await uncertain('DROP_AFTER')
    expect(await confirmIn(system, { ...actOn(transfer), happened: true, externalRef: 'VL-000001' })).toEqual(DONE)
    await system.drain()
    expect(await transferOf(system, transfer.key)).toMatchObject({ state: 'DELIVERED', externalRef: 'VL-000001' })
    expect(await auditOf(system, transfer.id)).toEqual([audited('CONFIRM_DELIVERED', transfer, 'DELIVERED')])
    await expectAllDelivered(system)
  })

  test('that did not happen is sent again, once', async () => {
    const transfer = await uncertain('DROP_BEFORE')
    await system.pass(2 * MINUTE)
    expect(await confirmIn(system, { ...actOn(transfer), happened: false })).toEqual(DONE)
    await system.drain()
    expect(await auditOf(system, transfer.id)).toEqual([audited('CONFIRM_ABSENT', transfer, 'QUEUED')])
    await expectAllDelivered(system)
  })

  test('may not be said to have failed while ViLIS may still be at work: a hasty word does not double what it commits late', async () => {
    await system.twins.VILIS.misbehave({ kind: 'COMMIT_LATE', operation: 'TiepNhanHoSo', delayMs: 50 * SECOND })
    const transfer = await take()
    expect(transfer).toMatchObject({ state: 'HELD', heldReason: 'UNCERTAIN' })
    expect(await system.accepted('VILIS')).toEqual([])
    const hasty = await confirmIn(system, { ...actOn(transfer), happened: false })
    expect(hasty).toEqual({
      kind: 'REFUSED',
      reason: 'TOO_EARLY',
      message: expect.stringMatching(/^Bên nhận .* từ \d\d:\d\d:\d\d ngày \d\d\/\d\d\/\d{4}\.$/),
      possibleFrom: expect.stringMatching(/Z$/),
    })
    expect(await transferOf(system, transfer.key)).toEqual(transfer)
    expect(await auditOf(system, transfer.id)).toEqual([])

    await system.pass(50 * SECOND)
    await system.drain()
    expect(await system.accepted('VILIS')).toHaveLength(1)
    expect(await confirmIn(system, { ...actOn(transfer), happened: true })).toEqual(DONE)
    await system.drain()
    await expectAllDelivered(system)
  })

  test('may be said to have failed from the named instant on', async () => {
    const transfer = await uncertain('DROP_BEFORE')
    const hasty = await confirmIn(system, { ...actOn(transfer), happened: false })
    const from = Date.parse((hasty.kind === 'REFUSED' && hasty.possibleFrom) || '')
    const [clock] = await system.context.db.query<{ now: Date }>('SELECT app_now() AS now')
    await system.pass(from - (clock?.now.getTime() ?? Number.NaN))
    expect(await confirmIn(system, { ...actOn(transfer), happened: false })).toEqual(DONE)
    await system.drain()
    await expectAllDelivered(system)
  })

  test('two persons at once: the first word stands, the second is refused, and one audit entry is written', async () => {
    const transfer = await uncertain('DROP_AFTER')
    const results = await Promise.all([
      confirmIn(system, { ...actOn(transfer), happened: true }),
      confirmIn(system, { ...actOn(transfer), happened: true }),
    ])
    expect(results.map(({ kind }) => kind).sort()).toEqual(['DONE', 'REFUSED'])
    expect(await auditOf(system, transfer.id)).toEqual([audited('CONFIRM_DELIVERED', transfer, 'DELIVERED')])
    await system.drain()
    await expectAllDelivered(system)
  })
})

describe('a refused transfer', () => {
  test('is replayed with a new budget of at least two working days, audited with before and after', async () => {
    const transfer = await rejected()
    await system.pass(60 * 24 * 60 * MINUTE)
    expect(await replayTransfer(system.context.db, actOn(transfer))).toEqual(DONE)
    const replayed = await transferOf(system, transfer.key)
    expect(replayed).toMatchObject({ state: 'QUEUED', heldReason: null, lastError: null })
    // Counted from the moment at which the act took the transfer's lock, which is a little before the row was written.
    expect(replayed.budgetUntil.getTime()).toBeGreaterThan(replayed.updatedAt.getTime() + 2 * 24 * 60 * MINUTE - MINUTE)
    expect(await auditOf(system, transfer.id)).toEqual([audited('REPLAY', transfer, 'QUEUED')])
    await system.drain()
    await expectAllDelivered(system)
  })

  test('that two replay at once is sent once', async () => {
    const transfer = await rejected()
    const results = await Promise.all([
      replayTransfer(system.context.db, actOn(transfer)),
      replayTransfer(system.context.db, actOn(transfer)),
    ])
    expect(results.map(({ kind }) => kind).sort()).toEqual(['DONE', 'REFUSED'])
    expect(await auditOf(system, transfer.id)).toHaveLength(1)
    await system.drain()
    await expectAllDelivered(system)
  })

  test('of which one replays and one abandons at once ends in one of the two, with one audit entry', async () => {
    const transfer = await rejected()
    const results = await Promise.all([
      replayTransfer(system.context.db, actOn(transfer)),
      abandonTransfer(system.context.db, actOn(transfer)),
    ])
    const done = results.filter(({ kind }) => kind === 'DONE').length
    const acts = (await auditOf(system, transfer.id)).map(({ act }) => act)
    // Giving up what was just queued again is legal; replaying what was given up is not.
    expect(acts).toEqual(done === 2 ? ['REPLAY', 'ABANDON'] : ['ABANDON'])
    await system.drain()
    expect((await transferOf(system, transfer.key)).state).toBe('ABANDONED')
    await expectLedgersAgree(system)
  })

  test('that is abandoned is never sent', async () => {
    const transfer = await rejected()
    expect(await abandonTransfer(system.context.db, actOn(transfer))).toEqual(DONE)
    expect(await auditOf(system, transfer.id)).toEqual([audited('ABANDON', transfer, 'ABANDONED')])
    await system.pass(7 * 24 * 60 * MINUTE)
    await system.drain()
    expect(await system.accepted('VILIS')).toEqual([])
    await expectLedgersAgree(system)
  })
})

describe('what the table of moves forbids is refused with a sentence and changes nothing', () => {
  test.each(['replay', 'abandon', 'confirm'] as const)('%s of what was delivered', async (name) => {
    const transfer = await take()
    expect(transfer.state).toBe('DELIVERED')
    const act = {
      replay: () => replayTransfer(system.context.db, actOn(transfer)),
      abandon: () => abandonTransfer(system.context.db, actOn(transfer)),
      confirm: () => confirmIn(system, { ...actOn(transfer), happened: false }),
    }[name]
    expect(await act()).toEqual(refusal(name === 'confirm' ? 'NOTHING_TO_CONFIRM' : 'ILLEGAL_TRANSITION'))
    expect(await transferOf(system, transfer.key)).toEqual(transfer)
    expect(await auditOf(system, transfer.id)).toEqual([])
  })

  test('replaying or abandoning what was given up or is being sent', async () => {
    const abandoned = await rejected()
    await abandonTransfer(system.context.db, actOn(abandoned))
    // Whose act it was is told with it.
    const given = { act: 'ABANDON', actor: nameOf(OPERATOR), role: OPERATOR.role, state: 'ABANDONED', at: expect.any(Date) }
    expect(await replayTransfer(system.context.db, actOn(abandoned))).toEqual({ ...(refusal('ILLEGAL_TRANSITION') as object), by: given })
    await system.twins.VILIS.offline()
    const waiting = await take()
    await system.pass(MINUTE)
    expect((await claimNext(system.context.db, 'VILIS', MINUTE, 'tien-trinh'))?.id).toBe(waiting.id)
    for (const act of [replayTransfer, abandonTransfer])
      expect(await act(system.context.db, actOn(waiting))).toEqual(refusal('ILLEGAL_TRANSITION'))
    expect((await transferOf(system, waiting.key)).state).toBe('SENDING')
    await expectLedgersAgree(system)
  })

  test('an act on a transfer that does not exist', async () => {
    const nobody = { transferId: '00000000-0000-4000-8000-000000000000', reason: 'Thử', actor: OPERATOR }
    await expect(replayTransfer(system.context.db, nobody)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})

test('a move without its audit entry does not happen: both are one transaction', async () => {
  const transfer = await rejected()
  // PostgreSQL keeps no NUL in a text: the audit entry cannot be written.
  await expect(replayTransfer(system.context.db, actOn(transfer, 'lý do\u0000'))).rejects.toThrow()
  expect(await transferOf(system, transfer.key)).toEqual(transfer)
  expect(await auditOf(system, transfer.id)).toEqual([])
})
