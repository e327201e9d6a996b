import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from '@jest/globals'
import { parseConfiguration } from '../../../src/config/config.js'
import { settingsOf } from '../../../src/config/system-settings.js'
import { openForeignSystems } from '../../../src/foreign-systems.js'
import { mappings } from '../vilis/fixtures.js'

const SECRETS = { VILIS_USERNAME: 'cong', VILIS_PASSWORD: 'mat-khau' }

/** What ViLIS receives of one call, as its configuration says. */
const received = async (vilis: object): Promise<{ headers: IncomingHttpHeaders; body: string }> => {
  let seen: { headers: IncomingHttpHeaders; body: string } | undefined
  const server = createServer((request, reply) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      seen = { headers: request.headers, body: Buffer.concat(parts).toString() }
      reply.writeHead(503).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  const configuration = parseConfiguration({
    systems: { VILIS: { endpoint, ...vilis }, ONE_STOP: { enabled: false }, PORTAL: { enabled: false } },
  })
  const documents = { readDocument: async () => null, keepDocument: async () => ({ sha256: '', size: 0 }) }
  try {
    const systems = await openForeignSystems({ configuration, secrets: SECRETS, mappings: mappings(), ...documents, clockToleranceMs: 0 })
    await systems.landRegistry.readCertificates(['AA01234567'])
    await systems.close()
  } finally {
    await new Promise((resolve) => server.close(resolve))
  }
  if (!seen) throw new Error('nobody called')
  return seen
}

test('the port of the WSDL says the version of SOAP, and a password goes as a digest unless it is to be text', async () => {
  const usual = await received({})
  expect(usual.headers['content-type']).toContain('text/xml')
  expect(usual.body).toContain('#PasswordDigest')
  expect(usual.body).not.toContain('mat-khau')
  const other = await received({ wsdlPort: 'ViLISSoap12', passwordType: 'TEXT' })
  expect(other.headers['content-type']).toContain('application/soap+xml')
  expect(other.body).toMatch(/#PasswordText[^>]*>mat-khau</)
  await expect(received({ wsdlPort: 'KhongCo' })).rejects.toThrow(/no SOAP port named KhongCo/)
})

test('the zone of the messages that ViLIS sends by itself is its own, and nobody else has one', () => {
  const of = (vilis: object) =>
    settingsOf(parseConfiguration({ systems: { VILIS: { endpoint: 'http://127.0.0.1:1/', ...vilis } } }), {}, 'VILIS', '')
  expect(of({})).not.toHaveProperty('callbackTimeZone')
  expect(of({ callbackTimeZone: 'Asia/Ho_Chi_Minh' })).toMatchObject({ callbackTimeZone: 'Asia/Ho_Chi_Minh', timeZone: 'Asia/Ho_Chi_Minh' })
  expect(() => parseConfiguration({ systems: { PORTAL: { callbackTimeZone: 'UTC' } } })).toThrow(/"systems.PORTAL.callbackTimeZone"/)
})
