import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { loadContract, type SoapContract } from '../../../adapters/soap/contract.js'
import { BodyInvalid } from '../../../adapters/soap/request-body.js'
import { REQUEST, sampleContract, wsdlPath } from './sample-contract.js'

let contract: SoapContract
let folder: string

beforeAll(async () => {
  contract = await sampleContract()
  folder = await mkdtemp(join(tmpdir(), 'contract-'))
})

afterAll(() => rm(folder, { recursive: true }))

const READ = { maxBytes: 100_000, maxDepth: 20, unknownElements: 'REFUSE' } as const

describe('loading', () => {
  test('operations come with elements, action and version of the chosen port', async () => {
    const expected = { inputElement: 'Register', outputElement: 'RegisterResponse', soapAction: 'urn:test:registry/Register' }
    expect(contract.operations.get('Register')).toEqual({ name: 'Register', ...expected, soapVersion: '1.1' })
    expect((await sampleContract('Soap12')).operations.get('Register')?.soapVersion).toBe('1.2')
  })

  test.each([
    ['a file that is not XML', 'no xml', /^Không dùng được WSDL/],
    ['another kind of XML', '<html/>', /not wsdl:definitions/],
    ['a WSDL without a port', '<definitions xmlns="http://schemas.xmlsoap.org/wsdl/"/>', /no SOAP port/],
    [
      'a schema from a network',
      '<definitions xmlns="http://schemas.xmlsoap.org/wsdl/"><types><schema xmlns="http://www.w3.org/2001/XMLSchema">' +
        '<import schemaLocation="http://127.0.0.1/x.xsd"/></schema></types></definitions>',
      /not a relative file/,
    ],
  ])('%s is refused with a sentence', async (_name, text, message) => {
    const path = join(folder, 'broken.wsdl')
    await writeFile(path, text)
    await expect(loadContract({ wsdlPath: path })).rejects.toThrow(message)
  })

  test('a file that is not there and a port that is not there are refused with a sentence', async () => {
    await expect(loadContract({ wsdlPath: join(folder, 'none.wsdl') })).rejects.toThrow(/^Không dùng được WSDL none\.wsdl/)
    await expect(loadContract({ wsdlPath: wsdlPath('sample.wsdl'), port: 'Nope' })).rejects.toThrow(/no SOAP port named Nope/)
  })
})

describe('what is serialised is read back the same', () => {
  const parcel = { Sheet: '12', Number: '0345', Area: '120.50', Part: [{ Sheet: '1', Number: '2', Part: [] }], $year: 2003 }

  test.each([
    [
      'order, namespaces, attributes, nested types',
      'Register',
      { ...REQUEST, Parcel: [parcel, { ...parcel, Part: [] }], Note: null, Kind: 'NEW' },
    ],
    ['characters with a meaning in XML', 'Register', { ...REQUEST, Parcel: [], Code: ` <a b="c">&amp;'\r\n\t]]> ` }],
    ['what looks like a CDATA section', 'Register', { ...REQUEST, Parcel: [], Code: '<![CDATA[</n0:Code><n0:Code>]]>' }],
    [
      'inherited elements of another schema',
      'Values',
      {
        Text: 'x',
        Long: '9007199254740993',
        Many: ['a', ''],
        Nil: null,
        Flag: false,
        Twice: ['b', 'c'],
        Right: 'd',
        RightMany: ['e'],
        Any1: [],
        Any2: ['f'],
      },
    ],
    ['text with attributes', 'RegisterResponse', { Result: 1, Fee: { $: '12.50', $currency: `V"<&'D` } }],
  ])('%s', async (_name, element, value) => {
    const xml = contract.serialize(element, Object.fromEntries(Object.entries(value).reverse()))
    expect(await contract.readerFor(element).read(Buffer.from(xml), READ)).toEqual(value)
  })

  test('elements stand in the order of the schema', () => {
    const xml = contract.serialize('Register', { Phone: '1', Applicant: { FullName: 'A' }, Code: 'c' })
    expect([...xml.matchAll(/<n\d:(\w+)/g)].map(([, name]) => name)).toEqual(['Register', 'Code', 'Applicant', 'FullName', 'Phone'])
  })
})

describe('a value that the contract does not allow is named by its field', () => {
  test.each([
    ['missing', { Applicant: {}, Code: 'c' }, 'Applicant.FullName'],
    ['null where it must be', { ...REQUEST, Code: null }, 'Code'],
    ['unknown', { ...REQUEST, Fon: '1' }, 'Fon'],
    ['a key of the serialiser itself', { ...REQUEST, $xml: '<x/>' }, '$xml'],
    ['not one of the declared values', { ...REQUEST, Kind: 'OTHER' }, 'Kind'],
    ['an exponent', { ...REQUEST, Parcel: [{ Sheet: '1', Number: '2', Area: 1e-7 }] }, 'Parcel[0].Area'],
    ['a number that lost digits', { ...REQUEST, Code: 2 ** 60 }, 'Code'],
    ['a control character', { ...REQUEST, Code: 'a\u0001' }, 'Code'],
    ['half a surrogate pair', { ...REQUEST, Code: 'a\ud800' }, 'Code'],
    ['an object for a text', { ...REQUEST, Code: new Date(0) }, 'Code'],
    ['one for many', { ...REQUEST, Parcel: { Sheet: '1', Number: '2' } }, 'Parcel'],
  ])('%s', (_name, value, field) => {
    let thrown: unknown
    try {
      contract.serialize('Register', value)
    } catch (error) {
      thrown = error
    }
    expect(thrown).toBeInstanceOf(BodyInvalid)
    expect(thrown).toMatchObject({ field })
  })
})
