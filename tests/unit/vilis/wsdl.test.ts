import { readFile } from 'node:fs/promises'
import { describe, expect, test } from '@jest/globals'
import { loadContract } from '../../../adapters/soap/contract.js'
import { VILIS_WSDL_PATH } from '../../../adapters/vilis/adapter.js'
import { VILIS_CALLBACK_WSDL_PATH } from '../../../adapters/vilis/inbound.js'
import { CALLBACK_OPERATIONS } from '../../../adapters/vilis/inbound-mapping.js'
import { FIELD_ZONES } from '../../../adapters/vilis/wire-times.js'

const shared = (text: string): string | undefined => /<!-- Shared part[\s\S]*<!-- End of the shared part\. -->/.exec(text)?.[0]

describe('the WSDLs of ViLIS', () => {
  test('carry the same types for what is told by callback and by LayThayDoi', async () => {
    const [vilis, callback] = await Promise.all([VILIS_WSDL_PATH, VILIS_CALLBACK_WSDL_PATH].map((path) => readFile(path, 'utf8')))
    expect(shared(vilis ?? '')).toBeDefined()
    expect(shared(vilis ?? '')).toBe(shared(callback ?? ''))
  })

  test('say that they are modelled', async () => {
    for (const path of [VILIS_WSDL_PATH, VILIS_CALLBACK_WSDL_PATH]) expect(await readFile(path, 'utf8')).toContain('MÔ HÌNH HÓA')
  })

  test('offer the same operations in SOAP 1.1 and 1.2', async () => {
    const [one, two] = await Promise.all(['ViLISSoap', 'ViLISSoap12'].map((port) => loadContract({ wsdlPath: VILIS_WSDL_PATH, port })))
    expect([...(one?.operations.keys() ?? [])]).toEqual([...(two?.operations.keys() ?? [])])
    expect(two?.operations.get('LayThayDoi')?.soapVersion).toBe('1.2')
  })

  test('have an operation for every message that is read, and no other', async () => {
    const contract = await loadContract({ wsdlPath: VILIS_CALLBACK_WSDL_PATH })
    expect([...contract.operations.keys()].sort()).toEqual([...CALLBACK_OPERATIONS].sort())
  })

  test('declare every instant of the callbacks as one, and each has its zone', async () => {
    const text = await readFile(VILIS_CALLBACK_WSDL_PATH, 'utf8')
    const declared = [...text.matchAll(/<xs:complexType name="(\w+)">([\s\S]*?)<\/xs:complexType>/g)].flatMap(
      ([, type = '', fields = '']) => [...fields.matchAll(/name="(\w+)" type="xs:dateTime"/g)].map(([, field = '']) => `${type}.${field}`),
    )
    const zoned = Object.entries(FIELD_ZONES).flatMap(([field, zone]) => (zone === 'CALLBACK' ? [field] : []))
    expect(declared.sort()).toEqual(zoned.sort())
  })
})
