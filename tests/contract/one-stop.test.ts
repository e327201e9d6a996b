import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from '@jest/globals'
import { createOneStopAdapter } from '../../adapters/one-stop/adapter.js'
import { readTreeNow, type XmlNode } from '../../adapters/soap/xml-tree.js'
import type { InquiryStrength, Sending } from '../../src/ports/target-system.js'
import { type AskedComparison, askComparison } from '../support/ask-comparison.js'
import { noMappings, oneStopSettings } from './one-stop/settings.js'

/**
 * Each folder is one guarantee of the one-stop adapter: `input.json` goes through it against a real HTTP server that answers
 * `response.xml` (`response-2.xml` to a second call), and what was asked and concluded must be `request.xml` and `outcome.json`.
 */
interface Case {
  readonly act: 'send' | 'inquire' | 'poll' | 'compare'
  readonly compare?: AskedComparison
  readonly strength?: InquiryStrength
  readonly sending?: Sending
  /** Contents of the blob store, as text. */
  readonly blobs?: readonly string[]
  readonly maxAttachmentBytes?: number
  readonly httpStatus?: number
  readonly after?: string
  readonly limit?: number
}

const folder = fileURLToPath(new URL('./one-stop', import.meta.url))
const cases = readdirSync(folder).filter((name) => name.includes('__'))

const read = (name: string, file: string): string => readFileSync(`${folder}/${name}/${file}`, 'utf8')
const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')
const fileNo = (kind: string, index: number): string => (index === 0 ? `${kind}.xml` : `${kind}-${index + 1}.xml`)

describe('the one-stop contract', () => {
  test.each(cases)('%s', async (name) => {
    const input = JSON.parse(read(name, 'input.json')) as Case
    const requests: string[] = []
    const server = createServer((request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        const answer = fileNo('response', requests.length)
        requests.push(Buffer.concat(chunks).toString('utf8'))
        const status = input.httpStatus ?? 200
        response
          .writeHead(status, { 'content-type': 'text/xml; charset=utf-8' })
          .end(existsSync(`${folder}/${name}/${answer}`) ? read(name, answer) : '')
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}/mot-cua`
    try {
      expect(JSON.parse(JSON.stringify(await concluded(input, endpoint), bigintAsText))).toEqual(JSON.parse(read(name, 'outcome.json')))
      expect(requests.length).toBe(readdirSync(`${folder}/${name}`).filter((file) => file.startsWith('request')).length)
      for (const [index, request] of requests.entries()) {
        expect(canonical(request)).toEqual(canonical(read(name, fileNo('request', index))))
      }
    } finally {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    }
  })
})

async function concluded(input: Case, endpoint: string): Promise<unknown> {
  const blobs = new Map((input.blobs ?? []).map((text) => [sha256(Buffer.from(text)), Buffer.from(text)]))
  const { target, polled, comparison } = await createOneStopAdapter({
    settings: oneStopSettings(endpoint, {
      ...(input.strength ? { strength: input.strength } : {}),
      ...(input.maxAttachmentBytes ? { maxAttachmentBytes: input.maxAttachmentBytes } : {}),
    }),
    mappings: noMappings,
    readDocument: (hash) => Promise.resolve(blobs.get(hash) ?? null),
    keepDocument: (bytes) => Promise.resolve({ sha256: sha256(bytes), size: bytes.length }),
  })
  try {
    if (input.act === 'poll') {
      const page = await polled.readChanges(BigInt(input.after ?? 0), input.limit ?? 10)
      if (page.kind === 'FAILED') return page
      // Made anew at each poll, and long.
      return {
        ...page,
        messages: page.messages.map(({ correlationId, raw, ...message }) => message),
        unreadable: page.unreadable.map(({ raw, ...row }) => row),
      }
    }
    if (input.compare) return await askComparison(comparison, input.compare)
    const sending = input.sending as Sending
    return input.act === 'send' ? (await target.send(sending)).outcome : (await target.inquire(sending)).answer
  } finally {
    await target.close()
  }
}

const bigintAsText = (_name: string, value: unknown): unknown => (typeof value === 'bigint' ? String(value) : value)

/** An envelope without its header and without the white space between elements. */
function canonical(xml: string): unknown {
  const envelope = readTreeNow(xml, { maxBytes: 1024 * 1024, maxDepth: 30 })
  return plain(envelope.children.find((part) => part.local === 'Body') as XmlNode)
}

const plain = (node: XmlNode): unknown => ({
  name: `{${node.uri}}${node.local}`,
  ...(node.children.length > 0 ? { children: node.children.map(plain) } : { text: node.text }),
})
