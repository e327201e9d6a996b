import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import type { SoapContract } from '../../../adapters/soap/contract.js'
import { buildEnvelope, CONTENT_TYPE, only, readEnvelope } from '../../../adapters/soap/envelope.js'
import { faultKeys } from '../../../adapters/soap/faults.js'
import {
  byUsernameToken,
  createInboundService,
  type InboundContext,
  type InboundOperation,
  type InboundResponse,
  type InboundService,
} from '../../../adapters/soap/inbound-service.js'
import { nonceMemory, usernameToken, WSSE_NS } from '../../../adapters/soap/security.js'
import { XROAD_NS } from '../../../adapters/soap/xroad-headers.js'
import { REQUEST, sampleContract } from './sample-contract.js'

const CREDENTIALS = { username: 'vilis', password: 'p-4711', passwordType: 'TEXT' } as const
const LIMITS = { maxBytes: 50_000, maxDepth: 20 }
type Version = '1.1' | '1.2'

let contract: SoapContract
let service: InboundService
let received: { request: Record<string, unknown>; context: InboundContext }[]
let faults: { code: string; detail: string; error?: unknown }[]

function serviceWith(operation: InboundOperation): InboundService {
  return createInboundService({
    contract,
    authenticate: byUsernameToken({
      lookupPassword: (username) => (username === CREDENTIALS.username ? CREDENTIALS.password : undefined),
      clockSkewMs: 60_000,
      nonceSeen: nonceMemory({ maxEntries: 100 }),
    }),
    limits: LIMITS,
    operations: { Register: operation },
    onFault: (fault) => faults.push(fault),
  })
}

beforeAll(async () => {
  contract = await sampleContract()
})

beforeEach(() => {
  received = []
  faults = []
  service = serviceWith(async (request, context) => {
    received.push({ request, context })
    return { Result: 1, Message: 'Đã tiếp nhận' }
  })
})

function envelope(version: Version = '1.1', body = contract.serialize('Register', REQUEST), token = usernameToken(CREDENTIALS)): string {
  return buildEnvelope(version, ['<Before/>', token, '<After/>'], body)
}

function send(xml: string, headers: Record<string, string> = {}, to = service): Promise<InboundResponse> {
  return to.handle({ headers: { 'content-type': 'text/xml; charset=utf-8', ...headers }, body: Buffer.from(xml) })
}

async function read(response: InboundResponse) {
  return readEnvelope(Buffer.from(response.body), only(contract.element('RegisterResponse')), LIMITS)
}

async function faultOf(response: InboundResponse) {
  const { body } = await read(response)
  if (body.kind !== 'FAULT') throw new Error('no fault')
  return body.fault
}

describe.each<Version>(['1.1', '1.2'])('SOAP %s', (version) => {
  test('a call is handed over and answered in its own version', async () => {
    const response = await send(envelope(version), { 'content-type': CONTENT_TYPE[version], 'x-correlation-id': 'c-1' })
    expect(response).toMatchObject({ status: 200, headers: { 'content-type': CONTENT_TYPE[version], 'x-correlation-id': 'c-1' } })
    expect(await read(response)).toMatchObject({ version, body: { kind: 'VALUE', value: { Result: 1, Message: 'Đã tiếp nhận' } } })
    expect(received).toMatchObject([{ request: REQUEST, context: { caller: 'vilis', correlationId: 'c-1' } }])
  })

  test('a fault has the version of the call', async () => {
    const response = await send(envelope(version, '<Other/>'), { 'content-type': CONTENT_TYPE[version] })
    expect(response.status).toBe(500)
    expect(await faultOf(response)).toMatchObject({ version, reason: expect.stringMatching(/Thao tác/) })
  })
})

test('what is kept of a call is the envelope without its security header, and nothing else is cut', async () => {
  const security =
    '<w:Security xmlns:w="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"><w:Second/></w:Security>'
  const xml = `\uFEFF${envelope('1.1', undefined, `${usernameToken(CREDENTIALS)}<Mid/>${security}`)}`
  await send(xml)
  expect(received[0]?.context.raw).toBe(buildEnvelope('1.1', ['<Before/>', '<Mid/>', '<After/>'], contract.serialize('Register', REQUEST)))
  expect(received[0]?.context.headerBlocks.map(({ local }) => local)).toEqual(['Before', 'Mid', 'After'])
})

describe.each<Version>(['1.1', '1.2'])('a header block of SOAP %s that must be understood', (version) => {
  const at = version === '1.1' ? 'actor' : 'role'
  const next = version === '1.1' ? 'http://schemas.xmlsoap.org/soap/actor/next' : 'http://www.w3.org/2003/05/soap-envelope/role/next'
  const sendBlock = (block: string) => send(envelope(version).replace('<Before/>', block), { 'content-type': CONTENT_TYPE[version] })
  const SIGNED = 'xmlns:s="urn:signed"'

  test.each([
    ['1', `<s:Mark ${SIGNED} soap:mustUnderstand="1"/>`],
    ['true', `<s:Mark ${SIGNED} soap:mustUnderstand=" true "/>`],
    ['for the next one', `<s:Mark ${SIGNED} soap:mustUnderstand="1" soap:${at}="${next}"/>`],
    ['WS-Security, but not Security', `<w:Mark xmlns:w="${WSSE_NS}" soap:mustUnderstand="1"/>`],
  ])('and is not (%s) is refused as such', async (_what, block) => {
    const response = await sendBlock(block)
    expect(response.status).toBe(500)
    expect(await faultOf(response)).toMatchObject({ version, code: 'MustUnderstand' })
    const { headers } = await read(response)
    expect(headers.map(({ local, attributes }) => [local, attributes.find((one) => one.local === 'qname')?.value])).toEqual(
      version === '1.2' ? [['NotUnderstood', 'n:Mark']] : [],
    )
    expect(received).toEqual([])
  })

  test.each([
    ['is for somebody else on the way', `<s:Mark ${SIGNED} soap:mustUnderstand="1" soap:${at}="urn:bus:audit"/>`],
    ['says so in words of its own', `<s:Mark ${SIGNED} mustUnderstand="1" s:mustUnderstand="1"/>`],
    ['need not be', `<s:Mark ${SIGNED} soap:mustUnderstand="0"/>`],
    ['is X-Road’s', `<x:id xmlns:x="${XROAD_NS}" soap:mustUnderstand="1">7</x:id>`],
  ])('is none that stops us when it %s', async (_what, block) => {
    expect((await sendBlock(block)).status).toBe(200)
    expect(received).toHaveLength(1)
  })
})

describe('what is refused before the handler hears of it', () => {
  const body = (inner: string) => inner

  test.each<[string, () => string, string]>([
    ['no credentials', () => envelope('1.1', undefined, '<None/>'), 'FailedAuthentication'],
    ['a wrong password', () => envelope('1.1', undefined, usernameToken({ ...CREDENTIALS, password: 'x' })), 'FailedAuthentication'],
    ['a document type', () => `<!DOCTYPE x>${envelope().slice(39)}`, 'DTD_REFUSED'],
    ['entities', () => envelope().replace(/\n/, '\n<!DOCTYPE x [<!ENTITY a "b">]>'), 'DTD_REFUSED'],
    ['a truncated envelope', () => envelope().slice(0, -30), 'MALFORMED_XML'],
    ['no envelope', () => '<Register/>', 'NOT_SOAP'],
    ['nothing', () => '', 'MALFORMED_XML'],
    ['an unknown operation', () => envelope('1.1', body('<Drop xmlns="urn:test:registry"/>')), 'UNKNOWN_OPERATION'],
    ['an operation in another namespace', () => envelope('1.1', body('<Register xmlns="urn:other"/>')), 'UNKNOWN_OPERATION'],
    ['an empty body', () => envelope('1.1', ''), 'UNKNOWN_OPERATION'],
    ['a misspelt field', () => envelope().replaceAll(':Phone>', ':Fone>'), 'WRONG_ELEMENT'],
    ['a tower of elements', () => envelope().replace('<Before/>', '<a>'.repeat(40) + '</a>'.repeat(40)), 'TOO_DEEP'],
    ['too large', () => envelope().replace('<Before/>', `<Before>${'x'.repeat(60_000)}</Before>`), 'TOO_LARGE'],
    ['a header that must be understood', () => envelope().replace('<Before/>', '<Before soap:mustUnderstand="1"/>'), 'MustUnderstand'],
  ])('%s', async (_name, xml, code) => {
    const response = await send(xml())
    const fault = await faultOf(response)
    expect(response.status).toBe(500)
    expect(faultKeys(fault)).toContain(code)
    expect(fault.reason).toMatch(/[ảạấầẩậắằẳặếềểệốồổộớờởợụứừựạịọ]/)
    expect(received).toEqual([])
    expect(faults).toHaveLength(1)
  })

  test('who calls is asked before what they send is looked at', async () => {
    const response = await send(
      envelope('1.1', '<Register xmlns="urn:test:registry"><nonsense', '<None/>').replace('</soap:Body>', 'x'.repeat(9)),
    )
    expect(faultKeys(await faultOf(response))).toContain('MALFORMED_XML')
    const wrong = envelope('1.1', '<Register xmlns="urn:test:registry"><Nonsense/></Register>', '<None/>')
    expect(faultKeys(await faultOf(await send(wrong)))).toContain('FailedAuthentication')
  })

  test('a recorded call cannot be played again', async () => {
    const recorded = envelope()
    expect((await send(recorded)).status).toBe(200)
    expect(faultKeys(await faultOf(await send(recorded)))).toContain('FailedAuthentication')
    expect(received).toHaveLength(1)
  })

  test('a missing field is named', async () => {
    const xml = envelope().replace(/<(n\d):FullName>.*<\/n\d:FullName>/, '')
    expect((await faultOf(await send(xml))).reason).toContain('Applicant.FullName')
  })
})

test('of a failure of ours a caller learns a reference and nothing more', async () => {
  const failure = new Error('password of the database is hunter2')
  const failing = serviceWith(async () => Promise.reject(failure))
  const response = await send(envelope(), {}, failing)
  const fault = await faultOf(response)
  expect(fault).toMatchObject({ code: 'Server.INTERNAL', detailFields: { MaThamChieu: expect.stringMatching(/^[0-9a-f-]{36}$/) } })
  expect(response.body).not.toContain('hunter2')
  expect(faults).toEqual([expect.objectContaining({ error: failure, detail: `reference ${fault.detailFields.MaThamChieu}` })])
})

test('a correlation id that could forge a log line is replaced', async () => {
  const response = await send(envelope(), { 'x-correlation-id': 'a b\tc' })
  expect(response.headers['x-correlation-id']).toMatch(/^[0-9a-f-]{36}$/)
})

test('an operation without a handler is a start-up error', () => {
  expect(() =>
    createInboundService({
      contract,
      authenticate: byUsernameToken({ lookupPassword: () => undefined, clockSkewMs: 1, nonceSeen: () => true }),
      limits: LIMITS,
      operations: {},
    }),
  ).toThrow(/Register of sample\.wsdl has no handler/)
})

test('the WSDL is served with our address and reachable schemas', () => {
  const wsdl = service.wsdl('https://gateway.test/soap/vilis?a=1&b="2"')
  expect(wsdl.match(/location="https:\/\/gateway\.test\/soap\/vilis\?a=1&amp;b=&quot;2&quot;"/g)).toHaveLength(2)
  expect(wsdl).not.toContain('127.0.0.1/registry')
  expect(wsdl).toContain('?xsd=sample-types.xsd"')
  expect(service.schema('sample-types.xsd', 'https://gateway.test')).toContain('urn:test:types')
  expect(service.schema('../../etc/passwd', 'https://gateway.test')).toBeUndefined()
})
