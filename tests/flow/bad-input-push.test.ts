import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { addedRows, countRows, fileList, filePart, oneStopSecurity, push, pushedDossier, vilisSecurity } from '../support/pushed-dossier.js'
import { envelopeOf } from '../support/test-gateway.js'
import { openTestSystem, type TestSystem } from '../support/test-system.js'

let system: TestSystem
beforeAll(async () => {
  system = await openTestSystem({ gateway: true, polls: false, systems: { ONE_STOP: { maxAttachmentBytes: 1_024 } } })
})
afterAll(() => system.close())

/** What a refusal may leave behind: the message itself as evidence, and that its nonce was used. */
const EVIDENCE = ['inbox_message', 'used_nonce']

test.each([
  ['a wrong dossier code', { MaHoSo: 'HS-01' }, 'WRONG_DOSSIER_CODE', 'code', 'không đúng mẫu'],
  ['an unknown procedure', { MaThuTuc: '9.999999' }, 'UNKNOWN_PROCEDURE', 'procedureCode', '9.999999'],
  ['an unknown commune', { MaDonViTiepNhan: '99999' }, 'UNKNOWN_COMMUNE', 'receivingUnit', '99999'],
  ['a commune that had ended', { MaDonViTiepNhan: '28597' }, 'UNKNOWN_COMMUNE', 'receivingUnit', '28597'],
  [
    'a code whose meaning changed on 1 July 2025',
    { MaDonViTiepNhan: '28633', TenDonViTiepNhan: 'Xã Bình Phan' },
    'AMBIGUOUS_COMMUNE',
    'receivingUnit',
    '(từ ngày 01/07/2025), không phải',
  ],
  [
    'a parcel in a commune of another meaning',
    {
      DanhSachThuaDat:
        '<ThuaDat><SoHieuBanDo>1</SoHieuBanDo><SoThuTuThua>2</SoThuTuThua><MaXa>28615</MaXa><TenXa>Thanh Bình</TenXa></ThuaDat>',
    },
    'AMBIGUOUS_COMMUNE',
    'parcels.0.unit',
    'Lương Hòa Lạc',
  ],
  ['a due date before reception', { NgayHenTra: '2026-03-01T08:00:00' }, 'DUE_BEFORE_RECEPTION', 'dueAt', 'sớm hơn ngày tiếp nhận'],
  [
    'a wrong certificate serial',
    { DanhSachGiayChungNhan: '<GiayChungNhan><SoPhatHanh>12</SoPhatHanh></GiayChungNhan>' },
    'WRONG_CERTIFICATE_SERIAL',
    'certificates.0.serialNumber',
    'không đúng mẫu',
  ],
  ['no name', { ChuHoSo: '<LoaiDoiTuong>1</LoaiDoiTuong><HoTen> </HoTen>' }, 'MISSING_FIELD', 'applicant.fullName', 'Thiếu họ tên'],
])(
  '%s is refused with its code, field and a Vietnamese sentence; nothing but the message is stored',
  async (name, fields, code, field, words) => {
    const before = await countRows(system.context.db)
    const answer = await push(system.gateway, pushedDossier({ eventId: `MC-${name}`, fields }))
    expect(answer).toMatchObject({ status: 200, result: '0', code, field })
    expect(answer.message).toContain(words)
    const added = await addedRows(system.context.db, before)
    expect(Object.keys(added).filter((table) => !EVIDENCE.includes(table))).toEqual([])
    const [kept] = await system.context.db.query(`SELECT state FROM inbox_message WHERE identity = $1`, [`event:MC-${name}`])
    expect(kept).toEqual({ state: 'REFUSED' })
  },
)

test.each([
  ['a missing attachment', { DanhSachGiayTo: fileList([], 1, 0) }, 'SAI_TEP_DINH_KEM', 'HoSo.DanhSachGiayTo.SoLuong'],
  [
    'an oversized attachment',
    { DanhSachGiayTo: fileList([filePart({}, Buffer.alloc(1_025, 'a'))], 1, 1_025) },
    'TEP_QUA_LON',
    'HoSo.DanhSachGiayTo.GiayTo[0].NoiDung',
  ],
  [
    'another hash than the file has',
    { DanhSachGiayTo: fileList([filePart({ MaBam: 'a'.repeat(64) })]) },
    'SAI_TEP_DINH_KEM',
    'HoSo.DanhSachGiayTo.GiayTo[0].MaBam',
  ],
  ['a date of year 1', { NgayTiepNhan: '0001-01-01T00:00:00' }, 'SAI_NGAY', 'HoSo.NgayTiepNhan'],
  ['a version 0', { PhienBan: '0' }, 'SAI_DU_LIEU', 'HoSo.PhienBan'],
  ['a status outside 1..10', { MaTrangThai: '11' }, 'SAI_DU_LIEU', 'HoSo.MaTrangThai'],
])('%s is refused with its field, and nothing is stored', async (_name, fields, code, field) => {
  const before = await countRows(system.context.db)
  const answer = await push(system.gateway, pushedDossier({ fields }))
  expect(answer).toMatchObject({ status: 200, result: '0', code, field, message: expect.stringMatching(/\.$/) })
  const { used_nonce: _nonce, ...added } = await addedRows(system.context.db, before)
  expect(added).toEqual({})
})

const bomb = '<!DOCTYPE a [<!ENTITY x "ha"><!ENTITY y "&x;&x;&x;&x;&x;&x;&x;&x;">]>'
const good = (): string => envelopeOf(oneStopSecurity(), pushedDossier())

test.each([
  ['a DTD with entities', () => good().replace('?>', `?>${bomb}`), 'DTD'],
  ['an external entity', () => good().replace('?>', '?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]>'), 'DTD'],
  ['an undeclared entity', () => good().replace('Trần Thị Mẫu', '&ten;'), 'MALFORMED'],
  ['a message cut in the middle', () => good().slice(0, 900), 'MALFORMED'],
  ['no XML at all', () => 'xin chào', 'MALFORMED'],
  ['another document', () => '<a/>', 'NOT_SOAP'],
  ['no credentials', () => envelopeOf('', pushedDossier()), 'FailedAuthentication'],
  ['a wrong password', () => envelopeOf(oneStopSecurity('sai'), pushedDossier()), 'FailedAuthentication'],
  ["another system's credentials", () => envelopeOf(vilisSecurity(), pushedDossier()), 'FailedAuthentication'],
  [
    'an unknown operation',
    () => envelopeOf(oneStopSecurity(), '<XoaHoSo xmlns="urn:lien-thong-dat-dai:mot-cua-day:1.0"/>'),
    'UNKNOWN_OPERATION',
  ],
  ['a field too many', () => good().replace('<PhienBan>', '<La>1</La><PhienBan>'), 'WRONG_ELEMENT'],
  ['a number that is none', () => good().replace('<PhienBan>1<', '<PhienBan>một<'), 'WRONG_TYPE'],
  ['nesting without end', () => envelopeOf(oneStopSecurity(), '<a>'.repeat(60) + '</a>'.repeat(60)), 'TOO_DEEP'],
])('%s is answered by a SOAP fault in a Vietnamese sentence, and nothing is stored', async (_name, envelope, code) => {
  const before = await countRows(system.context.db)
  const { status, text } = await system.gateway.soap('/soap/mot-cua', envelope())
  expect(status).toBe(500)
  expect(text).toContain(code)
  expect(text).toMatch(/<faultstring[^>]*>[^<]*[àảãáạăắằặâấầậđèéẹêếềệìíịòóọôốồộơớờợùúụưứừựỳýỵ][^<]*<\/faultstring>/)
  expect(text).not.toContain('mat-khau')
  const { used_nonce: _nonce, ...added } = await addedRows(system.context.db, before)
  expect(added).toEqual({})
})

test('the same request sent again with its nonce is a replay and is refused', async () => {
  const nonce = randomBytes(16)
  const header = oneStopSecurity(undefined, nonce)
  const body = pushedDossier({ eventId: 'MC-nonce', fields: { MaHoSo: 'H58.22-260316-0800' } })
  expect(await push(system.gateway, body, header)).toMatchObject({ result: '1' })
  await system.drain()
  const before = await countRows(system.context.db)
  const replayed = await push(system.gateway, body, header)
  expect(replayed.status).toBe(500)
  expect(replayed.text).toContain('FailedAuthentication')
  expect(await addedRows(system.context.db, before)).toEqual({})
})

test('tone placement, case and rank do not make a commune ambiguous', async () => {
  for (const [index, name] of ['Xã An Thạnh Thủy', 'xã An Thạnh Thuỷ', 'AN THẠNH THỦY', 'An Thạnh Thuỷ'.normalize('NFD')].entries()) {
    const fields = { MaHoSo: `H58.22-260316-090${index}`, MaDonViTiepNhan: '28633', TenDonViTiepNhan: name }
    expect(await push(system.gateway, pushedDossier({ eventId: `MC-thuy-${index}`, fields }))).toMatchObject({ result: '1' })
  }
})

test('a dossier pushed twice is one, the same version with other content is a conflict, an older version changes nothing', async () => {
  const MaHoSo = 'H58.22-260316-0700'
  const send = (eventId: string, fields: Record<string, string>) =>
    push(system.gateway, pushedDossier({ eventId, fields: { MaHoSo, ...fields } }))
  expect(await send('MC-a', {})).toMatchObject({ result: '1', message: 'Đã nhận.' })
  await system.drain()
  const before = await countRows(system.context.db)
  expect(await send('MC-a', {})).toMatchObject({ result: '1', message: 'Đã nhận từ trước.' })
  expect(await send('MC-b', {})).toMatchObject({ result: '1' })
  expect(await send('MC-c', { TrichYeuHoSo: 'Nội dung khác' })).toMatchObject({
    result: '0',
    code: 'SAME_VERSION_OTHER_CONTENT',
    field: 'version',
    message: 'Phiên bản 1 đã có với nội dung khác.',
  })
  const { used_nonce: _nonce, ...added } = await addedRows(system.context.db, before)
  expect(added).toEqual({ inbox_message: 2, dossier_event: 1 })

  expect(await send('MC-d', { PhienBan: '3', TrichYeuHoSo: 'Bản ba' })).toMatchObject({ result: '1' })
  expect(await send('MC-e', { PhienBan: '2', TrichYeuHoSo: 'Bản hai' })).toMatchObject({ result: '1' })
  const [dossier] = await system.context.db.query(`SELECT version, source_version, summary FROM dossier WHERE code = $1`, [MaHoSo])
  expect(dossier).toEqual({ version: 2, source_version: 3, summary: 'Bản ba' })
})

test('a refused message that is mended and sent again under its own event id is taken', async () => {
  const fields = { MaHoSo: 'H58.22-260316-0600' }
  expect(await push(system.gateway, pushedDossier({ eventId: 'MC-m', fields: { ...fields, MaDonViTiepNhan: '99999' } }))).toMatchObject({
    result: '0',
  })
  expect(await push(system.gateway, pushedDossier({ eventId: 'MC-m', fields }))).toMatchObject({ result: '1' })
})
