import { createHash } from 'node:crypto'
import { afterAll, beforeEach, expect, test } from '@jest/globals'
import { andThen, atDesk, atPortal, atRegistry, DAY_MS, expectOnceAndInOrder, HOUR_MS, writesAt } from '../support/dossier-journey.js'
import { sharedTestSystem, type TestSystem } from '../support/test-system.js'

const shared = sharedTestSystem()
let system: TestSystem
beforeEach(async () => {
  system = await shared.open({ gateway: true })
})
afterAll(() => shared.close())

const CODE = 'H58.22-261116-0001'
const PDF = Buffer.from('%PDF-1.4 đơn đăng ký, giấy tờ thử')
const SHA256 = createHash('sha256').update(PDF).digest('hex')
const paper = (bytes: Buffer, fileName: string) => ({
  name: 'Đơn đăng ký',
  fileName,
  mediaType: 'application/pdf',
  originals: 1,
  contentBase64: bytes.toString('base64'),
})

const dossierInput = (changes: object = {}) => ({
  clientKey: 'nop-ho-so-0001',
  code: CODE,
  procedureCode: '1.012783',
  receivingUnit: { code: '28594', name: 'Xã Chợ Gạo' },
  channel: 'ONLINE',
  applicant: { kind: 'CITIZEN', fullName: 'Ngô Thị Mẫu', idNumber: '082177000111', phone: '0900000111' },
  summary: 'Cấp đổi giấy chứng nhận',
  receivedAt: new Date(Date.now() - HOUR_MS).toISOString(),
  dueAt: new Date(Date.now() + 9 * DAY_MS).toISOString(),
  receivedBy: 'mc.28594.1',
  parcels: [{ mapSheetNumber: '3', parcelNumber: '44', unit: { code: '28594' }, areaM2: '100.50' }],
  certificates: [{ serialNumber: 'CA 00300044' }],
  documents: [paper(PDF, 'don.pdf')],
  ...changes,
})

const RESULT = `__typename ... on DossierAccepted { messageId repeated dossier { status } } ... on InputRefused { reason field message } ... on ClientKeyReused { message }`

type Result = Record<string, unknown>
const mutate = async (name: string, type: string, input: object): Promise<Result> => {
  const answer = await system.gateway.query<Record<string, Result>>(
    'officer',
    `mutation ($input: ${type}!) { ${name}(input: $input) { ${RESULT} } }`,
    { input },
  )
  return answer[name] ?? {}
}
const submit = (changes: object = {}) => mutate('submitDossier', 'SubmitDossierInput', dossierInput(changes))

const WHOLE = `query ($code: String!) { dossier(code: $code) {
  code status statusCode version origin applicant { fullName } procedure { code } receivingUnit { code name } dueAt
  timeline { kind applied statusTo } documents { role sha256 sizeBytes } taxNotices { noticeNumber amountVnd }
  parcels { mapSheetNumber parcelNumber areaM2 live(read: LIVE) { areaM2 landUses { code } freshness { source asOf staleBecause errorCode } } }
  certificates { serialNumber live(read: LIVE) { landUserName freshness { staleBecause } } }
  transfers { operation state idempotencyKey attempts { outcome } }
  acknowledgements { systemId version } interlink { state waitingFor { systemId } }
} }`

interface Whole {
  readonly version: number
  readonly status: string
  readonly timeline: readonly { kind: string }[]
  readonly documents: readonly { role: string; sha256: string }[]
  readonly parcels: readonly {
    live: {
      areaM2: string | null
      freshness: { source: string; asOf: string | null; staleBecause: string | null; errorCode: string | null }
    } | null
  }[]
  readonly transfers: readonly { operation: string; state: string; attempts: readonly { outcome: string }[] }[]
  readonly acknowledgements: readonly { systemId: string; version: number }[]
  readonly interlink: { readonly state: string }
}
const whole = async (): Promise<Whole> => (await system.gateway.query<{ dossier: Whole }>('officer', WHOLE, { code: CODE })).dossier

test('a dossier submitted with a file is in ViLIS, at the desk and at the portal, each once, with the same bytes', async () => {
  expect(await submit()).toMatchObject({ __typename: 'DossierAccepted', repeated: false, dossier: { status: 'ACCEPTED' } })
  await system.drain()
  expect(await writesAt(system, 'VILIS', CODE)).toEqual(['TiepNhanHoSo'])
  expect(await writesAt(system, 'ONE_STOP', CODE)).toEqual(['TiepNhanHoSoLienThong'])
  expect(await writesAt(system, 'PORTAL', CODE)).toEqual(['DongBoHoSoMC'])
  expect((await atRegistry(system, CODE)).transactions[0]?.hashes).toEqual([SHA256])
  const desk = (await atDesk(system, CODE)) as unknown as { dossier: { files: { base64: string }[] } }
  expect(desk.dossier.files.map(({ base64 }) => base64)).toEqual([PDF.toString('base64')])
  expect((await atPortal(system, CODE)).files).toBe(1)
})

test('what the desk shows of it, to the second and without saying whose write it was, is not a change', async () => {
  await system.twins.ONE_STOP.set({ tellCause: false })
  const receivedAt = `${new Date(Date.now() - HOUR_MS).toISOString().slice(0, 19)}.123Z`
  await submit({ receivedAt })
  await system.drain()
  await system.drain()
  const echoes = await system.context.db.query(`SELECT state, reason FROM inbox_message WHERE source = 'ONE_STOP'`)
  expect(echoes).toEqual([{ state: 'NO_CHANGE', reason: 'Nội dung đã có.' }])
  expect((await whole()).version).toBe(1)
})

test('the same key twice is one, with another body it is refused; so for a supplement and a withdrawal', async () => {
  const input = dossierInput()
  const first = await mutate('submitDossier', 'SubmitDossierInput', input)
  expect(await mutate('submitDossier', 'SubmitDossierInput', input)).toEqual({ ...first, repeated: true })
  expect(await mutate('submitDossier', 'SubmitDossierInput', { ...input, summary: 'Khác' })).toMatchObject({
    __typename: 'ClientKeyReused',
  })
  await system.drain()

  await andThen(system, 'VILIS', 'requireSupplement', { code: CODE, pause: false })
  const supplement = {
    clientKey: 'bo-sung-00001',
    dossierCode: CODE,
    note: 'Bổ sung trích lục',
    documents: [paper(Buffer.from('%PDF trích lục'), 'trich-luc.pdf')],
  }
  const handedIn = await mutate('supplementDossier', 'SupplementDossierInput', supplement)
  expect(handedIn).toMatchObject({ __typename: 'DossierAccepted', repeated: false })
  expect(await mutate('supplementDossier', 'SupplementDossierInput', supplement)).toMatchObject({ repeated: true })
  expect(await mutate('supplementDossier', 'SupplementDossierInput', { ...supplement, note: 'Khác' })).toMatchObject({
    __typename: 'ClientKeyReused',
  })
  await system.drain()
  expect((await whole()).status).toBe('IN_PROGRESS')

  const withdrawal = { clientKey: 'rut-ho-so-001', dossierCode: CODE, reason: 'Không có nhu cầu nữa' }
  expect(await mutate('withdrawDossier', 'WithdrawDossierInput', withdrawal)).toMatchObject({
    dossier: { status: 'WITHDRAWN_BY_APPLICANT' },
  })
  expect(await mutate('withdrawDossier', 'WithdrawDossierInput', withdrawal)).toMatchObject({ repeated: true })
  await system.drain()

  expect(await writesAt(system, 'VILIS', CODE)).toEqual(['TiepNhanHoSo', 'BoSungHoSo', 'RutHoSo'])
  expect((await atDesk(system, CODE)).dossier.status).toBe(7)
  expect((await atPortal(system, CODE)).status).toBe('7')
  for (const systemId of ['VILIS', 'ONE_STOP', 'PORTAL'] as const) await expectOnceAndInOrder(system, systemId, CODE)
})

test('a result confirmed as returned by post reaches ViLIS as such, the desk and the portal; too early it is refused with a reason', async () => {
  await submit()
  await system.drain()
  const input = { clientKey: 'tra-ket-qua-1', dossierCode: CODE, method: 'POST' }
  const early = await mutate('confirmResultReturned', 'ConfirmResultReturnedInput', { ...input, clientKey: 'tra-ket-qua-0' })
  expect(early).toEqual({
    __typename: 'InputRefused',
    reason: 'NOT_ALLOWED_NOW',
    field: 'dossierCode',
    message: 'Chưa thể chuyển hồ sơ từ "Được tiếp nhận" sang "Đã trả kết quả".',
  })
  await andThen(system, 'VILIS', 'finish', { code: CODE, ending: 0 })
  expect(await mutate('confirmResultReturned', 'ConfirmResultReturnedInput', input)).toMatchObject({
    dossier: { status: 'RESULT_RETURNED' },
  })
  await system.drain()
  const { requests } = await system.twins.VILIS.ledger()
  expect(requests.find(({ operation }) => operation === 'XacNhanTraKetQua')?.raw).toMatch(/HinhThucTra>1</)
  expect((await atDesk(system, CODE)).dossier.status).toBe(10)
  expect((await atPortal(system, CODE)).status).toBe('10')
})

const STANDING =
  'query ($code: String!) { dossier(code: $code) { transfers { operation state } interlink { state waitingFor { systemId } } } }'
/** Of which ViLIS need not be asked. */
const standing = async (): Promise<Pick<Whole, 'transfers' | 'interlink'>> =>
  (await system.gateway.query<{ dossier: Whole }>('officer', STANDING, { code: CODE })).dossier

test('a dossier submitted while ViLIS is down is accepted, waits in sight of its officer, and arrives once when ViLIS is back', async () => {
  await system.twins.VILIS.offline()
  expect(await submit()).toMatchObject({ __typename: 'DossierAccepted', repeated: false, dossier: { status: 'ACCEPTED' } })
  await system.drain()
  const waiting = await standing()
  expect(waiting.interlink).toMatchObject({ state: 'DELAYED', waitingFor: { systemId: 'VILIS' } })
  const states = Object.fromEntries(waiting.transfers.map(({ operation, state }) => [operation, state]))
  expect(states).toEqual({ RECEIVE: 'WAITING_RETRY', REGISTER: 'DELIVERED', SYNC_DOSSIER: 'DELIVERED' })
  expect(await writesAt(system, 'VILIS', CODE)).toEqual([])

  await system.twins.VILIS.online()
  await system.pass(HOUR_MS)
  await system.drain()
  expect((await standing()).interlink).toEqual({ state: 'IN_SYNC', waitingFor: null })
  expect((await atRegistry(system, CODE)).transactions[0]?.hashes).toEqual([SHA256])
  for (const systemId of ['VILIS', 'ONE_STOP', 'PORTAL'] as const) await expectOnceAndInOrder(system, systemId, CODE)
})

test('a rejected transfer is replayed by an operator, once for a key, and then delivered', async () => {
  await system.twins.VILIS.misbehave({
    kind: 'REFUSE_BEFORE',
    operation: 'TiepNhanHoSo',
    code: 'Client.SAI_LUOC_DO',
    message: 'Sai lược đồ',
  })
  await submit()
  await system.drain()
  const [rejected] = await system.context.db.query<{ id: string; state: string }>(
    `SELECT id::text, state FROM transfer WHERE operation = 'RECEIVE'`,
  )
  expect(rejected?.state).toBe('REJECTED')
  const act = (role: 'officer' | 'operator') =>
    system.gateway.ask(
      role,
      `mutation ($input: TransferActInput!) { replayTransfer(input: $input) { __typename ... on TransferActDone { repeated transfer { state } } } }`,
      { input: { clientKey: 'gui-lai-00001', reason: 'ViLIS đã sửa lược đồ', transferId: rejected?.id } },
    )
  expect((await act('officer')).errors?.[0]).toMatchObject({ extensions: { code: 'FORBIDDEN' } })
  expect((await act('operator')).data).toMatchObject({ replayTransfer: { __typename: 'TransferActDone', repeated: false } })
  expect((await act('operator')).data).toMatchObject({ replayTransfer: { repeated: true } })
  await system.drain()
  expect(await writesAt(system, 'VILIS', CODE)).toEqual(['TiepNhanHoSo'])
  const audited = await system.context.db.query(`SELECT actor, act, reason FROM audit_entry`)
  expect(audited).toEqual([{ actor: 'operator', act: 'REPLAY', reason: 'ViLIS đã sửa lược đồ' }])
})

test('one query shows the dossier whole, with its parcels from ViLIS; with ViLIS down that part says why, and the rest comes', async () => {
  await submit()
  await system.drain()
  const up = await whole()
  expect(up).toMatchObject({
    code: CODE,
    statusCode: 2,
    applicant: { fullName: 'Ngô Thị Mẫu' },
    procedure: { code: '1.012783' },
    receivingUnit: { code: '28594', name: 'Xã Chợ Gạo' },
    interlink: { state: 'IN_SYNC' },
    documents: [{ role: 'SUBMITTED', sha256: SHA256, sizeBytes: PDF.length }],
  })
  expect(up.timeline.map(({ kind }) => kind)).toEqual(['RECEIVED'])
  expect(up.acknowledgements.map(({ systemId, version }) => `${systemId} ${version}`).sort()).toEqual(['ONE_STOP 1', 'PORTAL 1', 'VILIS 1'])
  expect(up.transfers.map(({ state }) => state)).toEqual(['DELIVERED', 'DELIVERED', 'DELIVERED'])
  expect(up.parcels[0]?.live?.freshness).toMatchObject({ source: 'VILIS', staleBecause: null, errorCode: null })
  expect(up.parcels[0]?.live?.areaM2).toMatch(/^\d+\.\d\d$/)

  await system.twins.VILIS.offline()
  const { data, errors } = await system.gateway.ask('officer', WHOLE, { code: CODE })
  const { dossier: down } = data as { dossier: Whole }
  expect({ ...down, parcels: [], certificates: [] }).toEqual({ ...up, parcels: [], certificates: [] })
  const live = down.parcels[0]?.live
  if (live) expect(live.freshness.staleBecause).toMatch(/\S/)
  else expect(errors?.some(({ path }) => path?.includes('parcels'))).toBe(true)
})
