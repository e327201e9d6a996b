import { afterAll, beforeEach, expect, test } from '@jest/globals'
import { abandonTransfer } from '../../src/operator/act-on-transfer.js'
import { supersedeTransfer } from '../../src/operator/supersede-transfer.js'
import { andThen, atDesk, atRegistry, expectOnceAndInOrder, HOUR_MS } from '../support/dossier-journey.js'
import { expectAllDelivered } from '../support/ledger-agreement.js'
import { auditOf, OPERATOR, transferOf } from '../support/operator-acts.js'
import { sharedTestSystem, type TestSystem } from '../support/test-system.js'

/** What somebody did is a fact of its source: a person supersedes its transfer with what the source says of it by now, and with nothing else. */
const shared = sharedTestSystem()
let system: TestSystem
let code: string
beforeEach(async () => {
  system = await shared.open()
  code = (await system.twins.ONE_STOP.act<{ code: string }>('takeDossier', { overrides: { procedureCode: '1.012783' } })).code
  await system.drain()
})
afterAll(() => shared.close())

const refuseNext = (at: 'VILIS' | 'ONE_STOP', operation: string): Promise<void> =>
  system.twins[at].misbehave({ kind: 'REFUSE_BEFORE', code: at === 'VILIS' ? 'Client.SAI_LUOC_DO' : 'Client.SAI_CAU_TRUC', operation })
const keyOf = async (operation: string): Promise<string> => {
  const [row] = await system.context.db.query<{ key: string }>(
    `SELECT idempotency_key AS key FROM transfer WHERE operation = $1 ORDER BY sequence LIMIT 1`,
    [operation],
  )
  return (row as { key: string }).key
}
const supersede = async (key: string) =>
  supersedeTransfer(system.context.db, { transferId: (await transferOf(system, key)).id, reason: 'Một cửa đã nộp lại', actor: OPERATOR })
const inbox = async (operation: string): Promise<string[]> =>
  (
    await system.context.db.query<{ state: string }>('SELECT state FROM inbox_message WHERE operation = $1 ORDER BY received_at, id', [
      operation,
    ])
  ).map(({ state }) => state)

test('a supplement that was refused is sent with what the desk says of it by now, in the old place, and the dossier shows the same files', async () => {
  await refuseNext('VILIS', 'BoSungHoSo')
  await andThen(system, 'ONE_STOP', 'handInSupplement', { code })
  await andThen(system, 'ONE_STOP', 'handInSupplement', { code })
  const old = await transferOf(system, await keyOf('SUPPLEMENT'))
  expect(old.state).toBe('REJECTED')
  expect(await supersede(old.key)).toMatchObject({
    kind: 'REFUSED',
    reason: 'FACT_UNCHANGED',
    message: expect.stringMatching(/^Lượt này chuyển việc nộp bổ sung đã xảy ra, và một cửa chưa báo nội dung nào khác: hãy sửa .*\.$/),
  })
  expect(await auditOf(system, old.id)).toEqual([])

  await andThen(system, 'ONE_STOP', 'correctSupplement', { code, no: 1 })
  expect(await inbox('BoSung')).toEqual(['APPLIED', 'APPLIED', 'CONFLICT'])
  expect(await supersede(old.key)).toMatchObject({ kind: 'DONE' })
  expect(await inbox('BoSung')).toEqual(['APPLIED', 'APPLIED', 'APPLIED'])
  await system.drain()

  const { requests } = await system.twins.VILIS.ledger()
  const sent = requests.filter(({ operation }) => operation === 'BoSungHoSo').map(({ raw }) => /LanBoSung>(\d+)</.exec(raw)?.[1])
  expect(sent).toEqual(['1', '1', '2'])
  const [, first] = (await atRegistry(system, code)).transactions
  const shown = await system.context.db.query<{ sha256: string; round: number }>(
    `SELECT sha256, round FROM document WHERE role = 'SUPPLEMENT' ORDER BY round`,
  )
  expect(shown.map(({ round }) => round)).toEqual([1, 2])
  expect(shown[0]?.sha256).toBe(first?.hashes[0])
  const [entry] = await auditOf(system, old.id)
  expect(entry).toMatchObject({ actor: OPERATOR.subject, act: 'SUPERSEDE', before: { state: 'REJECTED', key: old.key } })
  expect(entry).toHaveProperty('after.changed', expect.arrayContaining(['documents', 'note']))
  expect(await supersede(old.key)).toMatchObject({ kind: 'REFUSED', reason: 'ILLEGAL_TRANSITION' })
  await expectOnceAndInOrder(system, 'VILIS', code)
  await expectAllDelivered(system)
})

test('a result that the desk refused is told again as the registry has corrected it, and the portal hears of it too', async () => {
  await refuseNext('ONE_STOP', 'CapNhatKetQua')
  await andThen(system, 'VILIS', 'finish', { code, ending: 0 })
  const key = await keyOf('POST_RESULT')
  expect(await transferOf(system, key)).toMatchObject({ state: 'REJECTED' })
  await system.pass(HOUR_MS)
  const { now } = await system.twins.VILIS.state<unknown>()
  const NgayKetThuc = new Date(now).toISOString().slice(0, 19)
  await system.twins.VILIS.act('tell', { kind: 'KetThucHoSo', code, fields: { NgayKetThuc, TrangThaiKetThuc: '0', GhiChu: 'Đã ký lại' } })
  await system.drain()
  expect(await inbox('KetThucHoSo')).toEqual(['APPLIED', 'CONFLICT'])
  const before = (await system.accepted('PORTAL')).length
  expect(await supersede(key)).toMatchObject({ kind: 'DONE' })
  await system.drain()
  expect((await atDesk(system, code)).results).toEqual([])
  expect(await system.context.db.query(`SELECT 1 AS kept FROM document WHERE role = 'RESULT'`)).toEqual([])
  expect((await system.accepted('PORTAL')).length).toBe(before + 1)
  await expectAllDelivered(system)
})

test('tax notices that were refused are told as they stand by now', async () => {
  await refuseNext('ONE_STOP', 'CapNhatNghiaVuTaiChinh')
  const notice = { number: 'TB-1', kind: 'Lệ phí trước bạ', payer: 'Trần Thị Mẫu' }
  await andThen(system, 'VILIS', 'sendTax', { code, notices: [{ ...notice, amount: '1000' }] })
  const key = await keyOf('POST_TAX_NOTICES')
  expect(await transferOf(system, key)).toMatchObject({ state: 'REJECTED' })
  expect(await supersede(key)).toMatchObject({ kind: 'REFUSED', reason: 'NOTHING_CHANGED' })
  await andThen(system, 'VILIS', 'sendTax', { code, notices: [{ ...notice, amount: '2000' }] })
  expect(await supersede(key)).toMatchObject({ kind: 'DONE' })
  await system.drain()
  expect((await atDesk(system, code)).notices).toMatchObject([{ number: 'TB-1', amount: '2000' }])
  await expectAllDelivered(system)
})

test('what an application handed in is nowhere to be corrected: the refusal says what to do, also of one that a person gave up', async () => {
  await refuseNext('VILIS', 'BoSungHoSo')
  await system.pass(HOUR_MS)
  const [now] = await system.context.db.query<{ at: Date }>('SELECT app_now() AS at')
  await system.context.receive({
    source: 'GATEWAY',
    channel: 'API',
    operation: 'supplementDossier',
    externalEventId: 'ung-dung/1',
    dossierCode: code,
    eventAt: (now as { at: Date }).at.toISOString(),
    payload: { kind: 'SUPPLEMENT_HANDED_IN', note: 'Bổ sung', documents: [] },
    raw: '{}',
    correlationId: 'thu',
  })
  await system.drain()
  const key = await keyOf('SUPPLEMENT')
  expect(await supersede(key)).toMatchObject({
    kind: 'REFUSED',
    reason: 'FACT_UNCHANGED',
    message: expect.stringMatching(/nộp qua ứng dụng .*: hãy gửi lại lượt này .*\.$/),
  })
  await abandonTransfer(system.context.db, { transferId: (await transferOf(system, key)).id, reason: 'nhầm', actor: OPERATOR })
  expect(await supersede(key)).toMatchObject({ kind: 'DONE' })
  await system.drain()
  await expectAllDelivered(system)
})
