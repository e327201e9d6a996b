import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { addedRows, countRows } from '../support/pushed-dossier.js'
import { openTestSystem, type TestSystem } from '../support/test-system.js'

let system: TestSystem
beforeAll(async () => {
  system = await openTestSystem({ gateway: true, polls: false })
})
afterAll(() => system.close())

let keys = 0
const input = (changes: object = {}) => {
  keys += 1
  return {
    clientKey: `khoa-sai-${String(keys).padStart(4, '0')}`,
    code: 'H58.22-260316-0300',
    procedureCode: '1.012783',
    receivingUnit: { code: '28594' },
    channel: 'DIRECT',
    applicant: { kind: 'CITIZEN', fullName: 'Ngô Thị Mẫu' },
    summary: 'Cấp đổi',
    receivedAt: '2026-03-16T08:00:00+07:00',
    dueAt: '2026-12-25T17:00:00+07:00',
    receivedBy: 'mc.28594.1',
    ...changes,
  }
}

const submit = async (value: object) =>
  (
    await system.gateway.query<{ submitDossier: Record<string, unknown> }>(
      'citizen-app',
      `mutation ($input: SubmitDossierInput!) { submitDossier(input: $input) { __typename ... on InputRefused { reason field message } } }`,
      { input: value },
    )
  ).submitDossier

/** A client's key is remembered with its answer, and the message as evidence: neither is a part of a dossier. */
const EVIDENCE = new Set(['inbox_message', 'client_request'])

test.each([
  ['an unknown procedure', { procedureCode: '9.999999' }, 'UNKNOWN_PROCEDURE', 'procedureCode', 'Không có thủ tục'],
  ['an unknown commune', { receivingUnit: { code: '99999' } }, 'UNKNOWN_COMMUNE', 'receivingUnit', 'Không có đơn vị hành chính'],
  [
    'an ambiguous commune',
    { receivingUnit: { code: '28633', name: 'Bình Phan' } },
    'AMBIGUOUS_COMMUNE',
    'receivingUnit',
    'là Xã An Thạnh Thủy (từ ngày 01/07/2025), không phải "Bình Phan"',
  ],
  [
    'a parcel in a commune that had ended',
    { parcels: [{ mapSheetNumber: '1', parcelNumber: '2', unit: { code: '28600' } }] },
    'UNKNOWN_COMMUNE',
    'parcels.0.unit',
    '28600',
  ],
  ['a due date before reception', { dueAt: '2026-03-01T08:00:00+07:00' }, 'DUE_BEFORE_RECEPTION', 'dueAt', 'phải sau ngày tiếp nhận'],
  [
    'a name that nobody sees',
    { applicant: { kind: 'CITIZEN', fullName: '\u200b\u200b' } },
    'RULE_VIOLATED',
    'applicant.fullName',
    'có chữ hoặc số',
  ],
  ['a wrong code', { code: 'HS-1' }, 'DOSSIER_CODE_INVALID', 'code', 'không đúng dạng'],
])('%s is refused in a sentence with its field, and nothing of a dossier is stored', async (_name, changes, reason, field, words) => {
  const before = await countRows(system.context.db)
  expect(await submit(input(changes))).toEqual({ __typename: 'InputRefused', reason, field, message: expect.stringContaining(words) })
  const added = await addedRows(system.context.db, before)
  expect(Object.keys(added).filter((table) => !EVIDENCE.has(table))).toEqual([])
})

test('tone placement does not make a commune ambiguous', async () => {
  const value = input({ code: 'H58.22-260316-0301', receivingUnit: { code: '28633', name: 'xã An Thạnh Thuỷ' } })
  expect(await submit(value)).toEqual({ __typename: 'DossierAccepted' })
})

test('the same version with other content under another key is a conflict, and an older one changes nothing', async () => {
  expect(await submit(input())).toEqual({ __typename: 'DossierAccepted' })
  expect(await submit(input({ summary: 'Nội dung khác' }))).toEqual({
    __typename: 'InputRefused',
    reason: 'SAME_VERSION_OTHER_CONTENT',
    field: 'version',
    message: 'Phiên bản 1 đã có với nội dung khác.',
  })
  expect(await submit(input({ version: 3, summary: 'Bản ba' }))).toEqual({ __typename: 'DossierAccepted' })
  await submit(input({ version: 2, summary: 'Bản hai' }))
  const [dossier] = await system.context.db.query(`SELECT version, source_version, summary FROM dossier WHERE code = 'H58.22-260316-0300'`)
  expect(dossier).toEqual({ version: 2, source_version: 3, summary: 'Bản ba' })
})

test('a supplement whose new due date is before the reception is refused with its field, and nothing of it is stored', async () => {
  const code = 'H58.22-260316-0390'
  expect(await submit(input({ code }))).toMatchObject({ __typename: 'DossierAccepted' })
  const before = await countRows(system.context.db)
  const { supplementDossier } = await system.gateway.query<{ supplementDossier: unknown }>(
    'citizen-app',
    `mutation ($input: SupplementDossierInput!) { supplementDossier(input: $input) { __typename ... on InputRefused { reason field message } } }`,
    {
      input: { clientKey: 'khoa-bo-sung-som', dossierCode: code, note: 'Bổ sung', supplementNo: 1, newDueAt: '2020-01-01T00:00:00+07:00' },
    },
  )
  expect(supplementDossier).toEqual({
    __typename: 'InputRefused',
    reason: 'DUE_BEFORE_RECEPTION',
    field: 'newDueAt',
    message: 'Ngày hẹn trả mới phải sau ngày tiếp nhận.',
  })
  expect(await addedRows(system.context.db, before)).toEqual({})
})

test('where the clocks of the systems run ahead, an application is believed no reception of next week all the same', async () => {
  const ahead = await openTestSystem({ gateway: true, runAhead: true })
  try {
    const inHalfAYear = Date.now() + 180 * 86_400_000
    const at = (ms: number): string => new Date(ms).toISOString()
    const { code } = await ahead.twins.ONE_STOP.act<{ code: string }>('takeDossier', {
      overrides: { receivedAt: at(inHalfAYear), dueAt: at(inHalfAYear + 5 * 86_400_000) },
    })
    await ahead.drain()
    expect(await ahead.gateway.query('admin', `{ dossiers(first: 5, filter: { code: "${code}" }) { totalCount } }`)).toEqual({
      dossiers: { totalCount: 1 },
    })
    const { submitDossier } = await ahead.gateway.query<{ submitDossier: unknown }>(
      'citizen-app',
      `mutation ($input: SubmitDossierInput!) { submitDossier(input: $input) { __typename ... on InputRefused { reason field } } }`,
      { input: input({ code: 'H58.22-260316-0391', receivedAt: at(inHalfAYear), dueAt: at(inHalfAYear + 5 * 86_400_000) }) },
    )
    expect(submitDossier).toEqual({ __typename: 'InputRefused', reason: 'RECEPTION_NOT_CREDIBLE', field: 'receivedAt' })
  } finally {
    await ahead.close()
  }
})
