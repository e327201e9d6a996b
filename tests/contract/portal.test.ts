import { readdirSync, readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, test } from '@jest/globals'
import type { TransferBody } from '../../src/model/transfer-body.js'
import type { SystemSettings } from '../../src/ports/system-settings.js'
import type { InquiryStrength, TargetSystem } from '../../src/ports/target-system.js'
import { type AskedComparison, askComparison } from '../support/ask-comparison.js'
import { portalAdapter, portalSettings } from './portal/portal-fixtures.js'

/**
 * Each folder is a test, named by what happens. A case of several calls has `request.1.xml`, `response.1.xml`, and so on. `{id}` stands for
 * the X-Road id, which is new at each call: a reply that writes another one there is the answer to another request.
 */
interface Case {
  readonly act: 'send' | 'inquire' | 'compare'
  readonly compare?: AskedComparison
  readonly strength?: InquiryStrength
  readonly settings?: Partial<SystemSettings>
  /** Contents of the blob store, in base64. */
  readonly files?: readonly string[]
  readonly sending: { readonly idempotencyKey: string; readonly digest: string; readonly body: TransferBody }
}

const root = fileURLToPath(new URL('./portal', import.meta.url))
const cases = readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isDirectory())

let server: Server | undefined

afterEach(() => new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve())))

/** Answers the calls with these envelopes, in order, and gives back what was sent. A call too many gets 418, which no case expects. */
async function serve(replies: readonly string[]): Promise<{ url: string; requests: string[] }> {
  const requests: string[] = []
  server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8')
      const reply = replies[requests.length]
      requests.push(body)
      if (reply === undefined) return void response.writeHead(418).end()
      const status = reply.includes('<soap:Fault>') ? 500 : 200
      const id = /<xrd:id\b[^>]*>([^<]*)</.exec(body)?.[1] ?? ''
      response.writeHead(status, { 'content-type': 'text/xml; charset=utf-8' }).end(reply.replaceAll('{id}', id))
    })
  })
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, requests }
}

/** Without white space between elements; the X-Road id is new each time. */
const canonical = (xml: string): string =>
  xml
    .replace(/<\?xml[^>]*\?>/, '')
    .replace(/>\s+</g, '><')
    .replace(/(<xrd:id\b[^>]*>)[^<]*/, '$1{id}')
    .trim()

const numbered = (folder: string, kind: 'request' | 'response'): string[] =>
  readdirSync(folder)
    .filter((name) => name.startsWith(`${kind}.`))
    .sort()
    .map((name) => readFileSync(join(folder, name), 'utf8'))

const concluded = async (target: TargetSystem, { act, sending: given }: Case): Promise<unknown> => {
  const { operation, dossierCode } = given.body
  const sending = { adopting: false, ...given, operation, dossierCode, correlationId: 'correlation-1' }
  return act === 'send' ? (await target.send(sending)).outcome : (await target.inquire(sending)).answer
}

describe('the portal’s contract', () => {
  test.each(cases.map(({ name }) => name))('%s', async (name) => {
    const folder = join(root, name)
    const input = JSON.parse(readFileSync(join(folder, 'input.json'), 'utf8')) as Case
    const { url, requests } = await serve(numbered(folder, 'response'))
    const files = (input.files ?? []).map((text) => Buffer.from(text, 'base64'))
    const { target, comparison } = await portalAdapter(portalSettings(url, input.strength, input.settings), files)
    const result = input.compare ? await askComparison(comparison, input.compare) : await concluded(target, input)
    await target.close()
    expect(requests.map(canonical)).toEqual(numbered(folder, 'request').map(canonical))
    expect(result).toEqual(JSON.parse(readFileSync(join(folder, 'outcome.json'), 'utf8')))
  })
})
