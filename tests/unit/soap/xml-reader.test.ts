import { beforeAll, describe, expect, test } from '@jest/globals'
import type { SoapContract } from '../../../adapters/soap/contract.js'
import type { XmlRefused } from '../../../adapters/soap/xml-parse.js'
import type { ReadOptions } from '../../../adapters/soap/xml-reader.js'
import { REGISTRY_NS, sampleContract, TYPES_NS } from './sample-contract.js'

const LIMITS: ReadOptions = { maxBytes: 4_000_000, maxDepth: 20 }
let contract: SoapContract

beforeAll(async () => {
  contract = await sampleContract()
})

function read(xml: string | Uint8Array, element = 'Values', options: Partial<ReadOptions> = {}): Promise<Record<string, unknown>> {
  return contract.readerFor(element).read(Buffer.from(xml), { ...LIMITS, ...options })
}

function values(inner: string): string {
  return `<v:Values xmlns:v="${REGISTRY_NS}" xmlns="${TYPES_NS}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">${inner}</v:Values>`
}

/** With all that it has to have, but for its choice. */
const registered = (inner: string): string =>
  `<Register xmlns="${REGISTRY_NS}"><Code>c</Code><Applicant><FullName xmlns="${TYPES_NS}">A</FullName></Applicant>${inner}</Register>`

/** The lists of `Values` when it has none. */
const NO_ENTRIES = { Many: [], Twice: [], RightMany: [], Any1: [], Any2: [] }

async function refusal(xml: string | Uint8Array, element = 'Values', options: Partial<ReadOptions> = {}): Promise<XmlRefused> {
  return read(xml, element, options).then(
    () => Promise.reject(new Error('was read')),
    (error: XmlRefused) => error,
  )
}

describe('texts and numbers are kept as they were sent', () => {
  test.each([
    ['leading zeros', '<Text>00042</Text>', { Text: '00042' }],
    ['what looks like an exponent', '<Text>1E3</Text>', { Text: '1E3' }],
    ['what looks hexadecimal', '<Text>0x1A</Text>', { Text: '0x1A' }],
    ['spaces at both ends', '<Text>  a  b \n</Text>', { Text: '  a  b \n' }],
    ['CDATA among text', '<Text>a<![CDATA[<&]]>b<![CDATA[]]></Text>', { Text: 'a<&b' }],
    ['a comment among text', '<Text>a<!-- no -->b</Text>', { Text: 'ab' }],
    ['entities and character references', '<Text>&lt;&amp;&#x110;&#7855;&apos;</Text>', { Text: "<&Đắ'" }],
    ['an empty string', '<Text/>', { Text: '' }],
    ['a long beyond 2^53', '<Long>9007199254740993</Long>', { Long: '9007199254740993' }],
    ['a decimal with its zeros', '<Decimal> 12.50 </Decimal>', { Decimal: '12.50' }],
    ['a date with its offset', '<Date>2026-03-15+01:00</Date>', { Date: '2026-03-15+01:00' }],
    ['an int as a number', '<Int> -42 </Int>', { Int: -42 }],
    ['a boolean by digit', '<Flag>1</Flag>', { Flag: true }],
    ['nil', '<Nil xsi:nil="true"/>', { Nil: null }],
    ['nil with spaces around its word', '<Nil xsi:nil=" true\n"> </Nil>', { Nil: null }],
    ['a long at its bound', '<Long>-9223372036854775808</Long>', { Long: '-9223372036854775808' }],
    ['a long with zeros before it', '<Long>+00000000000000000000042</Long>', { Long: '+00000000000000000000042' }],
    ['an unsigned long at its bound', '<Unsigned>18446744073709551615</Unsigned>', { Unsigned: '18446744073709551615' }],
    ['nothing of an unsigned long', '<Unsigned>-0</Unsigned>', { Unsigned: '-0' }],
    ['an integer without bound', `<Integer>-${'9'.repeat(90)}</Integer>`, { Integer: `-${'9'.repeat(90)}` }],
    ['a positive integer without bound', `<Positive>${'9'.repeat(90)}</Positive>`, { Positive: '9'.repeat(90) }],
    ['as many as there may be', '<Twice>a</Twice><Int>1</Int><Twice>b</Twice>', { Twice: ['a', 'b'], Int: 1 }],
    ['one branch of a choice', '<Right>a</Right><RightMany>b</RightMany>', { Right: 'a', RightMany: ['b'] }],
    ['both branches of a choice that is repeated', '<Any1>a</Any1><Any2>b</Any2>', { Any1: ['a'], Any2: ['b'] }],
    ['one entry of a list', '<Many>a</Many>', { Many: ['a'] }],
    ['a list that is interrupted', '<Many>a</Many><Int>1</Int><Many>b</Many>', { Many: ['a', 'b'], Int: 1 }],
  ])('%s', async (_name, xml, expected) => {
    expect(await read(values(xml))).toEqual({ ...NO_ENTRIES, ...expected })
  })
})

describe('names count by namespace, not by prefix', () => {
  const tree = { Code: 'c', Parcel: [{ $year: 2003, Sheet: '1', Number: '2', Part: [] }], Applicant: { FullName: 'A' }, Phone: '1' }

  test.each([
    [
      'other prefixes',
      `<q:Register xmlns:q="${REGISTRY_NS}"><q:Code>c</q:Code><q:Parcel year="2003" xmlns:z="${TYPES_NS}"><z:Sheet>1</z:Sheet><z:Number>2</z:Number></q:Parcel>` +
        `<q:Applicant><x:FullName xmlns:x="${TYPES_NS}">A</x:FullName></q:Applicant><q:Phone>1</q:Phone></q:Register>`,
    ],
    [
      'default namespaces',
      `<Register xmlns="${REGISTRY_NS}"><Code>c</Code><Parcel year="2003"><Sheet xmlns="${TYPES_NS}">1</Sheet><Number xmlns="${TYPES_NS}">2</Number></Parcel>` +
        `<Applicant><FullName xmlns="${TYPES_NS}">A</FullName></Applicant><Phone>1</Phone></Register>`,
    ],
  ])('%s', async (_name, xml) => {
    expect(await read(xml, 'Register')).toEqual(tree)
  })

  test('a declared name in another namespace is refused, not read over', async () => {
    expect(await refusal(values(`<Text xmlns="urn:other">x</Text>`))).toMatchObject({ reason: 'WRONG_ELEMENT', field: 'Text' })
  })

  test('text with attributes is under $, attributes under $name', async () => {
    const reply = `<RegisterResponse xmlns="${REGISTRY_NS}"><Result>1</Result><Fee currency="VND">125000.00</Fee></RegisterResponse>`
    expect(await read(reply, 'RegisterResponse')).toEqual({ Result: 1, Fee: { $currency: 'VND', $: '125000.00' } })
  })
})

test('a long text is the same wherever a document is cut for reading, with a byte order mark and without', async () => {
  const text = 'Đất ở 🏠 ngõ '.repeat(3_000)
  for (let shift = 0; shift < 4; shift += 1) {
    const given = 'x'.repeat(shift) + text
    expect(await read(`\uFEFF${values(`<Text>${given}</Text>`)}`)).toMatchObject({ Text: given })
    expect(await read(values(`<Text>${given}</Text>`))).toMatchObject({ Text: given })
  }
})

test.each([
  ['in the middle', [0xc3, 0x28]],
  ['a character that has no end', [0xf0, 0x9f, 0x8f]],
  ['more bytes than a character has', [0x80, 0x80, 0x80, 0x80, 0x80]],
])('what is no UTF-8 is refused: %s', async (_what, bytes) => {
  const [before, after] = values(`<Text>${'a'.repeat(8_000)}|${'b'.repeat(200)}</Text>`).split('|') as [string, string]
  for (let shift = 0; shift < 200; shift += 1)
    expect((await refusal(Buffer.concat([Buffer.from(before + 'a'.repeat(shift)), Buffer.from(bytes), Buffer.from(after)]))).reason).toBe(
      'MALFORMED',
    )
})

describe('what is refused, with its reason', () => {
  const entity = '<!DOCTYPE v [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'

  test.each([
    ['a document type', `<!DOCTYPE v SYSTEM "file:///etc/hosts">${values('')}`, 'DTD'],
    ['entity declarations', `${entity}${values('<Text>&b;</Text>')}`, 'DTD'],
    ['an entity of nobody', values('<Text>&nbsp;</Text>'), 'MALFORMED'],
    ['a truncated document', values('<Text>a</Text>').slice(0, -10), 'MALFORMED'],
    ['nothing', '', 'MALFORMED'],
    ['two roots', values('') + values(''), 'MALFORMED'],
    ['an undeclared prefix', values('<z:Text>a</z:Text>'), 'MALFORMED'],
    ['another encoding', `<?xml version="1.0" encoding="ISO-8859-1"?>${values('')}`, 'MALFORMED'],
    ['too many levels', values('<x>'.repeat(30) + '</x>'.repeat(30)), 'TOO_DEEP'],
    ['another root', `<v:Other xmlns:v="${REGISTRY_NS}"/>`, 'WRONG_ELEMENT'],
    ['the root in another namespace', '<Values xmlns="urn:other"/>', 'WRONG_ELEMENT'],
    ['letters where an int is declared', values('<Int>12a</Int>'), 'WRONG_TYPE'],
    ['an empty int', values('<Int/>'), 'WRONG_TYPE'],
    ['an int out of its range', values('<Int>2147483648</Int>'), 'WRONG_TYPE'],
    ['an exponent in a decimal', values('<Decimal>1E3</Decimal>'), 'WRONG_TYPE'],
    ['a boolean in words', values('<Flag>yes</Flag>'), 'WRONG_TYPE'],
    ['elements within text', values('<Text>a<b/></Text>'), 'WRONG_TYPE'],
    ['text between elements', values('a<Text>a</Text>'), 'WRONG_TYPE'],
    ['nil where it is not allowed', values('<Int xsi:nil="true"/>'), 'WRONG_TYPE'],
    ['nil with a text', values('<NilText xsi:nil="true">a</NilText>'), 'WRONG_TYPE'],
    ['a long of 65 bits', values('<Long>9223372036854775808</Long>'), 'WRONG_TYPE'],
    ['a long of 23 digits', values('<Long>99999999999999999999999</Long>'), 'WRONG_TYPE'],
    ['an unsigned long below zero', values('<Unsigned>-5</Unsigned>'), 'WRONG_TYPE'],
    ['an unsigned long of 65 bits', values('<Unsigned>18446744073709551616</Unsigned>'), 'WRONG_TYPE'],
    ['a positive integer that is none', values('<Positive>0</Positive>'), 'WRONG_TYPE'],
    ['a positive integer far below zero', values(`<Positive>-${'9'.repeat(90)}</Positive>`), 'WRONG_TYPE'],
    ['more than there may be', values('<Twice/><Twice/><Twice/>'), 'WRONG_ELEMENT'],
    ['two branches of a choice', values('<Left>a</Left><RightMany>b</RightMany>'), 'WRONG_ELEMENT'],
    ['no branch of a choice', registered(''), 'WRONG_ELEMENT'],
    ['both branches of a choice', registered('<Phone>1</Phone><Email>a</Email>'), 'WRONG_ELEMENT'],
    ['one field twice', values('<Text>a</Text><Text>b</Text>'), 'WRONG_ELEMENT'],
  ])('%s', async (_name, xml, reason) => {
    const element = xml.includes('<Register') ? 'Register' : 'Values'
    expect(await refusal(xml, element)).toMatchObject({ name: 'XmlRefused', reason })
  })

  test('bytes that are not UTF-8', async () => {
    const within = Buffer.concat([Buffer.from('<Values>'), Buffer.from([0xc3, 0x28])])
    const behind = Buffer.concat([Buffer.from(values('')), Buffer.from([0xc3])])
    for (const bytes of [within, behind]) expect(await refusal(bytes)).toMatchObject({ reason: 'MALFORMED', detail: 'not valid UTF-8' })
  })

  test('a document over the limit, before a byte of it is parsed', async () => {
    expect(await refusal('<'.repeat(101), 'Values', { maxBytes: 100 })).toMatchObject({ reason: 'TOO_LARGE' })
  })

  test('a required field that is missing, by its name', async () => {
    const xml = `<Register xmlns="${REGISTRY_NS}"><Code>c</Code><Applicant/></Register>`
    expect(await refusal(xml, 'Register')).toMatchObject({ reason: 'WRONG_ELEMENT', field: 'Applicant.FullName' })
  })

  test('the message never holds the value', async () => {
    expect((await refusal(values('<Int>secret</Int>'))).message).not.toContain('secret')
  })
})

describe('what the contract does not know', () => {
  const xml = values('<New><Deep>1</Deep></New><Text>a</Text>')

  test('is read over in answers', async () => {
    expect(await read(xml)).toEqual({ Text: 'a', ...NO_ENTRIES })
  })

  test('is refused in requests by its name, if that is one', async () => {
    expect(await refusal(xml, 'Values', { unknownElements: 'REFUSE' })).toMatchObject({ reason: 'WRONG_ELEMENT', field: 'New' })
    const long = values(`<${'N'.repeat(61)}/>`)
    expect(await refusal(long, 'Values', { unknownElements: 'REFUSE' })).toMatchObject({ reason: 'WRONG_ELEMENT', field: undefined })
  })
})

test('a large document gives others their turn and comes out whole', async () => {
  const entries = Array.from({ length: 20_000 }, (_, index) => `Thửa đất số ${index} 😀 &amp; <![CDATA[<${index}>]]>`)
  const xml = Buffer.from(values(entries.map((entry) => `<Many>${entry}</Many>`).join('')))
  let turns = 0
  let running = true
  const count = (): void => {
    turns++
    if (running) setImmediate(count)
  }
  setImmediate(count)
  const result = await read(xml)
  running = false
  expect(xml.byteLength).toBeGreaterThan(1_000_000)
  expect(result.Many).toEqual(entries.map((_, index) => `Thửa đất số ${index} 😀 & <${index}>`))
  expect(turns).toBeGreaterThanOrEqual(Math.floor(xml.byteLength / 65_536))
})
