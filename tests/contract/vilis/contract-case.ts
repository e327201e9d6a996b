import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createVilisAdapter } from '../../../adapters/vilis/adapter.js'
import type { ParcelKey } from '../../../src/ports/land-registry.js'
import type { SystemSettings } from '../../../src/ports/system-settings.js'
import type { InquiryStrength, Sending } from '../../../src/ports/target-system.js'
import { type AskedComparison, askComparison } from '../../support/ask-comparison.js'
import { documentStore, mappings, readDocument, settings } from '../../unit/vilis/fixtures.js'

/** What `input.json` of a case says: one call of the adapter, against a server that answers `response.xml` (then `response-2.xml`). */
export interface CaseInput {
  readonly call: 'send' | 'inquire' | 'readParcels' | 'readCertificates' | 'readChanges' | 'compare'
  readonly sending?: Sending
  readonly strength?: InquiryStrength
  readonly parcels?: readonly ParcelKey[]
  readonly serials?: readonly string[]
  readonly after?: string
  readonly limit?: number
  readonly compare?: AskedComparison
  readonly settings?: Partial<Pick<SystemSettings, 'maxAttachmentBytes' | 'maxRequestBytes'>>
  /** Status of the answers; 200 without. */
  readonly httpStatus?: number
}

export interface CaseRun {
  readonly requests: readonly string[]
  readonly outcome: unknown
}

const CASES = fileURLToPath(new URL('.', import.meta.url))

export const caseNames = (): string[] =>
  readdirSync(CASES, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort()

/** A file of the case; undefined when it has none. */
export function caseFile(name: string, file: string): string | undefined {
  const path = join(CASES, name, file)
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined
}

export async function runCase(name: string): Promise<CaseRun> {
  const input = JSON.parse(caseFile(name, 'input.json') ?? '{}') as CaseInput
  const answers = [caseFile(name, 'response.xml'), caseFile(name, 'response-2.xml')]
  const requests: string[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      requests.push(Buffer.concat(chunks).toString('utf8'))
      const answer = answers[requests.length - 1] ?? ''
      const type = answer.startsWith('<html') ? 'text/html' : 'text/xml; charset=utf-8'
      response.writeHead(input.httpStatus ?? 200, { 'content-type': type }).end(answer.trim())
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}/vilis`
  const { keepDocument } = documentStore()
  const adapter = await createVilisAdapter({
    settings: { ...settings(endpoint, input.strength), ...input.settings },
    mappings: mappings(),
    readDocument,
    keepDocument,
    now: () => new Date('2026-11-22T03:00:00.000Z'),
    clockToleranceMs: 300_000,
  })
  try {
    return { requests, outcome: await call(adapter, input) }
  } finally {
    await adapter.target.close()
    await new Promise((resolve) => server.close(resolve))
  }
}

async function call(
  { target, polled, registry, comparison }: Awaited<ReturnType<typeof createVilisAdapter>>,
  input: CaseInput,
): Promise<unknown> {
  switch (input.call) {
    case 'send':
      return (await target.send(input.sending as Sending)).outcome
    case 'inquire':
      return (await target.inquire(input.sending as Sending)).answer
    case 'readParcels':
      return registry.readParcels(input.parcels ?? [])
    case 'readCertificates':
      return registry.readCertificates(input.serials ?? [])
    case 'compare':
      return askComparison(comparison, input.compare as AskedComparison)
    case 'readChanges': {
      const page = await polled.readChanges(BigInt(input.after ?? '0'), input.limit ?? 100)
      return page.kind === 'FAILED'
        ? page
        : { ...page, messages: page.messages.map(({ raw: _raw, correlationId: _id, ...message }) => message) }
    }
  }
}

/** The body alone, without white space between elements: the security header is new at every call. */
export function canonicalXml(xml: string): string {
  return xml
    .replace(/<\?xml[^>]*\?>/, '')
    .replace(/<soap:Header>[\s\S]*<\/soap:Header>/, '')
    .replace(/>\s+</g, '><')
    .trim()
}

const plainOf = (item: unknown): unknown => {
  if (typeof item === 'bigint') return item.toString()
  return item instanceof Map ? Object.fromEntries(item) : item
}

/** As it would stand in `outcome.json`: positions are text there, and a map is an object. */
export const jsonOf = (value: unknown): unknown => JSON.parse(JSON.stringify(value, (_key, item: unknown) => plainOf(item)))
