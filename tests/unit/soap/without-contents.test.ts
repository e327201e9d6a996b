import { expect, test } from '@jest/globals'
import { withoutContents } from '../../../adapters/soap/without-contents.js'

const BYTES = 'JVBERi0xLjQK'

test.each([
  ['plain', `<v:NoiDung>${BYTES}</v:NoiDung>`, '<v:NoiDung>(12 ký tự base64)</v:NoiDung>'],
  ['without a prefix', `<NoiDung>${BYTES}</NoiDung>`, '<NoiDung>(12 ký tự base64)</NoiDung>'],
  ['in lines with escaped carriage returns', `<NoiDung>${BYTES}&#13;\n${BYTES}&#xD;\n</NoiDung>`, '<NoiDung>(36 ký tự base64)</NoiDung>'],
  ['as CDATA', `<NoiDung><![CDATA[${BYTES}]]></NoiDung>`, '<NoiDung>(24 ký tự base64)</NoiDung>'],
  ['behind attributes', `<n:NoiDung xmlns:n="urn:n">${BYTES}</n:NoiDung >`, '<n:NoiDung xmlns:n="urn:n">(12 ký tự base64)</n:NoiDung >'],
  ['cut off', `<NoiDung>${BYTES}`, '<NoiDung>(12 ký tự base64)'],
  [
    'twice',
    `<NoiDung>a</NoiDung><Ten>b</Ten><NoiDung>c</NoiDung>`,
    '<NoiDung>(1 ký tự base64)</NoiDung><Ten>b</Ten><NoiDung>(1 ký tự base64)</NoiDung>',
  ],
])('bytes written %s are left out', (_name, xml, kept) => {
  expect(withoutContents(`<a>${xml}`, 'NoiDung')).toBe(`<a>${kept}`)
})

test.each([
  '<NoiDungXuLy>Chuyển thẩm định</NoiDungXuLy>',
  '<x:NoiDung/><Ten>giữ</Ten><x:NoiDung></x:NoiDung>',
  '<NoiDung xsi:nil="true" /><Ten>giữ</Ten><NoiDung></NoiDung>',
])('nothing else is cut: %s', (xml) => {
  expect(withoutContents(xml, 'NoiDung')).toBe(xml)
})
