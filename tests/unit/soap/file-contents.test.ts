import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { createSoapClient } from '../../../adapters/soap/client.js'
import type { SoapContract } from '../../../adapters/soap/contract.js'
import { shownText, wholeText, wireBytes } from '../../../adapters/soap/file-contents.js'
import { BodyInvalid } from '../../../adapters/soap/request-body.js'
import { type RawServer, rawServer } from './raw-server.js'
import { REQUEST, sampleContract } from './sample-contract.js'

const FILES = [Buffer.from('Đơn đăng ký <&>'), Buffer.alloc(0), randomBytes(70_001)] as const
const VALUE = { ...REQUEST, Parcel: [], Code: FILES[0], Applicant: { FullName: FILES[2] }, Phone: FILES[1] }
const base64 = (file: Buffer): string => file.toString('base64')

let contract: SoapContract
let server: RawServer
beforeAll(async () => {
  contract = await sampleContract()
  server = await rawServer(() => undefined)
})
afterAll(() => server.close())

describe("files' bytes in a request", () => {
  test('stand on the wire in their places as base64, in evidence as a word', async () => {
    const body = contract.compose('Register', VALUE)
    const whole = wholeText(body)
    const value = { ...REQUEST, Code: base64(FILES[0]), Applicant: { FullName: base64(FILES[2]) }, Phone: '' }
    expect(whole).toBe(contract.serialize('Register', value))
    expect(wireBytes(body).equals(Buffer.from(whole, 'utf8'))).toBe(true)
    const shown = shownText(body)
    expect(shown).toContain(`>(${base64(FILES[0]).length} ký tự base64)<`)
    for (const file of [FILES[0], FILES[2]]) expect(shown).not.toContain(base64(file).slice(0, 12))
  })

  test('a view into a larger buffer gives its own bytes alone', () => {
    const view = new Uint8Array(FILES[2].buffer, FILES[2].byteOffset + 3, 10)
    const body = contract.compose('Register', { ...REQUEST, Code: view })
    expect(wireBytes(body).toString()).toContain(`>${base64(FILES[2].subarray(3, 13))}<`)
  })

  test('are refused where the contract wants a number', () => {
    const write = () => contract.compose('Register', { ...REQUEST, Parcel: [{ Sheet: '1', Number: '2', Area: FILES[0] }] })
    expect(write).toThrow(BodyInvalid)
  })

  test('leave nothing in the evidence of a call', async () => {
    const client = createSoapClient({
      contract,
      endpoint: server.url,
      timeouts: { connectMs: 2_000, headersMs: 10_000, bodyMs: 10_000, totalMs: 10_000 },
      limits: { maxReplyBytes: 100_000, maxDepth: 20 },
      connections: 1,
      userAgent: 'test',
    })
    const stop = new AbortController()
    const call = client.call('Register', VALUE, { signal: stop.signal })
    stop.abort()
    const { evidence } = await call
    await client.close()
    expect(evidence.requestXml).toContain('ký tự base64')
    expect(evidence.requestXml).not.toContain(base64(FILES[2]).slice(0, 40))
  })
})
