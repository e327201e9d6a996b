import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { openTestSystem, type TestSystem } from '../support/test-system.js'

const CANARY = 'Đoàn Thị Canh Giữ'
const CANARIES = /Canh Gi|CANH GIU|082199000777|0912 ?345 ?678|đường Kín|canh\.giu/i
const PERSON = {
  fullName: CANARY,
  idNumber: '082199000777',
  phone: '0912345678',
  email: 'canh.giu@vi-du.vn',
  address: 'Số 9 đường Kín, Xã Chợ Gạo',
}

let system: TestSystem
let code: string
beforeAll(async () => {
  system = await openTestSystem({ gateway: true })
  code = 'H58.22.07-261122-0777'
  await system.gateway.query(
    'admin',
    `mutation ($input: SubmitDossierInput!) { submitDossier(input: $input) { __typename ... on InputRefused { reason field message } } }`,
    {
      input: {
        clientKey: 'nop-canh-giu-01',
        code,
        procedureCode: '1.012783',
        receivingUnit: { code: '28594' },
        channel: 'DIRECT',
        applicant: { kind: 'CITIZEN', ...PERSON },
        summary: `Cấp đổi cho ${CANARY}, gọi 0912 345 678`,
        receivedAt: '2026-11-22T08:00:00+07:00',
        dueAt: '2026-12-01T17:00:00+07:00',
        receivedBy: 'mc.28594.1',
        parcels: [],
        certificates: [],
        documents: [],
      },
    },
  )
  await system.drain()
})
afterAll(() => system.close())

interface Shown {
  readonly id: string
  readonly requestXml: string | null
  readonly responseText: string | null
}

const attempts = async (role: 'operator' | 'admin' | 'officer'): Promise<Shown[]> => {
  const { dossier } = await system.gateway.query<{ dossier: { transfers: { attempts: Shown[] }[] } }>(
    role,
    `query ($code: String!) { dossier(code: $code) { transfers { attempts { id requestXml responseText } } } }`,
    { code },
  )
  return dossier.transfers.flatMap((transfer) => transfer.attempts)
}

const REVEAL = `mutation ($input: RevealAttemptInput!) { revealAttempt(input: $input) { __typename
  ... on AttemptRevealed { repeated requestXml responseText attempt { id } } ... on InputRefused { reason field } ... on ActRefused { reason message } ... on ClientKeyReused { message } } }`
const reveal = async (role: 'operator' | 'admin' | 'officer', input: object) => {
  const { data, errors } = await system.gateway.ask(role, REVEAL, { input })
  return { result: (data as { revealAttempt?: Record<string, unknown> } | null)?.revealAttempt, errors }
}

const looks = (): Promise<unknown[]> =>
  system.context.db.query(
    `SELECT actor, role, reason, transfer_id IS NOT NULL AS of FROM audit_entry WHERE act = 'REVEAL_ATTEMPT' ORDER BY at`,
  )

test('what was on the wire had the person in it', async () => {
  const raw = await system.context.db.query<{ text: string }>(`SELECT request_xml AS text FROM attempt WHERE request_xml IS NOT NULL`)
  expect(raw.some(({ text }) => CANARIES.test(text))).toBe(true)
})

describe('evidence', () => {
  test.each(['operator', 'admin'] as const)('is shown to an %s one element a line, with nobody in it', async (role) => {
    const shown = (await attempts(role)).flatMap(({ requestXml, responseText }) =>
      [requestXml, responseText].filter((text) => text !== null),
    )
    expect(shown.length).toBeGreaterThan(2)
    const whole = shown.join('\n')
    expect(whole).not.toMatch(CANARIES)
    expect(whole).toContain(code)
    expect(whole).toMatch(/\n {4,}<[\w:]+>/)
    expect(whole).not.toContain('phien-thu')
  })

  test('is not for an officer', async () => {
    expect((await attempts('officer')).every(({ requestXml, responseText }) => requestXml === null && responseText === null)).toBe(true)
    const [attempt] = await attempts('operator')
    const { errors } = await reveal('officer', { clientKey: 'xem-nguyen-van-0', attemptId: attempt?.id, reason: 'Muốn xem' })
    expect(errors?.[0]?.extensions?.code).toBe('FORBIDDEN')
    expect(await looks()).toEqual([])
  })

  test('is revealed with a reason, and each look is audited, also of the same request again', async () => {
    const attempt = (await attempts('operator')).find(({ requestXml }) => requestXml !== null)
    const input = { clientKey: 'xem-nguyen-van-1', attemptId: attempt?.id, reason: 'ViLIS hỏi nội dung đã gửi' }
    const first = await reveal('operator', input)
    expect(first.result).toMatchObject({ __typename: 'AttemptRevealed', repeated: false, attempt: { id: attempt?.id } })
    const again = await reveal('operator', input)
    expect(again.result).toMatchObject({ __typename: 'AttemptRevealed', repeated: true })
    expect(String(first.result?.requestXml)).toMatch(CANARIES)
    expect(again.result?.requestXml).toBe(first.result?.requestXml)
    const look = { actor: 'operator', role: 'OPERATOR', reason: input.reason, of: true }
    expect(await looks()).toEqual([look, look])
    expect((await reveal('operator', { ...input, reason: 'Lý do khác' })).result).toMatchObject({ __typename: 'ClientKeyReused' })

    const remembered = await system.context.db.query<{ answer: string }>(`SELECT answer::text FROM client_request WHERE key = $1`, [
      input.clientKey,
    ])
    expect(remembered[0]?.answer).not.toMatch(CANARIES)
  })

  test('without a reason is not revealed', async () => {
    const [attempt] = await attempts('operator')
    const { result } = await reveal('operator', { clientKey: 'xem-nguyen-van-2', attemptId: attempt?.id, reason: '' })
    expect(result).toEqual({ __typename: 'InputRefused', reason: 'RULE_VIOLATED', field: 'reason' })
  })

  test('that is gone by retention is refused in words', async () => {
    const attempt = (await attempts('operator')).find(({ requestXml }) => requestXml !== null)
    await system.context.db.query(`UPDATE attempt SET request_xml = NULL, response_text = NULL WHERE id = $1::uuid RETURNING 1 AS done`, [
      attempt?.id,
    ])
    const { result } = await reveal('operator', { clientKey: 'xem-nguyen-van-3', attemptId: attempt?.id, reason: 'Muốn xem lại' })
    expect(result).toMatchObject({ __typename: 'ActRefused', reason: 'NO_EVIDENCE' })
  })
})
