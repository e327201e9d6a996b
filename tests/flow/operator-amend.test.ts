import { afterAll, expect, test } from '@jest/globals'
import { pauseSystem } from '../../src/operator/pause-system.js'
import { resumeSystem } from '../../src/operator/resume-system.js'
import { HOUR_MS } from '../support/dossier-journey.js'
import { expectAllDelivered, expectLedgersAgree } from '../support/ledger-agreement.js'
import { auditOf, OPERATOR, transferOf } from '../support/operator-acts.js'
import { discrepancies, reconcile, repair } from '../support/reconcile.js'
import { sharedTestSystem, type TestSystem, type TestSystemOptions } from '../support/test-system.js'

/** What a person changes of what the sources say: checked as the adapter will, approved by another, sent once, and shown as a difference until the source says the same. */
const shared = sharedTestSystem()
let system: TestSystem
const open = async (options: TestSystemOptions = {}): Promise<void> => {
  system = await shared.open({ gateway: true, ...options })
}
afterAll(() => shared.close())

const NAME = 'Nguyễn Thị Thử Nghiệm'
const WRONG = '082000000'
const RIGHT = '082190004321'
const PERSON = { kind: 1, name: NAME, idNumber: WRONG, phone: '0900000000', address: 'Ấp Thử, Xã An Thạnh Thủy' }

/** A dossier that ViLIS refuses for the number in it. */
const takeRefused = async (): Promise<string> => {
  await system.twins.VILIS.misbehave({ kind: 'REFUSE_BEFORE', code: 'Client.SAI_LUOC_DO', operation: 'TiepNhanHoSo' })
  const overrides = { procedureCode: '1.012783', applicant: PERSON }
  const { code } = await system.twins.ONE_STOP.act<{ code: string }>('takeDossier', { overrides })
  await system.drain()
  return code
}

type Role = 'operator' | 'admin'
const FACTS = `id state heldReason origin version acts { act allowed reasonCode }
  amendment { amendedBy needsApproval decision decidedBy differences { field label before after sourceNow settled } }`
// biome-ignore lint/suspicious/noExplicitAny: answers have the shape of the query
type Shown = any
const shown = async (id: string, role: Role = 'operator', more = ''): Promise<Shown> =>
  (await system.gateway.query<{ transfer: Shown }>(role, `query($id: ID!) { transfer(id: $id) { ${FACTS} ${more} } }`, { id })).transfer

let keys = 0
const act = async (mutation: string, role: Role, input: object): Promise<Shown> => {
  keys += 1
  const type = mutation === 'amendTransfer' ? 'AmendTransferInput' : 'TransferActInput'
  const answer = await system.gateway.query<Record<string, Shown>>(
    role,
    `mutation($input: ${type}!) { ${mutation}(input: $input) { __typename ... on TransferActDone { repeated transfer { ${FACTS} } }
       ... on ActRefused { reason message } ${mutation === 'amendTransfer' ? '... on AmendmentInvalid { faults { field reason message } }' : ''} } }`,
    { input: { clientKey: `khoa-thu-${keys}`, reason: 'Sửa theo giấy tờ gốc', ...input } },
  )
  return answer[mutation]
}
const amend = (transferId: string, changes: Record<string, string | null>, more: object = {}) =>
  act('amendTransfer', 'operator', { transferId, changes: Object.entries(changes).map(([field, value]) => ({ field, value })), ...more })
const taken = async (): Promise<{ key: string; raw: string }[]> => {
  const { deeds, requests } = await system.twins.VILIS.ledger()
  return deeds
    .filter(({ what, detail }) => what === 'ACCEPTED' && detail.operation === 'TiepNhanHoSo')
    .map(({ detail, requestSeq }) => ({ key: String(detail.key), raw: requests.find(({ seq }) => seq === requestSeq)?.raw ?? '' }))
}

test('a refused reception is amended, waits for the second person, and arrives once with what was amended', async () => {
  await open()
  const code = await takeRefused()
  const old = await transferOf(system, `${code}.RECEIVE.1`)
  await system.twins.ONE_STOP.act('handInSupplement', { code })
  await system.pass(HOUR_MS)
  await system.drain()
  const form: Shown[] = (
    await shown(old.id, 'operator', 'amendmentForm { fields { field kind amendable required value masked maxLength choices { value } } }')
  ).amendmentForm.fields
  expect(form.find(({ field }) => field === 'dossier.applicant.idNumber')).toMatchObject({
    kind: 'TEXT',
    amendable: true,
    required: false,
    value: '******000',
    masked: true,
    maxLength: 20,
  })
  expect(form.find(({ field }) => field === 'dossier.code')).toMatchObject({ kind: 'FIXED', amendable: false, value: code })
  expect(form.find(({ field }) => field === 'dossierCode')).toMatchObject({ amendable: false })
  expect(form.filter(({ field }) => /sha256$/.test(field)).every(({ amendable }) => amendable === false)).toBe(true)

  const dueAt = new Date(Date.parse(old.dueAt.toISOString()) + 24 * HOUR_MS).toISOString()
  const changes = { 'dossier.applicant.idNumber': RIGHT, 'dossier.dueAt': dueAt }
  const { version } = await shown(old.id)
  const input = { expectedVersion: version, clientKey: 'khoa-sua-001' }
  const done = await amend(old.id, changes, input)
  expect(done).toMatchObject({
    __typename: 'TransferActDone',
    repeated: false,
    transfer: { state: 'HELD', heldReason: 'AWAITING_APPROVAL', origin: 'AMENDED' },
  })
  expect(await amend(old.id, changes, input)).toMatchObject({ repeated: true, transfer: { id: done.transfer.id } })
  expect(await transferOf(system, old.key)).toMatchObject({ state: 'SUPERSEDED' })
  await system.drain()
  expect(await taken()).toEqual([])
  const { id } = done.transfer

  // Nobody lets it go but a second person.
  expect(await act('replayTransfer', 'admin', { transferId: id })).toMatchObject({ reason: 'NEEDS_APPROVAL' })
  expect(await act('approveAmendment', 'operator', { transferId: id })).toMatchObject({ reason: 'OWN_APPROVAL' })
  expect((await shown(id)).acts.find((one: Shown) => one.act === 'APPROVE_AMENDMENT')).toMatchObject({ reasonCode: 'OWN_APPROVAL' })
  const clear = await shown(id, 'admin')
  expect(clear.acts.find((one: Shown) => one.act === 'APPROVE_AMENDMENT')).toMatchObject({ allowed: true })
  expect(clear.amendment.differences).toEqual([
    { field: 'dossier.applicant.idNumber', label: 'Số giấy tờ', before: WRONG, after: RIGHT, sourceNow: WRONG, settled: false },
    expect.objectContaining({ field: 'dossier.dueAt', label: 'Ngày hẹn trả', settled: false }),
  ])
  expect((await shown(id)).amendment.differences[0]).toMatchObject({ before: '******000', after: '*********321' })

  expect(await act('approveAmendment', 'admin', { transferId: id, expectedVersion: clear.version })).toMatchObject({
    __typename: 'TransferActDone',
    transfer: { state: 'QUEUED', amendment: { decision: 'APPROVED', decidedBy: 'Người thử admin' } },
  })
  await system.drain()
  const arrived = await taken()
  expect(arrived.map(({ key }) => key)).toEqual([`${code}.RECEIVE.2`])
  expect(arrived[0]?.raw).toContain(`>${RIGHT}<`)
  expect(arrived[0]?.raw).not.toContain(`>${WRONG}<`)
  expect((await transferOf(system, `${code}.SUPPLEMENT.2`)).state).toBe('DELIVERED')
  expect((await auditOf(system, old.id)).at(-1)).toMatchObject({
    act: 'AMEND',
    actor: 'operator',
    after: { amended: ['dossier.applicant.idNumber', 'dossier.dueAt'] },
  })
  expect(JSON.stringify(await auditOf(system, old.id))).not.toContain(RIGHT)
  expect((await auditOf(system, id)).map(({ act: name, actor }) => [name, actor])).toEqual([['APPROVE_AMENDMENT', 'admin']])
  await expectLedgersAgree(system)

  // The desk mends its own record: that goes as a version of its own, and the difference is none any more.
  await system.pass(HOUR_MS)
  await system.twins.ONE_STOP.act('amend', { code, changes: { applicant: { ...PERSON, idNumber: RIGHT } } })
  await system.drain()
  expect((await shown(id, 'admin')).amendment.differences[0]).toMatchObject({ sourceNow: RIGHT, settled: true })
  await expectAllDelivered(system)
})

test('what breaks the contract or the rules is refused at its field, and nothing is changed', async () => {
  await open()
  const code = await takeRefused()
  const old = await transferOf(system, `${code}.RECEIVE.1`)
  const refused = await amend(old.id, {
    'dossier.applicant.idNumber': 'không phải số',
    'dossier.applicant.fullName': 'N*** T***',
    'dossier.dueAt': '2020-01-01T00:00:00+07:00',
    // By what the adapter prepares: a code without a mapping.
    'dossier.receivedBy': 'nguoi.khong.co',
    'dossier.code': 'H58.22-260101-0001',
    'dossier.parcels.0.unit': '99999',
    'dossier.nothing': 'x',
  })
  expect(refused.__typename).toBe('AmendmentInvalid')
  expect(new Map(refused.faults.map((fault: Shown) => [fault.field, fault.reason]))).toEqual(
    new Map([
      ['dossier.applicant.idNumber', 'INVALID'],
      ['dossier.applicant.fullName', 'INVALID'],
      ['dossier.dueAt', 'INVALID'],
      ['dossier.code', 'FIELD_FIXED'],
      ['dossier.parcels.0.unit', 'INVALID'],
      ['dossier.nothing', 'UNKNOWN_FIELD'],
      ['dossier.receivedBy', 'NOT_SENDABLE'],
    ]),
  )
  for (const { message } of refused.faults) expect(message).toMatch(/^\p{Lu}.{10,}\.$/u)
  const [same] = await system.context.db.query<{ summary: string }>('SELECT summary FROM dossier WHERE code = $1', [code])
  expect(await amend(old.id, { 'dossier.summary': same?.summary ?? '' })).toMatchObject({ reason: 'NOTHING_AMENDED' })
  expect(await amend(old.id, { 'dossier.summary': 'Khác' }, { expectedVersion: 1 })).toMatchObject({ reason: 'STALE_WRITE' })
  expect(await transferOf(system, old.key)).toEqual(old)
  expect(await auditOf(system, old.id)).toEqual([])

  await system.twins.VILIS.misbehave({ kind: 'DROP_AFTER', operation: 'TiepNhanHoSo' })
  const other = await system.twins.ONE_STOP.act<{ code: string }>('takeDossier', { overrides: { procedureCode: '1.012783' } })
  await system.drain()
  const uncertain = await transferOf(system, `${other.code}.RECEIVE.1`)
  expect(uncertain.state).toBe('INDETERMINATE')
  expect(await amend(uncertain.id, { 'dossier.summary': 'Khác' })).toMatchObject({ reason: 'OUTCOME_UNCERTAIN' })
})

test('what is declined stays in plain sight, keeps what was amended for the next try, and gives way to the source', async () => {
  await open()
  const code = await takeRefused()
  const old = await transferOf(system, `${code}.RECEIVE.1`)
  const first = (await amend(old.id, { 'dossier.applicant.idNumber': RIGHT })).transfer
  expect(await act('declineAmendment', 'admin', { transferId: first.id, reason: 'Số không khớp căn cước' })).toMatchObject({
    transfer: { state: 'HELD', heldReason: 'AMENDMENT_DECLINED', amendment: { decision: 'DECLINED' } },
  })
  for (const mutation of ['approveAmendment', 'replayTransfer'])
    expect(await act(mutation, 'admin', { transferId: first.id })).toHaveProperty('reason')
  const second = (await amend(first.id, { 'dossier.summary': 'Trích yếu đã sửa' })).transfer
  expect((await shown(second.id, 'admin')).amendment.differences.map(({ field }: Shown) => field)).toEqual([
    'dossier.applicant.idNumber',
    'dossier.summary',
  ])
  const PART = 'amendment { viewerAmendedEarlier earlier { transferId amendedBy decision decidedBy } }'
  const part = [{ transferId: first.id, amendedBy: 'Người thử operator', decision: 'DECLINED', decidedBy: 'Người thử admin' }]
  expect((await shown(second.id, 'admin', PART)).amendment).toMatchObject({ viewerAmendedEarlier: false, earlier: part })
  expect((await shown(second.id, 'operator', PART)).amendment).toMatchObject({ viewerAmendedEarlier: true, earlier: part })
  // The desk tells a newer version: nobody's amendment goes over it.
  await system.pass(HOUR_MS)
  await system.twins.ONE_STOP.act('amend', { code, changes: { summary: 'Bản của một cửa' } })
  await system.drain()
  expect(await shown(second.id)).toMatchObject({ state: 'SUPERSEDED' })
  expect(await act('approveAmendment', 'admin', { transferId: second.id })).toMatchObject({ reason: 'NOTHING_TO_APPROVE' })
  const arrived = await taken()
  expect(arrived).toHaveLength(1)
  expect(arrived[0]?.raw).toContain('Bản của một cửa')
  expect(arrived[0]?.raw).toContain(`>${WRONG}<`)
  await expectAllDelivered(system)
})

test('a fact that was amended goes back to what its source said when it is superseded; with one operator nobody has to approve', async () => {
  await open({ amendments: { secondPerson: false } })
  const { code } = await system.twins.ONE_STOP.act<{ code: string }>('takeDossier', { overrides: { procedureCode: '1.012783' } })
  await system.drain()
  await system.pass(HOUR_MS)
  for (let time = 0; time < 2; time += 1)
    await system.twins.VILIS.misbehave({ kind: 'REFUSE_BEFORE', code: 'Client.SAI_LUOC_DO', operation: 'BoSungHoSo' })
  await system.twins.ONE_STOP.act('handInSupplement', { code, note: 'Lời của một cửa' })
  await system.drain()
  const old = await transferOf(system, `${code}.SUPPLEMENT.2`)
  const amended = await amend(old.id, { note: 'Lời đã sửa' })
  expect(amended).toMatchObject({ transfer: { origin: 'AMENDED', amendment: { needsApproval: false, decision: null } } })
  expect(amended.transfer.heldReason).toBeNull()
  await system.drain()
  expect(await shown(amended.transfer.id)).toMatchObject({ state: 'REJECTED' })
  expect(await act('supersedeTransfer', 'operator', { transferId: amended.transfer.id })).toMatchObject({ transfer: { origin: 'SOURCE' } })
  await system.drain()
  const { requests } = await system.twins.VILIS.ledger()
  const supplements = requests.filter(({ operation }) => operation === 'BoSungHoSo').map(({ raw }) => /Lời [^<]*/.exec(raw)?.[0])
  expect(supplements).toEqual(['Lời của một cửa', 'Lời đã sửa', 'Lời của một cửa'])
  await expectAllDelivered(system)
})

test('what they have with other files than were sent is not amended: it would stand there a second time', async () => {
  await open()
  await system.twins.VILIS.misbehave({ kind: 'LOSE_ATTACHMENT', operation: 'TiepNhanHoSo' })
  const documents = ['một', 'hai'].map((name) => ({ name, text: `giấy tờ ${name}` }))
  const overrides = { procedureCode: '1.012783', applicant: PERSON }
  const { code } = await system.twins.ONE_STOP.act<{ code: string }>('takeDossier', { overrides, documents })
  await system.drain()
  const { id } = await transferOf(system, `${code}.RECEIVE.1`)
  expect((await shown(id)).acts).toContainEqual({ act: 'AMEND', allowed: false, reasonCode: 'FILES_DIFFER' })
  expect(await amend(id, { 'dossier.applicant.idNumber': RIGHT })).toMatchObject({ __typename: 'ActRefused', reason: 'FILES_DIFFER' })
  await system.drain()
  expect((await taken()).map(({ key }) => key)).toEqual([`${code}.RECEIVE.1`])
})

test('an amendment that is looked at in clear is audited each time', async () => {
  await open()
  const code = await takeRefused()
  const { transfer } = await amend((await transferOf(system, `${code}.RECEIVE.1`)).id, { 'dossier.applicant.idNumber': RIGHT })
  const look = () =>
    system.gateway.query<{ revealAmendment: Shown }>(
      'operator',
      'mutation($input: RevealAmendmentInput!) { revealAmendment(input: $input) { ... on AmendmentRevealed { differences { after } } } }',
      { input: { transferId: transfer.id, reason: 'Đối chiếu căn cước trước khi duyệt' } },
    )
  expect((await look()).revealAmendment.differences).toEqual([{ after: RIGHT }])
  await look()
  expect((await auditOf(system, transfer.id)).map(({ act: name }) => name)).toEqual(['REVEAL_AMENDMENT', 'REVEAL_AMENDMENT'])
})

test('what was amended and approved is not written over by a repair of the policy: a person decides who is right', async () => {
  const rules = [{ class: 'DIFFERS', direction: 'THERE', maxPerRun: 10 }]
  await open({ reconciliation: { repairs: { rules, stopAbove: 10 } } })
  const code = await takeRefused()
  const old = await transferOf(system, `${code}.RECEIVE.1`)
  const { id } = (await amend(old.id, { 'dossier.applicant.idNumber': RIGHT })).transfer
  await act('approveAmendment', 'admin', { transferId: id })
  await system.drain()
  await system.pass(HOUR_MS)
  await reconcile(system, { systems: ['VILIS'] })
  await system.drain()
  expect((await taken()).map(({ key }) => key)).toEqual([`${code}.RECEIVE.1-2`])
  const found = await discrepancies(system, 'OPEN')
  expect(found).toMatchObject([{ system: 'VILIS', class: 'DIFFERS', fields: [{ field: 'APPLICANT' }], proposed: 'PERSON' }])
  // The one who is told of it may send what the source says all the same.
  expect(await repair(system, found[0] as (typeof found)[number], 'THERE')).toEqual({ kind: 'DONE' })
  await system.drain()
  expect((await taken()).at(-1)?.raw).toContain(`>${WRONG}<`)
})

test('time that a transfer waited for two persons was not saved by sending again', async () => {
  await open()
  const { db } = system.context
  const asked = { systemId: 'VILIS', reason: 'Chờ xem lại nội dung', actor: OPERATOR } as const
  await pauseSystem(db, asked)
  const { code } = await system.twins.ONE_STOP.act<{ code: string }>('takeDossier', { overrides: { procedureCode: '1.012783' } })
  await system.drain()
  const { id } = (await amend((await transferOf(system, `${code}.RECEIVE.1`)).id, { 'dossier.summary': 'Trích yếu đã sửa' })).transfer
  await resumeSystem(db, asked)
  await system.pass(24 * HOUR_MS)
  await act('approveAmendment', 'admin', { transferId: id })
  await system.drain()
  await expectAllDelivered(system)
  const { dossier } = await system.gateway.query<{ dossier: { timeLedger: Shown } }>(
    'operator',
    'query ($code: String!) { dossier(code: $code) { timeLedger { savedSeconds waits { operation systemId holds } } } }',
    { code },
  )
  expect(dossier.timeLedger).toMatchObject({ savedSeconds: 0, waits: [{ operation: 'RECEIVE', systemId: 'VILIS', holds: true }] })
})
