import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { abandonTransfer } from '../../src/operator/act-on-transfer.js'
import { pauseSystem } from '../../src/operator/pause-system.js'
import { OPERATOR } from '../support/operator-acts.js'
import { seedDossier, seedTransfer } from '../support/seed-dossiers.js'
import { startTestApi, type TestApi } from '../support/test-api.js'

/** Who did what, when and why, asked as operators ask it, and taken out as a file. */
const CODE = 'H58.22-260302-0001'
const APPLICANT = 'Trần Thị Mẫu'
const NAMING = 'Bà Trần Thị Mẫu (0900 000 456, ông Lê Văn Thử) đã nộp giấy tại quầy'
let api: TestApi
let transfer: string
let operator: string
let admin: string
beforeAll(async () => {
  api = await startTestApi()
  operator = await api.token('operator')
  admin = await api.token('admin')
  const dossier = await seedDossier(api.db, { code: CODE, commune: { code: '28633', on: '2026-03-02' }, applicant: APPLICANT })
  const other = await seedDossier(api.db, { code: 'H58.22-260302-0002', commune: { code: '28633', on: '2026-03-02' } })
  transfer = await seedTransfer(api.db, { dossier, state: 'REJECTED', lastError: `Sai thửa của ${APPLICANT}.` })
  const second = await seedTransfer(api.db, { dossier: other, systemId: 'PORTAL', operation: 'SYNC_DOSSIER', state: 'REJECTED' })
  await abandonTransfer(api.db, { transferId: transfer, reason: NAMING, actor: OPERATOR })
  await abandonTransfer(api.db, {
    transferId: second,
    reason: '=HYPERLINK("http://x") rồi;=1+1',
    actor: { ...OPERATOR, subject: 'vanhanh.02' },
  })
  await pauseSystem(api.db, { systemId: 'VILIS', reason: 'ViLIS bảo trì', actor: OPERATOR, requestKey: 'tam-dung-1' })
})
afterAll(() => api.close())

interface Entry {
  readonly act: string
  readonly actor: string
  readonly reason: string
}
const ENTRIES = `query ($filter: AuditFilterInput, $first: Int, $after: String) { auditEntries(filter: $filter, first: $first, after: $after) {
  totalCount totalCountIsExact pageInfo { hasNextPage endCursor }
  edges { node { id at act actLabel actor actorLabel role reason systemId transferId dossierCode changes { name label before after beforeLabel afterLabel } } } } }`
const ask = (token: string, filter: object = {}, page: object = {}) => api.query(token, ENTRIES, { filter, ...page })
const entries = async (filter: object, token = operator): Promise<Entry[]> => {
  const { data, errors } = await ask(token, filter)
  expect(errors).toEqual([])
  return data.auditEntries.edges.map(({ node }: { node: Entry }) => node)
}
const acts = async (filter: object, token = operator): Promise<string[]> =>
  (await entries(filter, token)).map(({ act, actor }) => `${act} ${actor}`)

const FIRST = 'ABANDON vanhanh.01'
const SECOND = 'ABANDON vanhanh.02'
const PAUSED = 'PAUSE vanhanh.01'

describe('the trail', () => {
  test('is listed newest first, page by page', async () => {
    expect(await acts({})).toEqual([PAUSED, SECOND, FIRST])
    const { data } = await ask(operator, {}, { first: 2 })
    expect(data.auditEntries).toMatchObject({ totalCount: 3, totalCountIsExact: true, pageInfo: { hasNextPage: true } })
    const next = await ask(operator, {}, { first: 2, after: data.auditEntries.pageInfo.endCursor })
    expect(next.data.auditEntries.edges.map(({ node }: { node: Entry }) => node.actor)).toEqual(['vanhanh.01'])
  })

  test.each<[string, () => object, string[]]>([
    ['a person', () => ({ actor: 'vanhanh.02' }), [SECOND]],
    ['acts', () => ({ acts: ['PAUSE', 'RESUME'] }), [PAUSED]],
    ['a transfer', () => ({ transferId: transfer }), [FIRST]],
    ['a dossier', () => ({ dossierCode: CODE }), [FIRST]],
    ['a system, its own acts and those on its transfers', () => ({ systemId: 'VILIS' }), [PAUSED, FIRST]],
    ['a time to come', () => ({ from: '2099-01-01T00:00:00+07:00' }), []],
    ['a time', () => ({ from: '2020-01-01T00:00:00+07:00', to: '2099-01-01T00:00:00+07:00' }), [PAUSED, SECOND, FIRST]],
    ['words of the reason', () => ({ text: 'nop giay' }), [FIRST]],
    ['words in any order', () => ({ text: 'bảo ViLIS' }), [PAUSED]],
    ['words that are not there', () => ({ text: 'không có lời này' }), []],
    ['several at once', () => ({ actor: 'vanhanh.01', acts: ['ABANDON'], text: 'quầy', systemId: 'VILIS' }), [FIRST]],
  ])('is searched by %s', async (_what, filter, expected) => {
    expect(await acts(filter())).toEqual(expected)
    const { data } = await ask(operator, filter())
    expect(data.auditEntries.totalCount).toBe(expected.length)
  })

  test('shows what stood there before and after; names and numbers are masked for an operator, and in clear for an administrator', async () => {
    const { data } = await ask(operator, { transferId: transfer })
    const [{ node }] = data.auditEntries.edges
    expect(node).toMatchObject({
      actLabel: 'Hủy lượt liên thông',
      actorLabel: 'Người vận hành (vanhanh.01)',
      role: 'OPERATOR',
      systemId: 'VILIS',
      transferId: transfer,
      dossierCode: CODE,
    })
    expect(node.changes).toContainEqual({
      name: 'state',
      label: 'Trạng thái',
      before: 'REJECTED',
      after: 'ABANDONED',
      beforeLabel: 'Bên nhận từ chối',
      afterLabel: 'Đã hủy theo quyết định của người vận hành',
    })
    const shown = JSON.stringify(node)
    expect(['Mẫu', 'Lê Văn', '0900'].filter((secret) => shown.includes(secret))).toEqual([])
    expect((await entries({ transferId: transfer }, admin))[0]?.reason).toBe(NAMING)
    const [pause] = (await ask(operator, { acts: ['PAUSE'] })).data.auditEntries.edges
    expect(JSON.stringify(pause)).not.toContain('tam-dung-1')
  })

  test.each(['Trần Thị Mẫu', 'tran thi mau', '0900 000 456', '000 456', 'Lê Văn Thử'])('does not find whom it masks: %s', async (text) => {
    expect(await acts({ text })).toEqual([])
  })

  test('cannot be changed or shortened by a statement', async () => {
    await expect(api.db.query(`UPDATE audit_entry SET reason = 'khác'`)).rejects.toThrow('never changed')
    await expect(api.db.query(`DELETE FROM audit_entry`)).rejects.toThrow('never changed')
  })

  test('is for those who keep the interlink running', async () => {
    for (const token of [await api.token('officer', ['28633']), await api.token('citizen-app')])
      expect((await ask(token)).errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }])
  })

  test.each([
    [{ transferId: 'x' }, 'TRANSFER_ID_INVALID'],
    [{ text: 'x'.repeat(201) }, 'RULE_VIOLATED'],
    [{ acts: ['PAUSE', 'NOPE'] }, 'ACT_UNKNOWN'],
    [{ acts: Array.from({ length: 31 }, () => 'PAUSE') }, 'RULE_VIOLATED'],
  ])('refuses %j', async (filter, reason) => {
    expect((await ask(operator, filter)).errors).toMatchObject([{ extensions: { code: 'INVALID_INPUT', reason } }])
  })
})

const download = async (
  query: string,
  token: string | undefined,
): Promise<{ status: number; type: string | null; bytes: Buffer; head: Headers }> => {
  const response = await fetch(`${api.url}/export/audit.csv${query}`, {
    headers: { ...(token && { authorization: `Bearer ${token}` }), connection: 'close' },
  })
  return {
    status: response.status,
    type: response.headers.get('content-type'),
    bytes: Buffer.from(await response.arrayBuffer()),
    head: response.headers,
  }
}

describe('the export', () => {
  test('is a file that spreadsheets read, masked, and no formula', async () => {
    const { status, type, bytes, head } = await download('?acts=ABANDON', operator)
    expect([status, type]).toEqual([200, 'text/csv; charset=utf-8'])
    expect(head.get('content-disposition')).toMatch(/^attachment; filename="nhat-ky-thao-tac-\d{4}-\d\d-\d\d\.csv"$/)
    expect(head.get('cache-control')).toBe('no-store')
    expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf])
    const lines = bytes.subarray(3).toString().split('\r\n')
    expect(lines).toHaveLength(4)
    expect(lines[0]).toBe(
      'Thời điểm,Người thực hiện,Vai trò,Mã thao tác,Thao tác,Hệ thống,Mã hồ sơ,Lượt liên thông,Lý do,Trước,Sau,Khóa,Kế hoạch,Nguyên nhân',
    )
    expect(lines[1]).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+\+07:00,Người vận hành \(vanhanh\.02\),OPERATOR,ABANDON,Hủy lượt liên thông,PORTAL,/)
    expect(lines[1]).toContain('Trạng thái: ')
    // Also where a spreadsheet splits by semicolons.
    expect(lines[1]).toContain(`"'=HYPERLINK(""http://x"") rồi;'=1+1"`)
    expect(lines[2]).toContain('T*** T*** M***')
    expect(bytes.toString()).not.toContain('Mẫu')
    expect((await download('?acts=ABANDON', admin)).bytes.toString()).toContain(NAMING)
    const both = (await download('?acts=PAUSE,ABANDON', admin)).bytes.toString()
    for (const act of ['PAUSE', 'ABANDON']) expect(both).toContain(`,${act},`)
    expect((await download('?acts=NOPE', admin)).status).toBe(400)
  })

  test('is in the trail itself, with what was asked for', async () => {
    await download('?actor=vanhanh.02&from=2026-01-01T00:00:00+07:00', operator)
    const { data } = await ask(operator, { acts: ['EXPORT_AUDIT'] })
    const [{ node }] = data.auditEntries.edges
    expect(node).toMatchObject({ actor: 'thu-operator-', role: 'OPERATOR', actLabel: 'Xuất nhật ký thao tác' })
    expect(node.changes).toEqual([
      {
        name: 'from',
        label: 'Từ',
        before: null,
        after: '2025-12-31T17:00:00.000Z',
        beforeLabel: null,
        afterLabel: '00:00:00 ngày 01/01/2026',
      },
      { name: 'actor', label: 'Người thực hiện', before: null, after: 'vanhanh.02', beforeLabel: null, afterLabel: 'vanhanh.02' },
    ])
  })

  test.each<[string, string, () => Promise<string | undefined>, number, string]>([
    ['nobody', '', async () => undefined, 401, 'TOKEN_MISSING'],
    ['an officer', '', () => api.token('officer', ['28633']), 403, 'exportAudit'],
    ['a filter that is misspelt', '?actr=vanhanh.01', async () => operator, 400, 'PARAMETER_UNKNOWN'],
    ['one given twice', '?actor=a&actor=b', async () => operator, 400, 'PARAMETER_REPEATED'],
    ['no instant', '?from=hôm+qua', async () => operator, 400, 'INSTANT_INVALID'],
    ['no system', '?systemId=SAO_HOA', async () => operator, 400, 'SYSTEM_UNKNOWN'],
    ['what nothing can store', '?text=%00', async () => operator, 400, 'TEXT_UNREADABLE'],
  ])('is refused to %s, and leaves no trace', async (_who, query, token, status, reason) => {
    const before = await acts({ acts: ['EXPORT_AUDIT'] })
    const answer = await download(query, await token())
    expect(answer.status).toBe(status)
    expect(JSON.parse(answer.bytes.toString())).toMatchObject({ errors: [{ extensions: { reason } }] })
    expect(await acts({ acts: ['EXPORT_AUDIT'] })).toEqual(before)
  })

  test('of many leaves as it is read: who hangs up after the first rows has cost no more than these', async () => {
    await api.db.query(
      `INSERT INTO audit_entry (id, actor, role, act, reason, before, after)
       SELECT gen_random_uuid(), 'kho.01', 'OPERATOR', 'PAUSE', 'Lý do thứ ' || n || repeat(' dài', 100), '{}', '{}' FROM generate_series(1, 6000) AS n`,
    )
    api.statements.length = 0
    const call = request(`${api.url}/export/audit.csv?actor=kho.01`, {
      headers: { authorization: `Bearer ${operator}`, connection: 'close' },
    })
    call.end()
    const [response] = (await once(call, 'response')) as [IncomingMessage]
    await once(response, 'data')
    response.destroy()
    await once(response, 'close')
    const whole = await download('?actor=kho.01', operator)
    expect(whole.bytes.toString().split('\r\n')).toHaveLength(6_002)
    // Twelve pages for the whole, and some for the one that was left.
    expect(api.statements.filter((text) => text.includes('FROM audit_entry a')).length).toBeLessThan(23)
  })
})

test('names the cause by which a transfer had failed as a person reads it', async () => {
  const dossier = await seedDossier(api.db, { code: 'H58.22-260302-0003', commune: { code: '28633', on: '2026-03-02' } })
  const failed = await seedTransfer(api.db, { dossier, state: 'REJECTED' })
  const [cause] = await api.db.query<{ id: string }>(
    `INSERT INTO failure_cause (id, system_id, operation, kind, code) VALUES (gen_random_uuid(), 'VILIS', 'RECEIVE', 'REJECTED', 'SAI_LUOC_DO') RETURNING id::text`,
  )
  const causeId = cause?.id ?? ''
  await api.db.query(`UPDATE transfer SET cause_id = $2::uuid WHERE id = $1::uuid RETURNING 1 AS done`, [failed, causeId])
  await abandonTransfer(api.db, { transferId: failed, reason: 'Không gửi nữa', actor: OPERATOR })
  const query = `query ($filter: AuditFilterInput) { auditEntries(filter: $filter) { edges { node { causeId cause { id title } } } } cause(id: "${causeId}") { title } }`
  const { data } = await api.query(operator, query, { filter: { causeId } })
  expect(data.auditEntries.edges).toEqual([{ node: { causeId, cause: { id: causeId, title: data.cause.title } } }])
  const others = await api.query(operator, query, { filter: { transferId: transfer } })
  expect(others.data.auditEntries.edges).toEqual([{ node: { causeId: null, cause: null } }])
})
