import { describe, expect, test } from '@jest/globals'
import { buildEnvelope } from '../../../adapters/soap/envelope.js'
import { usernameToken } from '../../../adapters/soap/security.js'
import { createVilisInbound, type VilisInboundOptions } from '../../../adapters/vilis/inbound.js'
import type { InboundMessage } from '../../../src/model/inbound.js'
import { CALLBACK_CREDENTIALS, CODE, documentStore, mappings, settings } from './fixtures.js'

const NS = 'urn:lien-thong:mot-cua-callback:1'
const END = `<c:NgayKetThuc>2026-03-26T03:00:00</c:NgayKetThuc><c:TrangThaiKetThuc>0</c:TrangThaiKetThuc>`

const body = (fields: string, operation = 'KetThucHoSo') =>
  `<c:${operation} xmlns:c="${NS}"><c:SoBienNhan>${CODE}</c:SoBienNhan>${fields}</c:${operation}>`

function envelope(bodyXml: string, password = CALLBACK_CREDENTIALS.password): string {
  return buildEnvelope('1.1', [usernameToken({ ...CALLBACK_CREDENTIALS, password, passwordType: 'DIGEST' })], bodyXml)
}

async function call(xml: string, options: Partial<VilisInboundOptions> = {}) {
  const received: InboundMessage[] = []
  const endpoint = await createVilisInbound({
    settings: settings('http://unused'),
    mappings: mappings(),
    keepDocument: documentStore().keepDocument,
    receive: async (message) => {
      received.push(message)
      return { kind: 'STORED', messageId: '1' }
    },
    ...options,
  })
  const request = { headers: { 'content-type': 'text/xml; charset=utf-8', 'x-correlation-id': 'vilis-1' }, body: Buffer.from(xml) }
  return { received, answer: await endpoint.handle(request), again: () => endpoint.handle(request) }
}

const resultOf = (xml: string): string | undefined => /Result>(\d)</.exec(xml)?.[1]
const messageOf = (xml: string): string | undefined => /Message>([^<]*)</.exec(xml)?.[1]

describe('a callback', () => {
  test('is answered 1 after it was stored, with its raw envelope but no security header', async () => {
    const { received, answer } = await call(envelope(body(`${END}<c:GhiChu>ghi chú</c:GhiChu>`)))
    expect(answer.status).toBe(200)
    expect(resultOf(answer.body)).toBe('1')
    expect(received).toMatchObject([
      { source: 'VILIS', channel: 'CALLBACK', operation: 'KetThucHoSo', dossierCode: CODE, correlationId: 'vilis-1' },
    ])
    expect(received[0]?.raw).toContain('ghi chú')
    expect(received[0]?.raw).not.toContain('Security')
  })

  test('a repetition is answered like the first', async () => {
    const { answer } = await call(envelope(body(END)), { receive: async () => ({ kind: 'DUPLICATE', messageId: '1' }) })
    expect(resultOf(answer.body)).toBe('1')
  })

  test('a refusal is answered 0 with its sentence', async () => {
    const message = 'Không có hồ sơ này.'
    const { answer } = await call(envelope(body(END)), {
      receive: async () => ({ kind: 'REFUSED', messageId: '1', reason: 'UNKNOWN_DOSSIER', message }),
    })
    expect([answer.status, resultOf(answer.body), messageOf(answer.body)]).toEqual([200, '0', message])
  })

  test('what cannot be stored is a Server fault, so that ViLIS calls again', async () => {
    const { answer } = await call(envelope(body(END)), { receive: () => Promise.reject(new Error('connection to 10.0.0.5 refused')) })
    expect(answer.status).toBe(500)
    expect(answer.body).toContain('soap:Server')
    expect(answer.body).not.toContain('10.0.0.5')
  })

  test('an unreadable one is answered 0 with its field, told on, and not received', async () => {
    const told: string[] = []
    const xml = envelope(body('<c:NgayKetThuc>0001-01-01T00:00:00</c:NgayKetThuc><c:TrangThaiKetThuc>0</c:TrangThaiKetThuc>'))
    const { received, answer } = await call(xml, { onUnreadable: ({ field }) => void told.push(field) })
    expect([resultOf(answer.body), messageOf(answer.body)]).toEqual([
      '0',
      'Trường NgayKetThuc của KetThucHoSo không phải là thời điểm hợp lệ.',
    ])
    expect([received, told]).toEqual([[], ['NgayKetThuc']])
  })

  test('the bytes of a file do not stand in the raw message', async () => {
    const long = Buffer.from('x'.repeat(300)).toString('base64')
    const raws: string[] = []
    const xml = body(
      `${END}<c:DanhSachGiayToKetQua><c:TapTin><c:TenGiayTo>A</c:TenGiayTo><c:MaBam>a</c:MaBam><c:NoiDung>${long}</c:NoiDung></c:TapTin></c:DanhSachGiayToKetQua>`,
    )
    await call(envelope(xml), { onUnreadable: ({ raw }) => void raws.push(raw) })
    expect(raws[0]).toContain('(400 ký tự base64)')
    expect(raws[0]).not.toContain(long)
  })
})

describe('who calls and with what', () => {
  test.each([
    ['a wrong password', envelope(body(END), 'sai')],
    ['no security header', buildEnvelope('1.1', [], body(END))],
  ])('%s is refused before anything is read', async (_name, xml) => {
    const { received, answer } = await call(xml)
    expect(answer.status).toBe(500)
    expect(answer.body).toContain('FailedAuthentication')
    expect(received).toEqual([])
  })

  test('the same envelope a second time is refused: its nonce was used', async () => {
    const { again, answer } = await call(envelope(body(END)))
    expect(answer.status).toBe(200)
    expect((await again()).body).toContain('FailedAuthentication')
  })

  test.each([
    ['a document type', envelope(body(END)).replace('?>', '?><!DOCTYPE x [<!ENTITY a "b">]>')],
    ['a misspelt field', envelope(body(`${END}<c:GhiChuu>x</c:GhiChuu>`))],
    ['an operation that is not there', envelope(body(END, 'XoaHoSo'))],
    ['half an envelope', envelope(body(END)).slice(0, -40)],
  ])('%s is a Client fault and nothing is stored', async (_name, xml) => {
    const { received, answer } = await call(xml)
    expect(answer.status).toBe(500)
    expect(answer.body).toContain('soap:Client')
    expect(received).toEqual([])
  })

  test('without configured credentials there is no service', async () => {
    const { inboundCredentials: _none, ...open } = settings('http://unused')
    await expect(call(envelope(body(END)), { settings: open })).rejects.toThrow('inboundCredentials')
  })
})
