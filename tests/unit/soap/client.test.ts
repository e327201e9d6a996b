import { inspect } from 'node:util'
import { afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import type { CallResult } from '../../../adapters/soap/call-result.js'
import { type CallOptions, createSoapClient, type SoapClient, type SoapClientOptions } from '../../../adapters/soap/client.js'
import type { SoapContract } from '../../../adapters/soap/contract.js'
import { buildEnvelope } from '../../../adapters/soap/envelope.js'
import { writeFault } from '../../../adapters/soap/faults.js'
import { http, type RawServer, rawServer, type Script } from './raw-server.js'
import { REGISTRY_NS, REQUEST, sampleContract } from './sample-contract.js'

const REPLY = `<RegisterResponse xmlns="${REGISTRY_NS}"><Result>1</Result><Message> 00042 </Message></RegisterResponse>`
const GOOD = http(200, buildEnvelope('1.1', [], REPLY))
const PASSWORD = 'never-to-be-seen'
const MANDATORY = '<s:Sealed xmlns:s="urn:sealed" soap:mustUnderstand="1"/>'
const SECURITY =
  '<o:Security xmlns:o="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd" soap:mustUnderstand="1"/>'

let contract: SoapContract
const opened: { close(): Promise<void> }[] = []

beforeAll(async () => {
  contract = await sampleContract()
})

afterEach(async () => {
  // Servers last: a client waits for what is under way.
  for (const one of opened.splice(0).reverse()) await one.close()
})

function clientOf(endpoint: string, more: Partial<SoapClientOptions> = {}): SoapClient {
  const client = createSoapClient({
    contract,
    endpoint,
    timeouts: { connectMs: 2000, totalMs: 10_000 },
    limits: { maxReplyBytes: 100_000, maxDepth: 20 },
    connections: 2,
    userAgent: 'test',
    security: { username: 'gateway', password: PASSWORD, passwordType: 'TEXT' },
    ...more,
  })
  opened.push(client)
  return client
}

async function serve(script: Script | string): Promise<RawServer> {
  const server = await rawServer(typeof script === 'string' ? (socket) => socket.write(script) : script)
  opened.push(server)
  return server
}

async function callOnce(script: Script | string, call: CallOptions = {}, more: Partial<SoapClientOptions> = {}): Promise<CallResult> {
  return clientOf((await serve(script)).url, more).call('Register', REQUEST, call)
}

describe('an answer', () => {
  test('with WS-Security that has to be understood is read, as servers of .NET send it', async () => {
    expect(await callOnce(http(200, buildEnvelope('1.1', [SECURITY], REPLY)))).toMatchObject({ kind: 'REPLY', value: { Result: 1 } })
  })

  test('a reply is read exactly, and what left is a whole SOAP 1.1 request', async () => {
    const server = await serve(GOOD)
    const result = await clientOf(server.url).call('Register', REQUEST, { correlationId: 'c-1', headerBlocks: ['<Mine/>'] })
    expect(result).toMatchObject({ kind: 'REPLY', value: { Result: 1, Message: ' 00042 ' } })
    const [request = ''] = server.requests
    expect(request).toMatch(/^POST \/ws\?x=1 HTTP\/1\.1\r\n/)
    expect(request).toMatch(/\r\nsoapaction: "urn:test:registry\/Register"\r\n/)
    expect(request).toMatch(/\r\nx-correlation-id: c-1\r\n/)
    expect(request).toMatch(/\r\ncontent-length: \d+\r\n/)
    expect(request).toMatch(/<Mine\/>.*Nguyễn Văn A/s)
  })

  test('SOAP 1.2 has its action in the content type', async () => {
    const server = await serve(http(200, buildEnvelope('1.2', [], REPLY), { 'content-type': 'application/soap+xml' }))
    const result = await clientOf(server.url, { contract: await sampleContract('Soap12') }).call('Register', REQUEST)
    expect(result.kind).toBe('REPLY')
    expect(server.requests[0]).toMatch(/content-type: application\/soap\+xml; charset=utf-8; action="urn:test:registry\/Register"/)
    expect(server.requests[0]).not.toMatch(/\r\nsoapaction/i)
  })

  test.each([200, 500])('a fault is a fault on HTTP %d', async (status) => {
    const body = buildEnvelope('1.1', [], writeFault({ side: 'SERVER', code: 'Busy', reason: 'bận' }, '1.1'))
    expect(await callOnce(http(status, body))).toMatchObject({
      kind: 'FAULT',
      httpStatus: status,
      fault: { code: 'Server.Busy', reason: 'bận' },
    })
  })

  test.each(['ISO-8859-1', '"iso-8859-1"', "'utf-8'", 'windows-1252'])(
    'charset=%s is no matter where every letter is ASCII',
    async (charset) => {
      const headers = { 'content-type': `text/xml;charset=${charset}` }
      expect(await callOnce(http(200, buildEnvelope('1.1', [], REPLY), headers))).toMatchObject({ kind: 'REPLY' })
      const fault = buildEnvelope('1.1', [], writeFault({ side: 'SERVER', code: 'Busy', reason: 'ban' }, '1.1'))
      expect(await callOnce(http(500, fault, headers))).toMatchObject({ kind: 'FAULT', fault: { code: 'Server.Busy' } })
    },
  )

  test("a charset in single quotes is the one between them, also where letters aren't ASCII", async () => {
    const reply = buildEnvelope('1.1', ['<note xmlns="urn:n">Xã</note>'], REPLY)
    expect(await callOnce(http(200, reply, { 'content-type': "text/xml; charset='UTF-8'" }))).toMatchObject({ kind: 'REPLY' })
  })

  test.each([
    [503, { 'retry-after': '999999999999' }, 86_400_000],
    [503, { 'retry-after': 'never' }, undefined],
    [429, { 'retry-after': '2' }, 2000],
    [401, {}, undefined],
    [301, { location: 'http://127.0.0.1:1/' }, undefined],
  ])('HTTP %d with %j is an HTTP error, and no redirect is followed', async (status, headers, retryAfterMs) => {
    const result = await callOnce(http(status, '<html>', { 'content-type': 'text/html', ...headers }))
    expect(result).toMatchObject({ kind: 'HTTP_ERROR', status })
    expect(result.kind === 'HTTP_ERROR' && result.retryAfterMs).toBe(retryAfterMs)
  })

  test('a 500 with a reply in it is not believed', async () => {
    expect(await callOnce(http(500, buildEnvelope('1.1', [], REPLY)))).toMatchObject({ kind: 'HTTP_ERROR', status: 500 })
  })
})

describe('NOT_SENT: no byte left', () => {
  test('a refused connection', async () => {
    const server = await rawServer(() => undefined)
    await server.close()
    expect(await clientOf(server.url).call('Register', REQUEST)).toMatchObject({
      kind: 'NOT_SENT',
      why: 'UNREACHABLE',
      cause: 'ECONNREFUSED',
    })
  })

  test('a server that does not speak TLS', async () => {
    const server = await serve((socket) => socket.destroy())
    const client = clientOf(server.url.replace('http:', 'https:'), {
      timeouts: { connectMs: 300, totalMs: 10_000 },
    })
    expect(await client.call('Register', REQUEST)).toMatchObject({ kind: 'NOT_SENT', why: 'UNREACHABLE' })
  })

  test('the deadline passes while another call holds the only connection: the server never hears of it', async () => {
    const server = await serve((socket, _request, number) => {
      if (number === 2) socket.write(GOOD)
    })
    const client = clientOf(server.url, { connections: 1 })
    const stop = new AbortController()
    const first = client.call('Register', REQUEST, { signal: stop.signal })
    const second = await client.call('Register', { ...REQUEST, Code: 'second' }, { totalMs: 100 })
    expect(second).toMatchObject({ kind: 'NOT_SENT', why: 'DEADLINE' })
    stop.abort()
    expect(await first).toMatchObject({ kind: 'NO_ANSWER', cause: 'ABORTED' })
    expect(await client.call('Register', { ...REQUEST, Code: 'third' })).toMatchObject({ kind: 'REPLY' })
    expect(server.requests.filter((request) => request.includes('second'))).toEqual([])
  })

  test('a process that stood still while it connected does not send after its time', async () => {
    const server = await serve(GOOD)
    const beginBefore = performance.now() + 20
    const call = clientOf(server.url).call('Register', REQUEST, { beginBefore })
    // Standing still: nothing else happens in this process meanwhile.
    while (performance.now() <= beginBefore);
    expect(await call).toMatchObject({ kind: 'NOT_SENT', why: 'STALLED' })
    expect(server.requests).toEqual([])
  })

  test('aborted before it began, and closed', async () => {
    const server = await serve(GOOD)
    const client = clientOf(server.url)
    expect(await client.call('Register', REQUEST, { signal: AbortSignal.abort() })).toMatchObject({ kind: 'NOT_SENT', why: 'ABORTED' })
    await client.close()
    expect(await client.call('Register', REQUEST)).toMatchObject({ kind: 'NOT_SENT', why: 'UNREACHABLE' })
    expect(server.requests).toEqual([])
    opened.splice(opened.indexOf(client), 1)
  })

  test('a body that does not fit the contract', async () => {
    const server = await serve(GOOD)
    expect(await clientOf(server.url).call('Register', { Code: 'x' })).toMatchObject({
      kind: 'NOT_SENT',
      why: 'BODY_INVALID',
      field: 'Applicant',
    })
    expect(server.connections).toBe(0)
  })
})

describe('NO_ANSWER: bytes left, so they may have processed it', () => {
  test.each<[string, Script | string, string]>([
    ['reset before a byte of the answer', (socket) => socket.resetAndDestroy(), 'RESET'],
    ['closed before a byte of the answer', (socket) => socket.end(), 'RESET'],
    ['closed in the middle of the body', (socket) => socket.end(GOOD.slice(0, -60)), 'RESET'],
    ['no HTTP', (socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n'), 'BROKEN_REPLY'],
    ['truncated XML of the right length', http(200, buildEnvelope('1.1', [], REPLY).slice(0, -20)), 'BROKEN_REPLY'],
    ['an empty body element', http(200, buildEnvelope('1.1', [], '')), 'BROKEN_REPLY'],
    ['a page on 200', http(200, '<html/>', { 'content-type': 'text/html' }), 'WRONG_CONTENT_TYPE'],
    ['202 with nothing', 'HTTP/1.1 202 Accepted\r\ncontent-length: 0\r\n\r\n', 'WRONG_CONTENT_TYPE'],
    [
      'another charset, and letters beyond ASCII',
      http(200, buildEnvelope('1.1', ['<note xmlns="urn:n">Xã</note>'], REPLY), { 'content-type': 'text/xml; charset="ISO-8859-1"' }),
      'WRONG_CONTENT_TYPE',
    ],
    ['an envelope of the other version', http(200, buildEnvelope('1.2', [], REPLY)), 'BROKEN_REPLY'],
    ['a document type', http(200, `<!DOCTYPE x [<!ENTITY e "x">]>${REPLY}`), 'HOSTILE_XML'],
    ['a tower of elements', http(200, buildEnvelope('1.1', [`${'<a>'.repeat(50)}${'</a>'.repeat(50)}`], REPLY)), 'HOSTILE_XML'],
    ['a field missing', http(200, buildEnvelope('1.1', [], REPLY.replace('<Result>1</Result>', ''))), 'BROKEN_REPLY'],
    ['the answer of another operation', http(200, buildEnvelope('1.1', [], `<Values xmlns="${REGISTRY_NS}"/>`)), 'OTHER_ANSWER'],
    ...(['1.1', '1.2'] as const).flatMap((version): [string, string, string][] => [
      [
        `a header of SOAP ${version} that we would have to understand`,
        http(200, buildEnvelope(version, [MANDATORY], REPLY)),
        'NOT_UNDERSTOOD',
      ],
      [
        `the same beside a fault of SOAP ${version}`,
        http(500, buildEnvelope(version, [MANDATORY], writeFault({ side: 'CLIENT', code: 'E104', reason: 'Không nhận.' }, version))),
        'NOT_UNDERSTOOD',
      ],
    ]),
    ['a wrong type', http(200, buildEnvelope('1.1', [], REPLY.replace('>1<', '>one<'))), 'BROKEN_REPLY'],
    ['too large by its own word', http(200, '', { 'content-length': '100001' }), 'TOO_LARGE'],
    [
      'too large without a word',
      (socket) => {
        const chunk = `8000\r\n${'x'.repeat(0x8000)}\r\n`
        socket.write(`HTTP/1.1 200 OK\r\ncontent-type: text/xml\r\ntransfer-encoding: chunked\r\n\r\n${chunk.repeat(4)}`)
      },
      'TOO_LARGE',
    ],
  ])('%s', async (_name, script, cause) => {
    expect(await callOnce(script)).toMatchObject({ kind: 'NO_ANSWER', cause })
  })

  test('a reset on a connection that served before is not taken for unsent, and not repeated', async () => {
    const server = await serve((socket, _request, number) => {
      if (number === 1) socket.write(GOOD)
      else socket.resetAndDestroy()
    })
    const client = clientOf(server.url, { connections: 1 })
    expect((await client.call('Register', REQUEST)).kind).toBe('REPLY')
    expect(await client.call('Register', REQUEST)).toMatchObject({ kind: 'NO_ANSWER', cause: 'RESET' })
    expect(server).toMatchObject({ connections: 1, requests: { length: 2 } })
  })

  test('an answer that drips past the total deadline, though each pause is short', async () => {
    const result = await callOnce(
      (socket) => {
        socket.write(GOOD.slice(0, -50))
        const drip = setInterval(() => socket.write(' '), 20)
        socket.on('close', () => clearInterval(drip))
      },
      { totalMs: 1_000 },
    )
    expect(result).toMatchObject({ kind: 'NO_ANSWER', cause: 'TIMEOUT' })
  })

  test('a server that never answers', async () => {
    expect(await callOnce(() => undefined, { totalMs: 1_000 })).toMatchObject({ kind: 'NO_ANSWER', cause: 'TIMEOUT' })
  })

  test('headers that answer another request', async () => {
    const result = await callOnce(GOOD, { checkReplyHeaders: (blocks) => (blocks.length === 0 ? 'the id is missing' : undefined) })
    expect(result).toMatchObject({ kind: 'NO_ANSWER', cause: 'OTHER_ANSWER', detail: 'the id is missing' })
  })
})

test('the password goes to the wire and nowhere else', async () => {
  for (const script of [
    GOOD,
    http(500, 'x', { 'content-type': 'text/plain' }),
    (socket: Parameters<Script>[0]) => socket.resetAndDestroy(),
  ]) {
    const server = await serve(script)
    const result = await clientOf(server.url).call('Register', REQUEST)
    expect(server.requests[0]).toContain(PASSWORD)
    expect(inspect(result, { depth: 20 })).not.toContain(PASSWORD)
    expect(result.evidence.requestXml).toContain(REQUEST.Code)
    expect(result.evidence.requestXml).not.toContain('Security')
  }
})

test('evidence keeps the beginning of the answer and its status', async () => {
  const { evidence } = await callOnce(http(502, `a\0${'b'.repeat(90_000)}`, { 'content-type': 'text/plain' }))
  expect(evidence.httpStatus).toBe(502)
  expect(evidence.responseText).toHaveLength(65_536)
  expect(evidence.responseText).not.toContain('\0')
})
