import { expect, test } from '@jest/globals'
import { readTreeNow, type XmlNode } from '../../../adapters/soap/xml-tree.js'
import { checkXroadReply, readXroadHeaders, type XroadHeaders, xroadHeaderBlocks } from '../../../adapters/soap/xroad-headers.js'

const MEMBER = { instance: 'VN', memberClass: 'GOV', memberCode: 'H20' }
const SENT: XroadHeaders = {
  client: { ...MEMBER, subsystemCode: 'MOTCUA' },
  service: { ...MEMBER, subsystemCode: 'DVC', serviceCode: 'DongBoHoSoMC', serviceVersion: 'v1' },
  id: '0b0e8a4e-6d4f-4b57-9a50-000000000001',
  issue: 'A & B',
}

function blocks(headers: XroadHeaders): readonly XmlNode[] {
  return readTreeNow(`<h>${xroadHeaderBlocks(headers).join('')}</h>`, { maxBytes: 10_000, maxDepth: 5 }).children
}

test('what is written is read', () => {
  expect(readXroadHeaders(blocks(SENT))).toEqual({
    id: SENT.id,
    serviceCode: 'DongBoHoSoMC',
    service: 'VN/GOV/H20/DVC/DongBoHoSoMC/v1',
    client: 'VN/GOV/H20/MOTCUA//',
    userId: undefined,
    issue: 'A & B',
    protocolVersion: '4.0',
  })
})

test('a reply with our id and service is ours; any other is not', () => {
  const check = checkXroadReply(SENT)
  expect(check(blocks(SENT))).toBeUndefined()
  expect(check(blocks({ ...SENT, id: 'other' }))).toMatch(/another request/)
  expect(check(blocks({ ...SENT, service: { ...SENT.service, serviceVersion: 'v2' } }))).toMatch(/service/)
  expect(check([])).toMatch(/missing/)
})
