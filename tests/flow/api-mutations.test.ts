import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { seedDossier, seedTransfer } from '../support/seed-dossiers.js'
import type { TestApi } from '../support/test-api.js'
import { startTestApi } from '../support/test-api.js'

let api: TestApi
let officer: string

beforeAll(async () => {
  api = await startTestApi()
  officer = await api.token('officer', ['28633'])
})

afterAll(() => api.close())

const RESULT = `__typename ... on DossierAccepted { dossierCode repeated dossier { code status documents { sha256 sizeBytes } } }
  ... on InputRefused { reason field message } ... on ClientKeyReused { message }`

const pdf = Buffer.from('%PDF-1.4 giấy mẫu')
const sha256 = createHash('sha256').update(pdf).digest('hex')

const inputOf = (changes: object = {}) => ({
  clientKey: 'khoa-nop-0001',
  code: 'H58.22-260316-0001',
  procedureCode: '1.012783',
  receivingUnit: { code: '28633' },
  channel: 'DIRECT',
  applicant: { kind: 'CITIZEN', fullName: 'Ngô Thị Mẫu', idNumber: '082177000111' },
  summary: 'Cấp đổi giấy chứng nhận',
  receivedAt: '2026-03-16T08:00:00+07:00',
  dueAt: '2026-03-25T17:00:00+07:00',
  receivedBy: 'canbo.mau',
  parcels: [{ mapSheetNumber: '3', parcelNumber: '44', unit: { code: '28633' }, areaM2: '100.50' }],
  certificates: [{ serialNumber: 'BX 654321' }],
  documents: [
    { name: 'Đơn đề nghị', fileName: 'don.pdf', mediaType: 'application/pdf', originals: 1, contentBase64: pdf.toString('base64'), sha256 },
  ],
  ...changes,
})

const submit = async (input: object, token = officer) => {
  const answer = await api.query(token, `mutation ($input: SubmitDossierInput!) { submitDossier(input: $input) { ${RESULT} } }`, { input })
  return { result: answer.data?.submitDossier, errors: answer.errors }
}

const messages = async (): Promise<number> => (await api.db.query<{ n: number }>('SELECT count(*)::int AS n FROM inbox_message'))[0]?.n ?? 0

describe('submitDossier', () => {
  it('stores the dossier with its attachment once; repeated with the same key it gives the same answer, with another body it is refused', async () => {
    const first = await submit(inputOf())
    expect(first.errors).toEqual([])
    expect(first.result).toEqual({
      __typename: 'DossierAccepted',
      dossierCode: 'H58.22-260316-0001',
      repeated: false,
      dossier: { code: 'H58.22-260316-0001', status: 'ACCEPTED', documents: [{ sha256, sizeBytes: pdf.length }] },
    })
    const before = await messages()
    expect((await submit(inputOf())).result).toMatchObject({ __typename: 'DossierAccepted', repeated: true })
    expect((await submit(inputOf({ summary: 'Nội dung khác' }))).result).toMatchObject({ __typename: 'ClientKeyReused' })
    expect(await messages()).toBe(before)
  })

  it.each([
    ['a malformed code', { code: 'HS-1' }, 'DOSSIER_CODE_INVALID', 'code'],
    ['a malformed procedure', { procedureCode: '12' }, 'PROCEDURE_CODE_INVALID', 'procedureCode'],
    ['a due date before reception', { dueAt: '2026-03-16T07:00:00+07:00' }, 'DUE_BEFORE_RECEPTION', 'dueAt'],
    [
      'a malformed serial',
      { certificates: [{ serialNumber: 'AB 123456' }, { serialNumber: '12' }] },
      'SERIAL_INVALID',
      'certificates.1.serialNumber',
    ],
    ['a commune of others', { receivingUnit: { code: '28615' } }, 'COMMUNE_OUT_OF_SCOPE', 'receivingUnit.code'],
    [
      'an attachment that does not match its hash',
      {
        documents: [
          { name: 'Đơn', fileName: 'don.pdf', mediaType: 'application/pdf', contentBase64: pdf.toString('base64'), sha256: 'a'.repeat(64) },
        ],
      },
      'DOCUMENT_HASH_MISMATCH',
      'documents.0.sha256',
    ],
    [
      'an attachment that is not base64',
      { documents: [{ name: 'Đơn', fileName: 'don.pdf', mediaType: 'application/pdf', contentBase64: '!!' }] },
      'DOCUMENT_NOT_BASE64',
      'documents.0.contentBase64',
    ],
    [
      'an attachment that is too large',
      {
        documents: [
          { name: 'Đơn', fileName: 'don.pdf', mediaType: 'application/pdf', contentBase64: Buffer.alloc(2_000).toString('base64') },
        ],
      },
      'DOCUMENT_TOO_LARGE',
      'documents.0.contentBase64',
    ],
  ])('refuses %s with the field and stores nothing', async (_what, changes, reason, field) => {
    const before = await messages()
    const { result, errors } = await submit(inputOf({ clientKey: `khoa-tu-choi-${reason}`, code: 'H58.22-260316-0777', ...changes }))
    expect(errors).toEqual([])
    expect(result).toEqual({ __typename: 'InputRefused', reason, field, message: expect.stringMatching(/\.$/) })
    expect(await messages()).toBe(before)
  })

  it.each([
    ['the near future', () => new Date(Date.now() + 10 * 60_000)],
    ['1980', () => new Date('1980-01-01T00:00:00Z')],
  ])('refuses a reception in %s, beyond the tolerance of clocks', async (when, receivedAt) => {
    const at = { receivedAt: receivedAt().toISOString(), dueAt: new Date(Date.now() + 86_400_000).toISOString() }
    const { result } = await submit(inputOf({ clientKey: `khoa-${when}`, code: 'H58.22-260316-0779', ...at }))
    expect(result).toMatchObject({ __typename: 'InputRefused', reason: 'RECEPTION_NOT_CREDIBLE', field: 'receivedAt' })
  })

  it('refuses an unknown procedure by what the inbox says', async () => {
    const { result } = await submit(inputOf({ clientKey: 'khoa-thu-tuc-la', code: 'H58.22-260316-0778', procedureCode: '9.999999' }))
    expect(result).toMatchObject({ __typename: 'InputRefused', reason: expect.stringContaining('PROCEDURE') })
  })

  it('refuses a rule broken inside a list, naming its place', async () => {
    const { result, errors } = await submit(
      inputOf({ parcels: [{ mapSheetNumber: '3', parcelNumber: '44', unit: { code: '28633' }, areaM2: '1,5' }] }),
    )
    expect(errors).toEqual([])
    expect(result).toEqual({
      __typename: 'InputRefused',
      reason: 'RULE_VIOLATED',
      field: 'parcels.0.areaM2',
      message: 'Diện tích phải là số thập phân không âm, ví dụ 120.50: nhiều nhất 12 chữ số trước và 4 chữ số sau dấu chấm.',
    })
  })

  it('refuses a value of a wrong form inside a list, naming its place the same way', async () => {
    const broken = { name: 'Đơn', fileName: 'don.pdf', mediaType: 'application/pdf', contentBase64: '', originals: 'một' }
    const { errors } = await submit(inputOf({ documents: [broken] }))
    expect(errors[0]?.extensions).toMatchObject({ code: 'INVALID_INPUT', field: 'documents.0.originals' })
    const late = await submit(inputOf({ dueAt: 'mai' }))
    expect(late.errors[0]?.extensions).toMatchObject({ code: 'INVALID_INPUT', field: 'dueAt' })
  })

  it.each([
    ['is missing', { kind: 'CITIZEN', idNumber: '082199000123' }, 'applicant.fullName', 'Thiếu giá trị bắt buộc "applicant.fullName".'],
    [
      'is null',
      { kind: 'CITIZEN', idNumber: '082199000123', fullName: null },
      'applicant.fullName',
      'Thiếu giá trị bắt buộc "applicant.fullName".',
    ],
    ['nobody knows', { kind: 'CITIZEN', fullName: 'Lê Mẫu', tuoi: 3 }, 'applicant.tuoi', 'Không có trường "applicant.tuoi".'],
    [
      'is of another kind',
      { kind: 'CONG_DAN_082199000123', fullName: 'Lê Mẫu' },
      'applicant.kind',
      'Giá trị của "applicant.kind" không đúng kiểu.',
    ],
  ])('tells of a value that %s where it is, in Vietnamese and without what was sent', async (_, applicant, field, message) => {
    const { errors } = await submit(inputOf({ applicant }))
    expect(errors).toEqual([expect.objectContaining({ message, extensions: expect.objectContaining({ code: 'INVALID_INPUT', field }) })])
  })

  it("does not let an officer write over another commune's dossier, nor the citizens' application over one that an office took in", async () => {
    const other = await seedDossier(api.db, { code: 'H58.22-260316-0500', commune: { code: '28615', on: '2026-03-02' } })
    expect((await submit(inputOf({ clientKey: 'khoa-de-1', code: other.code, version: 2 }))).result).toMatchObject({
      reason: 'DOSSIER_CODE_TAKEN',
      field: 'code',
    })
    const app = await api.token('citizen-app')
    expect((await submit(inputOf({ clientKey: 'khoa-de-2', code: other.code, version: 2 }), app)).result).toMatchObject({
      reason: 'DOSSIER_CODE_TAKEN',
    })
    expect((await submit(inputOf({ clientKey: 'khoa-op-1' }), await api.token('operator'))).errors[0]?.extensions.code).toBe('FORBIDDEN')
  })
})

describe('the correlation id of a request', () => {
  it('stands on the message that it stored and on every transfer that came of it', async () => {
    const id = 'aaaaaaaa-1111-4222-8333-444455556666'
    const input = inputOf({ clientKey: 'khoa-vet-0001', code: 'H58.22-260316-0900' })
    const query = `mutation ($input: SubmitDossierInput!) { submitDossier(input: $input) { ${RESULT} } }`
    const answer = await api.query(officer, query, { input }, { 'x-correlation-id': id })
    expect(answer.headers.get('x-correlation-id')).toBe(id)
    const found = await api.db.query(
      `SELECT DISTINCT correlation_id AS id FROM (SELECT correlation_id FROM inbox_message WHERE dossier_code = $1
       UNION ALL SELECT t.correlation_id FROM transfer t JOIN dossier d ON d.id = t.dossier_id WHERE d.code = $1) AS all_of_it`,
      ['H58.22-260316-0900'],
    )
    expect(found).toEqual([{ id }])
  })
})

describe('a change of a known dossier', () => {
  it('is stored for one within reach and refused for any other, as not found', async () => {
    const other = await seedDossier(api.db, { code: 'H58.22-260317-0600', commune: { code: '28615', on: '2026-03-02' } })
    const mine = await seedDossier(api.db, { code: 'H58.22-260317-0601', commune: { code: '28633', on: '2026-03-02' } })
    const withdraw = async (dossierCode: string, clientKey: string) =>
      (
        await api.query(officer, `mutation ($input: WithdrawDossierInput!) { withdrawDossier(input: $input) { ${RESULT} } }`, {
          input: { clientKey, dossierCode, reason: 'Người dân đổi ý' },
        })
      ).data.withdrawDossier
    expect(await withdraw(other.code, 'khoa-rut-1')).toMatchObject({
      __typename: 'InputRefused',
      reason: 'DOSSIER_NOT_FOUND',
      field: 'dossierCode',
    })
    for (const [name, type, more] of [
      ['confirmResultReturned', 'ConfirmResultReturnedInput', { method: 'DESK' }],
      [
        'supplementDossier',
        'SupplementDossierInput',
        { note: 'x', documents: [{ name: '', fileName: 'a.pdf', mediaType: 'application/pdf', contentBase64: '' }] },
      ],
    ] as const) {
      const { data, errors } = await api.query(officer, `mutation ($input: ${type}!) { ${name}(input: $input) { ${RESULT} } }`, {
        input: { clientKey: `khoa-${name}`, dossierCode: mine.code, ...more },
      })
      expect(errors[0]?.extensions.field ?? data[name].field).toBe(name === 'supplementDossier' ? 'documents.0.name' : 'dossierCode')
    }
    expect(await withdraw(mine.code, 'khoa-rut-2')).toMatchObject({
      __typename: 'DossierAccepted',
      dossier: { status: 'WITHDRAWN_BY_APPLICANT' },
    })
  })
})

describe("an operator's act", () => {
  const ACT = `__typename ... on TransferActDone { repeated transfer { id state } } ... on InputRefused { reason field } ... on ActRefused { reason message } ... on ClientKeyReused { message }`
  const replay = (token: string, transferId: string, clientKey: string, reason = 'Đã sửa dữ liệu') =>
    api.query(token, `mutation ($input: TransferActInput!) { replayTransfer(input: $input) { ${ACT} } }`, {
      input: { clientKey, transferId, reason },
    })

  it('is done once, audited, answered again alike, and refused where the state does not allow it', async () => {
    const operator = await api.token('operator')
    const dossier = await seedDossier(api.db, { code: 'H58.22-260318-0700', commune: { code: '28633', on: '2026-03-02' } })
    const rejected = await seedTransfer(api.db, { dossier, state: 'REJECTED' })
    const delivered = await seedTransfer(api.db, { dossier, systemId: 'PORTAL', state: 'DELIVERED' })
    expect((await replay(operator, rejected, 'khoa-lai-01')).data.replayTransfer).toEqual({
      __typename: 'TransferActDone',
      repeated: false,
      transfer: { id: rejected, state: 'QUEUED' },
    })
    expect((await replay(operator, rejected, 'khoa-lai-01')).data.replayTransfer).toMatchObject({ repeated: true })
    expect((await replay(operator, rejected, 'khoa-lai-01', 'Lý do khác')).data.replayTransfer).toMatchObject({
      __typename: 'ClientKeyReused',
    })
    expect((await replay(operator, delivered, 'khoa-lai-02')).data.replayTransfer).toMatchObject({
      __typename: 'ActRefused',
      reason: 'ILLEGAL_TRANSITION',
    })
    const audits = await api.db.query('SELECT actor, role, act, reason FROM audit_entry WHERE transfer_id = $1', [rejected])
    expect(audits).toEqual([{ actor: 'thu-operator-', role: 'OPERATOR', act: 'REPLAY', reason: 'Đã sửa dữ liệu' }])
  })

  it('shows the sending that takes the place of an adoption, each time it is asked', async () => {
    const operator = await api.token('operator')
    const dossier = await seedDossier(api.db, { code: 'H58.22-260318-0701', commune: { code: '28633', on: '2026-03-02' } })
    const adoption = await seedTransfer(api.db, { dossier, state: 'HELD', heldReason: 'ADOPT_ABSENT' })
    await api.db.query(`UPDATE transfer SET mode = 'ADOPT' WHERE id = $1 RETURNING id`, [adoption])
    const answers = [await replay(operator, adoption, 'khoa-lai-10'), await replay(operator, adoption, 'khoa-lai-10')]
    const [sending] = await api.db.query<{ id: string }>('SELECT id::text FROM transfer WHERE supersedes_id = $1', [adoption])
    expect(answers.map(({ data }) => data.replayTransfer)).toEqual(
      [false, true].map((repeated) => ({ __typename: 'TransferActDone', repeated, transfer: { id: sending?.id, state: 'PLANNED' } })),
    )
  })

  it('that says too early that nothing happened is refused with the instant from which it may be said', async () => {
    const operator = await api.token('operator')
    const dossier = await seedDossier(api.db, { code: 'H58.22-260318-0702', commune: { code: '28633', on: '2026-03-02' } })
    const uncertain = await seedTransfer(api.db, { dossier, state: 'HELD', heldReason: 'UNCERTAIN' })
    await api.db.query(`UPDATE transfer SET last_send_at = '2099-01-02T01:00:00Z' WHERE id = $1 RETURNING id`, [uncertain])
    await api.db.query(
      `INSERT INTO attempt (id, transfer_id, number, kind, lease_token, worker, outcome) VALUES (gen_random_uuid(), $1, 1, 'SEND', 1, 'x', 'INDETERMINATE')`,
      [uncertain],
    )
    const input = { clientKey: 'khoa-xac-nhan-1', transferId: uncertain, reason: 'Không thấy ở ViLIS', happened: false }
    const { data } = await api.query(
      operator,
      `mutation ($input: ConfirmOutcomeInput!) { confirmOutcome(input: $input) { ... on ActRefused { reason message possibleFrom } } }`,
      { input },
    )
    expect(data.confirmOutcome).toEqual({
      reason: 'TOO_EARLY',
      message: 'Bên nhận có thể còn đang xử lý lần gửi trước: chỉ được xác nhận là chưa có từ 08:01:00 ngày 02/01/2099.',
      possibleFrom: '2099-01-02T08:01:00.000+07:00',
    })
  })

  it('is not for officers, needs a reason, and knows no absent transfer', async () => {
    const operator = await api.token('operator')
    const absent = '00000000-0000-7000-8000-000000000000'
    expect((await replay(officer, absent, 'khoa-lai-03')).errors[0]?.extensions.code).toBe('FORBIDDEN')
    expect((await replay(operator, absent, 'khoa-lai-04')).errors[0]?.extensions.code).toBe('NOT_FOUND')
    expect((await replay(operator, absent, 'khoa-lai-05', 'x')).data.replayTransfer).toEqual({
      __typename: 'InputRefused',
      reason: 'RULE_VIOLATED',
      field: 'reason',
    })
  })
})
