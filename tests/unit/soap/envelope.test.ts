import { describe, expect, test } from '@jest/globals'
import { buildEnvelope, ENVELOPE_NS, type Expect, readEnvelope, readEnvelopeHead } from '../../../adapters/soap/envelope.js'
import { faultKeys, writeFault } from '../../../adapters/soap/faults.js'
import type { ElementType } from '../../../adapters/soap/schema-type.js'
import type { XmlRefused } from '../../../adapters/soap/xml-parse.js'

const LIMITS = { maxBytes: 200_000, maxDepth: 20 }
const ANSWER: ElementType = {
  name: 'Answer',
  uri: 'urn:a',
  required: true,
  many: false,
  nillable: false,
  type: { kind: 'SCALAR', scalar: 'TEXT' },
}
const expectAnswer: Expect = (uri, local) => (uri === 'urn:a' && local === 'Answer' ? ANSWER : undefined)

function read(xml: string): ReturnType<typeof readEnvelope> {
  return readEnvelope(Buffer.from(xml), expectAnswer, LIMITS)
}

async function faultOf(xml: string) {
  const { body } = await read(xml)
  if (body.kind !== 'FAULT') throw new Error('no fault')
  return body.fault
}

describe.each(['1.1', '1.2'] as const)('SOAP %s', (version) => {
  test('header blocks and the value come back as they were built', async () => {
    const xml = buildEnvelope(version, ['<h:Id xmlns:h="urn:h">a<h:In/></h:Id>', '<Two/>'], '<Answer xmlns="urn:a"> 007 </Answer>')
    const envelope = await read(xml)
    expect(envelope.version).toBe(version)
    expect(envelope.headers.map(({ uri, local, text }) => ({ uri, local, text }))).toEqual([
      { uri: 'urn:h', local: 'Id', text: 'a' },
      { uri: '', local: 'Two', text: '' },
    ])
    expect(envelope.body).toMatchObject({ kind: 'VALUE', value: { $: ' 007 ' } })
  })

  test('our own faults are read with code, sentence and detail', async () => {
    const fault = await faultOf(
      buildEnvelope(version, [], writeFault({ side: 'CLIENT', code: 'WRONG_TYPE', reason: 'Sai <kiểu>', reference: 'r-1' }, version)),
    )
    expect(fault).toMatchObject({ version, reason: 'Sai <kiểu>', detailFields: { MaLoi: 'WRONG_TYPE', MaThamChieu: 'r-1' } })
    expect(faultKeys(fault)).toContain('WRONG_TYPE')
  })

  test('an authentication fault has the code of WS-Security', async () => {
    const fault = await faultOf(
      buildEnvelope(version, [], writeFault({ side: 'WSSE', code: 'FailedAuthentication', reason: 'x' }, version)),
    )
    expect(faultKeys(fault)[0]).toBe('FailedAuthentication')
  })

  test.each([
    ['a second body', '<s:Body/><s:Body/>', 'NOT_SOAP'],
    ['a header behind the body', '<s:Body/><s:Header/>', 'NOT_SOAP'],
    ['no body', '<s:Header/>', 'NOT_SOAP'],
    ['two elements in the body', '<s:Body><Answer xmlns="urn:a"/><Answer xmlns="urn:a"/></s:Body>', 'WRONG_ELEMENT'],
    ['text in the body', '<s:Body>a<Answer xmlns="urn:a"/></s:Body>', 'NOT_SOAP'],
    ['text behind the value', '<s:Body><Answer xmlns="urn:a"/>a</s:Body>', 'NOT_SOAP'],
    ['text between the parts', 'a<s:Body/>', 'NOT_SOAP'],
    ['another element in the body', '<s:Body><Answer xmlns="urn:b"/></s:Body>', 'WRONG_ELEMENT'],
  ])('%s is refused', async (_name, inner, reason) => {
    const xml = `<s:Envelope xmlns:s="${ENVELOPE_NS[version]}">${inner}</s:Envelope>`
    await expect(read(xml)).rejects.toMatchObject({ reason })
  })
})

test('a page of a proxy is not SOAP', async () => {
  const refused = await read('<html><body>Bad gateway</body></html>').catch((error: XmlRefused) => error)
  expect(refused).toMatchObject({ reason: 'NOT_SOAP' })
})

test('a 1.1 fault of another system: prefix dropped, dotted code known by each of its parts', async () => {
  const fault = await faultOf(
    `<S:Envelope xmlns:S="${ENVELOPE_NS['1.1']}"><S:Body><S:Fault xmlns:ns4="urn:x"><faultcode>ns4:Server.ServerProxy.NetworkError</faultcode>` +
      '<faultstring>Could not connect</faultstring><detail><ns4:info><ns4:MaLoi> E104 </ns4:MaLoi><ns4:Noi>Sổ</ns4:Noi></ns4:info></detail>' +
      '</S:Fault></S:Body></S:Envelope>',
  )
  expect(fault).toEqual({
    version: '1.1',
    code: 'Server.ServerProxy.NetworkError',
    reason: 'Could not connect',
    detailText: 'E104 Sổ',
    detailFields: { MaLoi: 'E104', Noi: 'Sổ' },
  })
  expect(faultKeys(fault)).toEqual(['Server.ServerProxy.NetworkError', 'ServerProxy.NetworkError', 'Server'])
})

test('a 1.2 fault with nested subcodes: the innermost is the most precise', async () => {
  const fault = await faultOf(
    `<e:Envelope xmlns:e="${ENVELOPE_NS['1.2']}"><e:Body><e:Fault><e:Code><e:Value>e:Sender</e:Value><e:Subcode><e:Value>a:Outer</e:Value>` +
      '<e:Subcode><e:Value>a:Inner</e:Value></e:Subcode></e:Subcode></e:Code><e:Reason><e:Text xml:lang="en">no</e:Text></e:Reason></e:Fault></e:Body></e:Envelope>',
  )
  expect(fault).toEqual({ version: '1.2', code: 'Sender', subcode: 'Inner', reason: 'no', detailFields: {} })
  expect(faultKeys(fault)).toEqual(['Inner', 'Sender'])
})

test('the head is read without looking at the body, and tells where each block stands', async () => {
  const block = '<w:Security xmlns:w="urn:w" note="a>b">\r\n😀<w:Token/></w:Security>'
  const xml = `${buildEnvelope('1.1', [`<First/>${block}`], '<Answer xmlns="urn:a">')}`.replace(
    '</soap:Body></soap:Envelope>',
    'x'.repeat(100_000),
  )
  const head = await readEnvelopeHead(Buffer.from(xml), LIMITS)
  expect(head.body).toEqual({ uri: 'urn:a', local: 'Answer' })
  const [, security] = head.headers
  expect(xml.slice(xml.lastIndexOf('<', (security?.openEnd ?? 0) - 1), security?.end)).toBe(block)
})

/** Trees and attributes take a hundred times the memory of their text, and a head is read before it is known who sent it. */
describe('what stands before the body is refused beyond a size, whatever a whole message may have', () => {
  const GENEROUS = { maxBytes: 64 * 1024 * 1024, maxDepth: 32 }
  const envelopeOf = (attributes: string, header: string, body = '<Answer xmlns="urn:a"/>') =>
    Buffer.from(
      `<s:Envelope xmlns:s="${ENVELOPE_NS['1.1']}"${attributes}><s:Header>${header}</s:Header><s:Body>${body}</s:Body></s:Envelope>`,
    )
  const many = (count: number, each: (index: number) => string) => Array.from({ length: count }, (_none, index) => each(index)).join('')

  test.each([
    ['a header block of very many elements', envelopeOf('', `<h>${'<a/>'.repeat(20_000)}</h>`)],
    ['very many header blocks', envelopeOf('', '<a/>'.repeat(100_000))],
    [
      'an envelope with very many attributes',
      envelopeOf(
        many(50_000, (index) => ` a${index}=""`),
        '',
      ),
    ],
  ])('%s', async (_name, xml) => {
    await expect(readEnvelopeHead(xml, GENEROUS)).rejects.toMatchObject({ reason: 'TOO_LARGE' })
    await expect(readEnvelope(xml, () => undefined, GENEROUS)).rejects.toMatchObject({ reason: 'TOO_LARGE' })
  })

  test('a fault of very many elements', async () => {
    const fault = `<s:Fault><faultcode>s:Server</faultcode><detail>${'<a/>'.repeat(100_000)}</detail></s:Fault>`
    await expect(readEnvelope(envelopeOf('', '', fault), () => undefined, GENEROUS)).rejects.toMatchObject({ reason: 'TOO_LARGE' })
  })

  test('a token with certificates, and a body of any size behind it', async () => {
    const header = `<Token>${'QUJD'.repeat(30_000)}</Token>`
    const head = await readEnvelopeHead(envelopeOf('', header, `<Answer xmlns="urn:a">${'x'.repeat(2_000_000)}</Answer>`), GENEROUS)
    expect(head.headers).toHaveLength(1)
  })
})
