import { readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { ONE_STOP_WSDL_PATH } from '../../../adapters/one-stop/adapter.js'
import { ONE_STOP_FIELDS } from '../../../adapters/one-stop/shown-fields.js'
import { PORTAL_WSDL } from '../../../adapters/provincial/portal/adapter.js'
import { PORTAL_FIELDS } from '../../../adapters/provincial/portal/shown-fields.js'
import { showEvidence } from '../../../adapters/soap/show-evidence.js'
import type { ShownFields } from '../../../adapters/soap/shown-fields.js'
import { VILIS_WSDL_PATH } from '../../../adapters/vilis/adapter.js'
import { VILIS_FIELDS } from '../../../adapters/vilis/shown-fields.js'

const NAME = 'Trần Thị Canh Giữ'
const envelope = (body: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>${body}</s:Body></s:Envelope>`
const REQUEST = envelope(
  `<v:HoSo xmlns:v="urn:v"><v:SoBienNhan>H58.22.07-261122-0001</v:SoBienNhan><v:HoTen>${NAME}</v:HoTen><v:SoChungMinh>082190001234</v:SoChungMinh>` +
    `<v:SoDienThoai>0912345678</v:SoDienThoai><v:DiaChiChiTiet>Số 1 đường Kín, Xã Chợ Gạo</v:DiaChiChiTiet><v:Email>canh.giu@vi-du.vn</v:Email>` +
    `<v:TrichYeu>Cấp đổi cho TRAN THI CANH GIU, gọi 0912 345 678</v:TrichYeu><v:LaTamDung>true</v:LaTamDung></v:HoSo>`,
)
const CANARIES = /Canh Gi|CANH GIU|082190001|0912 ?345|đường Kín|canh\.giu/i

const masked = (text: string, fields: ShownFields = VILIS_FIELDS): string => showEvidence(text, fields, { clear: false, names: [] })

describe('masked', () => {
  test('every element that names a person is masked, also where free text says it again in capitals; the rest is to be read', () => {
    const shown = masked(REQUEST)
    expect(shown).not.toMatch(CANARIES)
    expect(shown).toContain('<v:SoBienNhan>H58.22.07-261122-0001</v:SoBienNhan>')
    expect(shown).toContain('<v:LaTamDung>true</v:LaTamDung>')
    expect(shown).toContain('T*** T*** C*** G***')
    expect(shown).toContain('***, Xã Chợ Gạo')
  })

  test('an element and an attribute that nobody knows are hidden, unless they can only be a number, a time or a yes or no', () => {
    const shown = masked(
      envelope(`<a nguoi="${NAME}" so="12"><LienHe>${NAME}</LienHe><Lan>3</Lan><So>082190001234</So><Ngay>2026-11-22</Ngay></a>`),
    )
    expect(shown).not.toMatch(CANARIES)
    expect(shown).toContain('so="12"')
    expect(shown).toContain('<LienHe>***</LienHe>')
    expect(shown).toContain('<Lan>3</Lan>')
    expect(shown).toContain('<Ngay>2026-11-22</Ngay>')
  })

  test('names that SOAP gives to its own elements say nothing of an element in the body, nor in the details of a fault', () => {
    const own = `<Value>${NAME}</Value><Text>ở nhà canh.giu</Text><Code>0912345678</Code><x id="${NAME}" userId="canh.giu">${NAME}</x>`
    expect(masked(envelope(`<a>${own}</a>`))).not.toMatch(CANARIES)
    const fault = envelope(`<s:Fault><faultcode>s:Client</faultcode><faultstring>Sai</faultstring><detail>${own}</detail></s:Fault>`)
    expect(masked(fault)).not.toMatch(CANARIES)
    expect(masked(fault)).toContain('<faultcode>s:Client</faultcode>')
  })

  test.each([
    ['cut in the middle of a name', REQUEST.slice(0, REQUEST.indexOf(NAME) + 9)],
    ['broken before it', REQUEST.replace('<v:HoTen>', '<v:HoTen')],
    ['with a document type', `<!DOCTYPE x [<!ENTITY n "${NAME}">]><x>&n;</x>`],
    ['that is no XML', `${NAME} 082190001234`],
  ])('of a message %s nothing is shown beyond what can be read', (_name, text) => {
    expect(masked(text)).not.toMatch(CANARIES)
    expect(masked(text)).toContain('phần còn lại được che')
  })

  test('comments are not shown', () => {
    expect(masked(envelope(`<a/><!-- ${NAME} -->`))).not.toMatch(CANARIES)
  })

  test('a name that one message tells is masked in the free text of another one', () => {
    const shown = masked(`${REQUEST}\n${envelope(`<ThongBao>${NAME} đã có hồ sơ</ThongBao>`)}`)
    expect(shown).not.toMatch(CANARIES)
    expect(shown.match(/<s:Envelope/g)).toHaveLength(2)
  })

  test.each([
    [150, 'giao T\\*\\*\\* T\\*\\*\\*'],
    [1_500, '\\*\\*\\*'],
  ])('of a reply with %i people nobody is named in the free text, and whoever looks does not wait', (count, text) => {
    const people = Array.from({ length: count }, (_none, index) => `Trần T${index.toString(36)}`)
    const reply = people.map((name) => `<HoTen>${name}</HoTen><GhiChu>giao ${name.toUpperCase()}</GhiChu>`).join('')
    const shown = masked(`<a>${reply}</a>`)
    expect(shown).not.toMatch(/tr[ầấa]n/i)
    expect(shown.match(new RegExp(`<GhiChu>${text}</GhiChu>`, 'g'))).toHaveLength(count)
  })

  test('a session and links are never shown', () => {
    const shown = masked(envelope('<session>bi-mat</session><DuongDanTaiTepTin>https://tep/1</DuongDanTaiTepTin>'), PORTAL_FIELDS)
    expect(shown).not.toMatch(/bi-mat|tep\/1/)
  })
})

describe('in clear', () => {
  const clear = (text: string): string => showEvidence(text, VILIS_FIELDS, { clear: true, names: [] })

  test('one element a line, two spaces a level, every text as it was', () => {
    expect(clear('<a><b>1 &lt; 2</b><c/><d> x </d></a>')).toBe('<a>\n  <b>1 &lt; 2</b>\n  <c/>\n  <d>x</d>\n</a>')
    expect(clear(REQUEST)).toContain(`<v:HoTen>${NAME}</v:HoTen>`)
  })

  test('what cannot be read is shown as it came', () => {
    expect(clear('<a><b>cut')).toBe('<a><b>cut')
  })
})

test.each([
  ['one-stop', ONE_STOP_WSDL_PATH, ONE_STOP_FIELDS],
  ['ViLIS', VILIS_WSDL_PATH, VILIS_FIELDS],
  ['portal', PORTAL_WSDL, PORTAL_FIELDS],
])('each element of the %s contract that holds a value stands in the table', (_name, path, fields) => {
  const valued = [...readFileSync(path, 'utf8').matchAll(/<xsd?:element name="([^"]+)" type="(?:xsd?:[^"]+|tns:(?:DungSai|SoNguyen))"/g)]
  expect(valued.length).toBeGreaterThan(50)
  expect(valued.map(([, element = '']) => element).filter((element) => !fields.has(element))).toEqual([])
})
