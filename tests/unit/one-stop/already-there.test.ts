import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { createOneStopAdapter } from '../../../adapters/one-stop/adapter.js'
import { keepDocument, sending, statusBody } from '../../contract/one-stop/bodies.js'
import { noMappings, oneStopSettings } from '../../contract/one-stop/settings.js'

const CODE = 'H58.22-260316-0007'
const NS = 'urn:lien-thong-dat-dai:mot-cua:1.0'
const EXISTS = `<CapNhatTrangThaiResponse xmlns="${NS}"><KetQua>0</KetQua><MaLoi>DA_TON_TAI</MaLoi></CapNhatTrangThaiResponse>`
const NOT_SHOWN = `<TraCuuHoSoResponse xmlns="${NS}"><MaHoSo>${CODE}</MaHoSo><TonTai>false</TonTai></TraCuuHoSoResponse>`
const envelope = (body: string) => `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>${body}</s:Body></s:Envelope>`

let server: Server
let answer: (request: string, response: ServerResponse) => void

beforeEach(async () => {
  server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      response.writeHead(200, { 'content-type': 'text/xml; charset=utf-8' })
      answer(Buffer.concat(chunks).toString('utf8'), response)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})

afterEach(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

/** A short deadline of the send beside a long one of reads: what follows within the send must keep to the short one. */
async function send(callDeadlineMs: number) {
  const traits = { inquiryStrength: 'KEY_AND_DIGEST' as const, maxProcessingMs: 60_000, callDeadlineMs }
  const settings = oneStopSettings(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`, {
    operations: { UPDATE_STATUS: traits },
    readDeadlineMs: 600_000,
  })
  const adapter = await createOneStopAdapter({ settings, mappings: noMappings, readDocument: async () => null, keepDocument })
  try {
    return await adapter.target.send(sending(statusBody(CODE)))
  } finally {
    server.closeAllConnections()
    await adapter.target.close()
  }
}

test('the inquiry that follows "đã tồn tại" ends with the deadline of the send', async () => {
  // The inquiry is never answered.
  answer = (request, response) => (request.includes('TraCuuHoSo') ? undefined : response.end(envelope(EXISTS)))
  const { outcome } = await send(2_000)
  expect(outcome).toEqual({
    kind: 'INDETERMINATE',
    code: 'TIMEOUT',
    cause: 'Một cửa báo đã tồn tại. Một cửa không trả lời trong thời hạn (TIMEOUT: total deadline).',
  })
})

test('what the inquiry was answered is kept with the reply to the write', async () => {
  answer = (request, response) => response.end(envelope(request.includes('TraCuuHoSo') ? NOT_SHOWN : EXISTS))
  const { outcome, evidence } = await send(20_000)
  expect(outcome.kind).toBe('INDETERMINATE')
  expect(evidence.responseText).toContain('DA_TON_TAI')
  expect(evidence.responseText).toContain('TonTai>false')
})
