import { afterAll, beforeEach, describe, expect, test } from '@jest/globals'
import { abandonTransfer, replayTransfer } from '../../src/operator/act-on-transfer.js'
import type { TransferAct } from '../../src/operator/perform-act.js'
import { supersedeTransfer } from '../../src/operator/supersede-transfer.js'
import { HOUR_MS } from '../support/dossier-journey.js'
import { expectLedgersAgree } from '../support/ledger-agreement.js'
import { auditOf, confirmIn, OPERATOR, transferOf } from '../support/operator-acts.js'
import { sharedTestSystem, type TestSystem } from '../support/test-system.js'

/** A reception that ViLIS has refused is skipped by a person: what stands behind it is validated again before it may go. */
const shared = sharedTestSystem()
let system: TestSystem
let code: string
beforeEach(async () => {
  system = await shared.open()
  await system.twins.VILIS.misbehave({ kind: 'REFUSE_BEFORE', code: 'Client.SAI_LUOC_DO', operation: 'TiepNhanHoSo' })
  code = (await system.twins.ONE_STOP.act<{ code: string }>('takeDossier', { overrides: { procedureCode: '1.012783' } })).code
  await system.drain()
  await act('handInSupplement', { code })
})
afterAll(() => shared.close())

const act = async (name: string, body: Record<string, unknown>): Promise<void> => {
  await system.pass(60_000)
  await system.twins.ONE_STOP.act(name, body)
  await system.drain()
}
const receive = (): string => `${code}.RECEIVE.1`
const supplement = (): string => `${code}.SUPPLEMENT.2`
const actOn = async (key: string, reason = 'Trực ca đêm quyết định'): Promise<TransferAct> => ({
  transferId: (await transferOf(system, key)).id,
  reason,
  actor: OPERATOR,
})
const abandon = async (): Promise<void> => {
  expect(await abandonTransfer(system.context.db, await actOn(receive()))).toEqual({ kind: 'DONE' })
  await system.drain()
}
const atVilis = async (): Promise<string[]> => (await system.accepted('VILIS')).map(({ key }) => key)
const refusedFor = (reason: string): unknown => ({ kind: 'REFUSED', reason, message: expect.stringMatching(/^\p{Lu}.{15,}\.$/u) })

describe('what follows a reception that was given up', () => {
  test('is held in plain sight with its reason, sends nothing, and stands in the audit of the act', async () => {
    await abandon()
    await system.pass(30 * HOUR_MS)
    await system.drain()
    expect(await transferOf(system, supplement())).toMatchObject({
      state: 'HELD',
      heldReason: 'PREDECESSOR_MISSING',
      lastError: expect.stringContaining('Thiếu lượt đứng trước'),
    })
    expect(await atVilis()).toEqual([])
    const { id } = await transferOf(system, receive())
    expect(await auditOf(system, id)).toMatchObject([{ act: 'ABANDON', after: { state: 'ABANDONED', followersHeld: ['SUPPLEMENT'] } }])
    await expectLedgersAgree(system)
  })

  test('is held from the start when it is planned later, and is not released by a replay or by saying that it is not there', async () => {
    await abandon()
    await act('handInSupplement', { code })
    expect(await transferOf(system, `${code}.SUPPLEMENT.3`)).toMatchObject({ state: 'HELD', heldReason: 'PREDECESSOR_MISSING' })
    expect(await replayTransfer(system.context.db, await actOn(supplement()))).toEqual(refusedFor('PREDECESSOR_MISSING'))
    const absent = { ...(await actOn(supplement())), happened: false }
    expect(await confirmIn(system, absent)).toEqual(refusedFor('PREDECESSOR_MISSING'))
    await system.drain()
    expect(await atVilis()).toEqual([])
  })

  test('goes by itself, in order, once a person says that the dossier was entered over there by hand', async () => {
    await abandon()
    await act('handInSupplement', { code })
    await system.twins.VILIS.act('knowHistory', {
      dossiers: [{ code, process: 'QT-CAPDOI', receivedAt: '2026-01-05T02:00:00Z', dueAt: '2026-02-05T02:00:00Z' }],
    })
    expect(await confirmIn(system, { ...(await actOn(receive())), happened: true })).toEqual({ kind: 'DONE' })
    await system.drain()
    expect(await atVilis()).toEqual([supplement(), `${code}.SUPPLEMENT.3`])
    await expectLedgersAgree(system, { linked: [receive()] })
  })

  test('goes by itself once the registry tells of the dossier, whoever entered it', async () => {
    await abandon()
    await system.twins.VILIS.act('knowHistory', {
      dossiers: [{ code, process: 'QT-CAPDOI', receivedAt: '2026-01-05T02:00:00Z', dueAt: '2026-02-05T02:00:00Z' }],
    })
    await system.pass(HOUR_MS)
    await system.twins.VILIS.act('forward', { code })
    await system.drain()
    expect(await atVilis()).toEqual([supplement()])
    await expectLedgersAgree(system)
  })

  test('goes behind the newer version from the desk, which takes the place of the one given up', async () => {
    await abandon()
    await act('amend', { code, changes: { summary: 'Nội dung đã sửa theo yêu cầu' } })
    expect(await transferOf(system, receive())).toMatchObject({ state: 'SUPERSEDED', sequence: 1 })
    expect(await transferOf(system, `${code}.RECEIVE.3`)).toMatchObject({ state: 'DELIVERED', sequence: 1 })
    await system.drain()
    expect(await atVilis()).toEqual([`${code}.RECEIVE.3`, supplement()])
    await expectLedgersAgree(system)
  })

  test('goes behind a new reception by the operator, with the same content under a key of its own', async () => {
    await abandon()
    const result = await supersedeTransfer(system.context.db, await actOn(receive()))
    expect(result).toMatchObject({ kind: 'DONE', replacedBy: expect.any(String) })
    await system.drain()
    expect(await atVilis()).toEqual([`${code}.RECEIVE.2`, supplement()])
    await expectLedgersAgree(system)
  })
})

test('an amendment that is given up lets its followers go: the registry has the dossier by its first version', async () => {
  expect(await replayTransfer(system.context.db, await actOn(receive()))).toEqual({ kind: 'DONE' })
  await system.drain()
  await system.twins.VILIS.misbehave({ kind: 'REFUSE_BEFORE', code: 'Client.SAI_LUOC_DO', operation: 'TiepNhanHoSo' })
  await act('amend', { code, changes: { summary: 'Bản sửa bị từ chối' } })
  await act('handInSupplement', { code })
  const [amendment, behind] = await system.context.db.query<{ key: string; state: string }>(
    `SELECT idempotency_key AS key, state FROM transfer WHERE system_id = 'VILIS' AND sequence > 2 ORDER BY sequence`,
  )
  expect([amendment?.state, behind?.state]).toEqual(['REJECTED', expect.stringMatching(/^(PLANNED|QUEUED)$/)])
  expect(await abandonTransfer(system.context.db, await actOn(amendment?.key ?? ''))).toEqual({ kind: 'DONE' })
  await system.drain()
  expect(await atVilis()).toEqual([receive(), supplement(), behind?.key])
  await expectLedgersAgree(system)
})
