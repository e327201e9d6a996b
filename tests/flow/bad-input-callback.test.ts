import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { addedRows, countRows, oneStopSecurity, push, pushedDossier, vilisSecurity } from '../support/pushed-dossier.js'
import { envelopeOf } from '../support/test-gateway.js'
import { openTestSystem, type TestSystem } from '../support/test-system.js'

let system: TestSystem
const CODE = 'H58.22-260316-0200'
beforeAll(async () => {
  system = await openTestSystem({ gateway: true, polls: false })
  await push(system.gateway, pushedDossier({ fields: { MaHoSo: CODE } }))
  await system.drain()
})
afterAll(() => system.close())

const call = async (operation: string, fields: string, security = vilisSecurity()) => {
  const body = `<${operation} xmlns="urn:lien-thong:mot-cua-callback:1">${fields}</${operation}>`
  const { status, text } = await system.gateway.soap('/soap/vilis', envelopeOf(security, body))
  const told = (name: string) => new RegExp(`<(?:\\w+:)?${name}>([^<]*)<`).exec(text)?.[1]
  return { status, text, result: told('Result'), message: told('Message') }
}

const FILE = '<TenGiayTo>Kết quả</TenGiayTo><MaBam>abc</MaBam><NoiDung>YWJj</NoiDung>'

test.each([
  [
    'KetThucHoSo',
    `<SoBienNhan>${CODE}</SoBienNhan><NgayKetThuc>0001-01-01T00:00:00</NgayKetThuc><TrangThaiKetThuc>0</TrangThaiKetThuc>`,
    'NgayKetThuc',
  ],
  [
    'KetThucHoSo',
    `<SoBienNhan>${CODE}</SoBienNhan><NgayKetThuc>2026-03-17T00:00:00</NgayKetThuc><TrangThaiKetThuc>7</TrangThaiKetThuc>`,
    'TrangThaiKetThuc',
  ],
  [
    'KetThucHoSo',
    `<SoBienNhan>${CODE}</SoBienNhan><NgayKetThuc>2026-03-17T00:00:00</NgayKetThuc><TrangThaiKetThuc>0</TrangThaiKetThuc><DanhSachGiayToKetQua><TapTin>${FILE}</TapTin></DanhSachGiayToKetQua>`,
    'MaBam',
  ],
  ['YeuCauBoSungHoSo', `<SoBienNhan>${CODE}</SoBienNhan><NgayChoBoSung>2026-03-17T00:00:00</NgayChoBoSung>`, 'LaTamDung'],
  [
    'GuiKetQuaThue',
    `<SoBienNhan>${CODE}</SoBienNhan><NgayCoKetQuaThue>2026-03-17T00:00:00</NgayCoKetQuaThue><DanhSachThongBaoThue><ThongBaoThue><LoaiThue>LPTB</LoaiThue><SoThongBaoThue>1</SoThongBaoThue><SoTien>1.250.000</SoTien></ThongBaoThue></DanhSachThongBaoThue>`,
    'SoTien',
  ],
  ['ChuyenHoSo', '<MaTrangThai>APPRAISAL</MaTrangThai><NgayChuyen>2026-03-17T00:00:00</NgayChuyen>', 'SoBienNhan'],
])('%s that cannot be read is answered 0 with the field, and kept once, raw, for a person (%#)', async (operation, fields, field) => {
  const before = await countRows(system.context.db)
  const answers = [await call(operation, fields), await call(operation, fields)]
  for (const answer of answers) expect(answer).toMatchObject({ status: 200, result: '0', message: expect.stringContaining(field) })
  const { used_nonce: _nonce, ...added } = await addedRows(system.context.db, before)
  expect(added).toEqual({ inbox_message: 1 })
  const [kept] = await system.context.db.query<{ raw: string; state: string; operation: string }>(
    `SELECT raw, state, operation FROM inbox_message ORDER BY id DESC LIMIT 1`,
  )
  expect(kept).toMatchObject({ state: 'QUARANTINED', operation })
  expect(kept?.raw).not.toMatch(/Nonce|Password/)
})

test.each([
  ["the one-stop system's credentials", () => oneStopSecurity(), 'FailedAuthentication'],
  ['no credentials', () => '', 'FailedAuthentication'],
])('%s are refused before anything is read or kept', async (_name, security, code) => {
  const before = await countRows(system.context.db)
  const answer = await call('KetThucHoSo', `<SoBienNhan>${CODE}</SoBienNhan>`, security())
  expect([answer.status, answer.text.includes(code)]).toEqual([500, true])
  expect(await addedRows(system.context.db, before)).toEqual({})
})

test.each([
  ['an entity bomb', (xml: string) => xml.replace('?>', '?><!DOCTYPE a [<!ENTITY x "ha"><!ENTITY y "&x;&x;&x;&x;">]>'), 'DTD_REFUSED'],
  ['a cut message', (xml: string) => xml.slice(0, -40), 'MALFORMED_XML'],
  [
    'bytes that are no UTF-8',
    (xml: string) => Buffer.concat([Buffer.from(xml.slice(0, -60)), Buffer.from([0xff, 0xfe]), Buffer.from(xml.slice(-60))]),
    'MALFORMED_XML',
  ],
])('%s is a fault with its code, and nothing is kept', async (_name, spoil, code) => {
  const before = await countRows(system.context.db)
  const xml = envelopeOf(
    vilisSecurity(),
    `<KetThucHoSo xmlns="urn:lien-thong:mot-cua-callback:1"><SoBienNhan>${CODE}</SoBienNhan></KetThucHoSo>`,
  )
  const { status, text } = await system.gateway.soap('/soap/vilis', spoil(xml))
  expect([status, text.includes(code) ? code : text]).toEqual([500, code])
  const { used_nonce: _nonce, ...added } = await addedRows(system.context.db, before)
  expect(added).toEqual({})
})
