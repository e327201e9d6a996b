import { afterAll, beforeEach, describe, expect, test } from '@jest/globals'
import { replayTransfer } from '../../src/operator/act-on-transfer.js'
import { pollOnce } from '../../src/worker-process.js'
import { claimNext } from '../support/claims.js'
import { expectAllDelivered, expectLedgersAgree } from '../support/ledger-agreement.js'
import { auditOf, confirmIn, OPERATOR, type TransferView, transferOf } from '../support/operator-acts.js'
import { sharedTestSystem, type TestSystem } from '../support/test-system.js'
import { relayed } from '../support/until.js'

const MINUTE = 60_000
const LEASE_MS = 60_000

const shared = sharedTestSystem()
let system: TestSystem
beforeEach(async () => {
  system = await shared.open()
})
afterAll(() => shared.close())

const take = async (): Promise<string> => (await system.twins.ONE_STOP.act<{ code: string }>('takeDossier')).code

const act = async (name: string, body: Record<string, unknown>): Promise<void> => {
  await system.pass(MINUTE)
  await system.twins.ONE_STOP.act(name, body)
  await system.drain()
}

const refuseNext = (): Promise<void> =>
  system.twins.VILIS.misbehave({ kind: 'REFUSE_BEFORE', code: 'Client.SAI_LUOC_DO', message: 'Sai cấu trúc', operation: 'TiepNhanHoSo' })

const atVilis = async (code: string): Promise<string[]> =>
  (await system.accepted('VILIS')).filter(({ dossierCode }) => dossierCode === code).map(({ key }) => key)

const view = async (key: string): Promise<Pick<TransferView, 'state' | 'sequence'>> => {
  const { state, sequence } = await transferOf(system, key)
  return { state, sequence }
}

describe('a rejected transfer', () => {
  let code: string
  beforeEach(async () => {
    await refuseNext()
    code = await take()
    await system.drain()
    await act('handInSupplement', { code })
  })

  test('goes to a person at once, and blocks its own followers only', async () => {
    const other = await take()
    await system.drain()
    await system.pass(24 * 60 * MINUTE)
    await system.drain()
    expect(await transferOf(system, `${code}.RECEIVE.1`)).toMatchObject({ state: 'REJECTED', attempts: 1, nextAttemptAt: null })
    expect(['PLANNED', 'QUEUED']).toContain((await transferOf(system, `${code}.SUPPLEMENT.2`)).state)
    expect(await atVilis(code)).toEqual([])
    expect(await atVilis(other)).toEqual([`${other}.RECEIVE.1`])
    // The other systems have their own order.
    expect((await system.accepted('PORTAL')).map(({ key }) => key).sort()).toEqual(
      [`${code}.SYNC_DOSSIER.1`, `${code}.SYNC_PROGRESS.2`, `${other}.SYNC_DOSSIER.1`].sort(),
    )
    await expectLedgersAgree(system)
  })

  test('is mended by an amendment at the desk: the newer version takes its place in the order, named in the audit', async () => {
    await act('amend', { code, changes: { summary: 'Nội dung đã sửa theo yêu cầu' } })
    expect(await view(`${code}.RECEIVE.1`)).toEqual({ state: 'SUPERSEDED', sequence: 1 })
    expect(await view(`${code}.RECEIVE.3`)).toEqual({ state: 'DELIVERED', sequence: 1 })
    expect(await atVilis(code)).toEqual([`${code}.RECEIVE.3`, `${code}.SUPPLEMENT.2`])
    const { id } = await transferOf(system, `${code}.RECEIVE.1`)
    expect(await auditOf(system, id)).toEqual([
      {
        actor: expect.stringMatching(/^ONE_STOP: \S+/),
        role: 'SOURCE',
        act: 'SUPERSEDE',
        reason: expect.any(String),
        before: { state: 'REJECTED' },
        after: { state: 'SUPERSEDED', dossierVersion: 3 },
      },
    ])
    await expectAllDelivered(system)
  })

  test('is mended on their side and replayed by a person: sent under its old key, then its followers', async () => {
    const { id } = await transferOf(system, `${code}.RECEIVE.1`)
    expect(await replayTransfer(system.context.db, { transferId: id, reason: 'ViLIS đã sửa', actor: OPERATOR })).toEqual({ kind: 'DONE' })
    await system.drain()
    expect(await atVilis(code)).toEqual([`${code}.RECEIVE.1`, `${code}.SUPPLEMENT.2`])
    await expectAllDelivered(system)
  })

  test('that was entered by hand and is confirmed lets its followers go', async () => {
    await system.twins.VILIS.act('knowHistory', {
      dossiers: [{ code, process: 'QT-CAPDOI', receivedAt: '2026-01-05T02:00:00Z', dueAt: '2026-02-05T02:00:00Z' }],
    })
    const { id } = await transferOf(system, `${code}.RECEIVE.1`)
    const act = { transferId: id, reason: 'Đã nhập tay', actor: OPERATOR, happened: true }
    expect(await confirmIn(system, act)).toEqual({ kind: 'DONE' })
    await system.drain()
    expect(await atVilis(code)).toEqual([`${code}.SUPPLEMENT.2`])
    await expectLedgersAgree(system, { linked: [`${code}.RECEIVE.1`] })
  })
})

describe('a newer version from the desk', () => {
  test('takes the place of one that was not sent yet: only the newest is sent, before what follows it', async () => {
    await system.twins.VILIS.offline()
    const code = await take()
    await system.drain()
    await act('handInSupplement', { code })
    await act('amend', { code, changes: { summary: 'Sửa lần một' } })
    await act('amend', { code, changes: { summary: 'Sửa lần hai' } })
    expect(await view(`${code}.RECEIVE.1`)).toEqual({ state: 'SUPERSEDED', sequence: 1 })
    expect(await view(`${code}.RECEIVE.3`)).toEqual({ state: 'SUPERSEDED', sequence: 1 })
    await system.twins.VILIS.online()
    await system.pass(60 * MINUTE)
    await system.drain()
    expect(await atVilis(code)).toEqual([`${code}.RECEIVE.4`, `${code}.SUPPLEMENT.2`])
    await expectAllDelivered(system)
  })

  test('takes no place while the older one is being sent: it stands behind it, and both arrive in order', async () => {
    await system.twins.VILIS.offline()
    const code = await take()
    await system.drain()
    await system.twins.VILIS.online()
    await system.pass(MINUTE)
    const claim = await claimNext(system.context.db, 'VILIS', LEASE_MS, 'tien-trinh-cham')
    expect(claim?.idempotencyKey).toBe(`${code}.RECEIVE.1`)
    await system.twins.ONE_STOP.act('amend', { code, changes: { summary: 'Sửa trong lúc gửi' } })
    await system.drain()
    expect(await view(`${code}.RECEIVE.1`)).toEqual({ state: 'SENDING', sequence: 1 })
    expect((await view(`${code}.RECEIVE.2`)).sequence).toBe(2)
    for (let minute = 0; minute < 5; minute += 1) {
      await system.pass(MINUTE)
      await system.drain()
    }
    expect(await atVilis(code)).toEqual([`${code}.RECEIVE.1`, `${code}.RECEIVE.2`])
    await expectAllDelivered(system)
  })

  test('takes no place of one whose outcome is unknown', async () => {
    await system.twins.VILIS.misbehave({ kind: 'DROP_AFTER', operation: 'TiepNhanHoSo' })
    const code = await take()
    await system.drain()
    expect((await view(`${code}.RECEIVE.1`)).state).toBe('INDETERMINATE')
    await system.twins.ONE_STOP.act('amend', { code, changes: { summary: 'Sửa khi chưa rõ kết quả' } })
    await system.drain()
    for (let minute = 0; minute < 3; minute += 1) {
      await system.pass(MINUTE)
      await system.drain()
    }
    expect(await atVilis(code)).toEqual([`${code}.RECEIVE.1`, `${code}.RECEIVE.2`])
    await expectAllDelivered(system)
  })
})

test('what is nearest its due date goes first, whatever came first, and whether it was tried before or is new', async () => {
  await system.twins.VILIS.offline()
  const takeDueIn = async (days: number): Promise<string> => {
    const dueAt = new Date(Date.now() + days * 24 * 60 * MINUTE).toISOString()
    return (await system.twins.ONE_STOP.act<{ code: string }>('takeDossier', { overrides: { dueAt } })).code
  }
  const [late, urgent, middle] = [await takeDueIn(20), await takeDueIn(4), await takeDueIn(9)]
  await system.drain()
  for (const code of [late, urgent, middle])
    expect(await transferOf(system, `${code}.RECEIVE.1`)).toMatchObject({ state: 'WAITING_RETRY', attempts: 1 })
  const [latest, between, mostUrgent] = [await takeDueIn(30), await takeDueIn(6), await takeDueIn(2)]
  // A claim would pass over the most urgent one while the relay marks it.
  await pollOnce(system.context, 'ONE_STOP')
  await relayed(system)
  await system.twins.VILIS.online()
  await system.pass(60 * MINUTE)
  await system.drain()
  expect((await system.accepted('VILIS')).map(({ dossierCode }) => dossierCode)).toEqual([
    mostUrgent,
    urgent,
    between,
    middle,
    late,
    latest,
  ])
  await expectAllDelivered(system)
})
