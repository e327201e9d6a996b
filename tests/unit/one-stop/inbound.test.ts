import { createHash } from 'node:crypto'
import { beforeEach, describe, expect, test } from '@jest/globals'
import { createOneStopInbound } from '../../../adapters/one-stop/inbound.js'
import { usernameToken } from '../../../adapters/soap/security.js'
import type { InboundMessage } from '../../../src/model/inbound.js'
import { oneStopSettings } from '../../contract/one-stop/settings.js'

/** What the push service refuses: nothing of it reaches the inbox, and no file of it is kept. */
let received: InboundMessage[]
let kept: number

beforeEach(() => {
  received = []
  kept = 0
})

const hash = (text: string): string => createHash('sha256').update(text).digest('hex')
const base64 = (text: string): string => Buffer.from(text).toString('base64')

const file = (text: string, changes: { size?: number; hash?: string; content?: string } = {}): string =>
  `<GiayTo><TenGiayTo>Đơn</TenGiayTo><TenTapTin>don.pdf</TenTapTin><KieuFile>application/pdf</KieuFile><SoBanChinh>1</SoBanChinh><SoBanSao>0</SoBanSao>` +
  `<KichThuoc>${changes.size ?? Buffer.byteLength(text)}</KichThuoc><MaBam>${changes.hash ?? hash(text)}</MaBam><NoiDung>${changes.content ?? base64(text)}</NoiDung></GiayTo>`

const list = (files: readonly string[], count = files.length, total = 0): string =>
  `<DanhSachGiayTo><SoLuong>${count}</SoLuong><TongKichThuoc>${total}</TongKichThuoc>${files.join('')}</DanhSachGiayTo>`

const good: Record<string, string> = {
  PhienBan: '1',
  MaThuTuc: '1.013831',
  MaDonViTiepNhan: '28633',
  KenhThucHien: '1',
  ChuHoSo: '<LoaiDoiTuong>1</LoaiDoiTuong><HoTen>Trần Thị Lan</HoTen>',
  TrichYeuHoSo: 'Tặng cho',
  NgayTiepNhan: '2026-03-16T08:00:00',
  NgayHenTra: '2026-04-02T08:00:00',
  NguoiTiepNhan: 'mc.1',
  MaTrangThai: '2',
  DanhSachThuaDat: '',
  DanhSachGiayChungNhan: '',
}

const dossier = (changes: Record<string, string> = {}, documents = list([file('noi dung')], 1, 8)): string => {
  const fields = Object.entries({ ...good, ...changes }).map(([name, value]) => `<${name}>${value}</${name}>`)
  return `<DayHoSo xmlns="urn:lien-thong-dat-dai:mot-cua-day:1.0"><MaSuKien>MC-1</MaSuKien><ThoiDiem>2026-03-16T08:00:00+07:00</ThoiDiem><HoSo><MaHoSo>H58.22-260316-0001</MaHoSo>${fields.join('')}${documents}</HoSo></DayHoSo>`
}

async function push(body: string, options: { password?: string | undefined; before?: string } = {}) {
  const inbound = await createOneStopInbound({
    settings: oneStopSettings('http://127.0.0.1:9', { maxAttachmentBytes: 100 }),
    keepDocument: (bytes) => {
      kept += 1
      return Promise.resolve({ sha256: hash(bytes.toString()), size: bytes.length })
    },
    receive: (message) => {
      received.push(message)
      return Promise.resolve({ kind: 'STORED', messageId: 'm-1' })
    },
  })
  const password = 'password' in options ? options.password : 'mat-khau-vao'
  const token = password === undefined ? '' : usernameToken({ username: 'mot-cua', password, passwordType: 'DIGEST' })
  const xml = `${options.before ?? ''}<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Header>${token}</soap:Header><soap:Body>${body}</soap:Body></soap:Envelope>`
  return inbound.handle({ headers: { 'content-type': 'text/xml; charset=utf-8' }, body: Buffer.from(xml) })
}

const field = (body: string, name: string): string | undefined => new RegExp(`<(?:\\w+:)?${name}>([^<]*)<`).exec(body)?.[1]

test('a good dossier is stored: Result 1', async () => {
  const { status, body } = await push(dossier())
  expect([status, field(body, 'Result'), received.length, kept]).toEqual([200, '1', 1, 1])
  expect(received[0]).toMatchObject({ channel: 'PUSH', operation: 'DayHoSo', externalEventId: 'MC-1', dossierCode: 'H58.22-260316-0001' })
  expect(received[0]?.payload).toMatchObject({
    dossier: { receivedAt: '2026-03-16T01:00:00.000Z', documents: [{ sha256: hash('noi dung') }] },
  })
})

describe('Result 0 with the field, and nothing kept, for', () => {
  test.each([
    ['a file too few', dossier({}, list([file('noi dung')], 2, 8)), 'SAI_TEP_DINH_KEM', 'HoSo.DanhSachGiayTo.SoLuong'],
    [
      "a hash that is another file's",
      dossier({}, list([file('noi dung', { hash: hash('khac') })], 1, 8)),
      'SAI_TEP_DINH_KEM',
      'HoSo.DanhSachGiayTo.GiayTo[0].MaBam',
    ],
    [
      'a second file that is bad after a good one',
      dossier({}, list([file('a'), file('b', { hash: hash('a') })], 2, 2)),
      'SAI_TEP_DINH_KEM',
      'HoSo.DanhSachGiayTo.GiayTo[1].MaBam',
    ],
    [
      "a size that is not the file's",
      dossier({}, list([file('noi dung', { size: 9 })], 1, 8)),
      'SAI_TEP_DINH_KEM',
      'HoSo.DanhSachGiayTo.GiayTo[0].KichThuoc',
    ],
    ['a total that is not the sum', dossier({}, list([file('noi dung')], 1, 9)), 'SAI_TEP_DINH_KEM', 'HoSo.DanhSachGiayTo.TongKichThuoc'],
    [
      'contents that are no base64',
      dossier({}, list([file('noi dung', { content: 'không' })], 1, 8)),
      'SAI_TEP_DINH_KEM',
      'HoSo.DanhSachGiayTo.GiayTo[0].NoiDung',
    ],
    [
      'a file that is too large',
      dossier({}, list([file('x'.repeat(101))], 1, 101)),
      'TEP_QUA_LON',
      'HoSo.DanhSachGiayTo.GiayTo[0].NoiDung',
    ],
    ['an officer who is blank', dossier({ NguoiTiepNhan: ' ' }), 'THIEU_TRUONG', 'HoSo.NguoiTiepNhan'],
    ['a date of the year 1', dossier({ NgayHenTra: '0001-01-01T00:00:00' }), 'SAI_NGAY', 'HoSo.NgayHenTra'],
    ['a day that does not exist', dossier({ NgayTiepNhan: '2026-02-30T08:00:00' }), 'SAI_NGAY', 'HoSo.NgayTiepNhan'],
    ['a status outside 1 to 10', dossier({ MaTrangThai: '0' }), 'SAI_DU_LIEU', 'HoSo.MaTrangThai'],
    ['a channel outside 1 to 3', dossier({ KenhThucHien: '4' }), 'SAI_DU_LIEU', 'HoSo.KenhThucHien'],
    [
      'a party kind outside 1 to 4',
      dossier({ ChuHoSo: '<LoaiDoiTuong>9</LoaiDoiTuong><HoTen>A</HoTen>' }),
      'SAI_DU_LIEU',
      'HoSo.ChuHoSo.LoaiDoiTuong',
    ],
    ['a version below 1', dossier({ PhienBan: '0' }), 'SAI_DU_LIEU', 'HoSo.PhienBan'],
  ])('%s', async (_what, request, code, where) => {
    const { status, body } = await push(request)
    expect([status, field(body, 'Result'), field(body, 'MaLoi'), field(body, 'Truong')]).toEqual([200, '0', code, where])
    expect(field(body, 'Message')).toMatch(/\.$/)
    expect([received.length, kept]).toEqual([0, 0])
  })
})

describe('a fault, and nothing kept, for', () => {
  test.each([
    ['no credentials', dossier(), { password: undefined }, 'FailedAuthentication'],
    ['a wrong password', dossier(), { password: 'sai' }, 'FailedAuthentication'],
    ['a document type with entities', dossier(), { before: '<!DOCTYPE a [<!ENTITY b "c">]>' }, 'DTD_REFUSED'],
    ['a field that the contract does not know', dossier({ NgayHenTraMoi: '2026-04-02T08:00:00' }), {}, 'WRONG_ELEMENT'],
    ['letters where a number stands', dossier({ PhienBan: 'một' }), {}, 'WRONG_TYPE'],
    ['XML that ends early', dossier().slice(0, -20), {}, 'MALFORMED_XML'],
    ['another operation', '<XoaHoSo xmlns="urn:lien-thong-dat-dai:mot-cua-day:1.0"/>', {}, 'UNKNOWN_OPERATION'],
  ])('%s', async (_what, request, options, code) => {
    const { status, body } = await push(request, options)
    expect(status).toBe(500)
    expect(body).toContain(code)
    expect([received.length, kept]).toEqual([0, 0])
  })
})

test('without credentials of its own the service is not opened', async () => {
  const { inboundCredentials, ...settings } = oneStopSettings('http://127.0.0.1:9')
  expect(inboundCredentials).toBeDefined()
  await expect(
    createOneStopInbound({ settings, keepDocument: () => Promise.reject(new Error('no')), receive: () => Promise.reject(new Error('no')) }),
  ).rejects.toThrow('inboundCredentials')
})
