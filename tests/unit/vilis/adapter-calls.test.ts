import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { createVilisAdapter } from '../../../adapters/vilis/adapter.js'
import { BODIES, BYTES, documentStore, mappings, readDocument, sending, settings } from './fixtures.js'

const NS = 'urn:lien-thong:vilis:1'
const envelope = (body: string) => `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>${body}</s:Body></s:Envelope>`

let answer: (request: string) => string
let requests: string[]
let server: Server
let adapter: Awaited<ReturnType<typeof createVilisAdapter>>

beforeEach(async () => {
  requests = []
  server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString('utf8')
      requests.push(text)
      response.writeHead(200, { 'content-type': 'text/xml; charset=utf-8' }).end(envelope(answer(text)))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}/vilis`
  const { keepDocument } = documentStore()
  const small = { ...settings(endpoint), maxReplyBytes: 20_000 }
  adapter = await createVilisAdapter({ settings: small, mappings: mappings(), readDocument, keepDocument })
})

afterEach(async () => {
  await adapter.target.close()
  await new Promise((resolve) => server.close(resolve))
})

test('the evidence of a write has no bytes of its files and no credentials, though both were sent', async () => {
  answer = () => `<TiepNhanHoSoResponse xmlns="${NS}"><KetQua>1</KetQua></TiepNhanHoSoResponse>`
  const { evidence, outcome } = await adapter.target.send(sending(BODIES.RECEIVE))
  expect(outcome.kind).toBe('ACCEPTED')
  for (const bytes of BYTES) {
    expect(requests[0]).toContain(bytes.toString('base64'))
    expect(evidence.requestXml).not.toContain(bytes.toString('base64'))
  }
  expect(requests[0]).toContain('Security')
  expect(evidence.requestXml).not.toContain('Security')
  expect(evidence.requestXml).toContain('ký tự base64')
})

/** Ten changes, of which the third has what no parser reads. */
test('a change with a character that XML cannot carry is kept as it came, and the stream goes on behind it', async () => {
  const row = (position: number) =>
    `<ThayDoi><MaSuKien>SK-${position}</MaSuKien><ViTri>${position}</ViTri><LoaiThayDoi>ChuyenHoSo</LoaiThayDoi><ChuyenHoSo>` +
    `<SoBienNhan>H58.22-260315-0001</SoBienNhan><MaTrangThai>APPRAISAL</MaTrangThai><NoiDungXuLy>${position === 3 ? '\x0b' : 'ghi chú'}</NoiDungXuLy>` +
    '<NgayChuyen>2026-03-18T03:00:00</NgayChuyen></ChuyenHoSo></ThayDoi>'
  answer = (request) => {
    const after = Number(/TuViTri>(\d+)</.exec(request)?.[1])
    const asked = Number(/SoLuong>(\d+)</.exec(request)?.[1])
    const rows = Array.from({ length: 10 - after }, (_none, index) => row(after + index + 1)).slice(0, asked)
    const more = after + rows.length < 10
    return `<LayThayDoiResponse xmlns="${NS}"><ViTriCuoi>10</ViTriCuoi><ConNua>${more}</ConNua><DanhSachThayDoi>${rows.join('')}</DanhSachThayDoi></LayThayDoiResponse>`
  }
  const read: (string | undefined)[] = []
  const unreadable: unknown[] = []
  for (let position = 0n, more = true; more; ) {
    const page = await adapter.polled.readChanges(position, 8)
    if (page.kind === 'FAILED') throw new Error(page.cause)
    read.push(...page.messages.map(({ externalEventId }) => externalEventId))
    unreadable.push(...page.unreadable)
    ;({ nextPosition: position, more } = page)
  }
  expect(read).toEqual([1, 2, 4, 5, 6, 7, 8, 9, 10].map((position) => `SK-${position}`))
  expect(unreadable).toEqual([{ externalEventId: 'SK-3', raw: expect.stringContaining('<ViTri>3<'), reason: expect.stringMatching(/XML/) }])
})

test('an answer that is garbage is not taken for an unreadable change', async () => {
  answer = () => `<LayThayDoiResponse xmlns="${NS}"><DanhSachThayDoi><ThayDoi><ViTri>3</ViTri><LoaiTh<<&`
  expect(await adapter.polled.readChanges(0n, 8)).toMatchObject({ kind: 'FAILED' })
})

test('a page that is too large for a reply is read in smaller ones', async () => {
  const row = (position: number) =>
    `<ThayDoi><MaSuKien>SK-${position}</MaSuKien><ViTri>${position}</ViTri><LoaiThayDoi>ChuyenHoSo</LoaiThayDoi><ChuyenHoSo>` +
    `<SoBienNhan>H58.22-260315-0001</SoBienNhan><MaTrangThai>APPRAISAL</MaTrangThai><NoiDungXuLy>${'x'.repeat(6_000)}</NoiDungXuLy>` +
    '<NgayChuyen>2026-03-18T03:00:00</NgayChuyen></ChuyenHoSo></ThayDoi>'
  answer = (request) => {
    const asked = Number(/SoLuong>(\d+)</.exec(request)?.[1])
    const rows = Array.from({ length: Math.min(asked, 8) }, (_none, index) => row(index + 1))
    return `<LayThayDoiResponse xmlns="${NS}"><ViTriCuoi>8</ViTriCuoi><ConNua>${asked < 8}</ConNua><DanhSachThayDoi>${rows.join('')}</DanhSachThayDoi></LayThayDoiResponse>`
  }
  const page = await adapter.polled.readChanges(0n, 8)
  expect(page).toMatchObject({ kind: 'PAGE', nextPosition: 2n, more: true })
  expect(page.kind === 'PAGE' && page.messages.map(({ externalEventId }) => externalEventId)).toEqual(['SK-1', 'SK-2'])
})

test('a single change that is too large fails the poll in plain sight', async () => {
  answer = () =>
    `<LayThayDoiResponse xmlns="${NS}"><ViTriCuoi>8</ViTriCuoi><!--${'x'.repeat(30_000)}--><ConNua>false</ConNua></LayThayDoiResponse>`
  expect(await adapter.polled.readChanges(0n, 8)).toMatchObject({ kind: 'FAILED' })
})
