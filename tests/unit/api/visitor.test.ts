import { describe, expect, it } from '@jest/globals'
import { networkOf } from '../../../src/api/network-of.js'
import { isLookUpAlone } from '../../../src/api/visitor.js'

const LOOK_UP = 'citizenLookUp(code: "x", lastDigits: "0123") { __typename }'

describe('what runs without a token', () => {
  it.each([
    ['a look-up', `{ ${LOOK_UP} }`],
    ['several', `query A { a: ${LOOK_UP} b: ${LOOK_UP} __typename }`],
    [
      'one with fragments within its answer',
      `{ citizenLookUp(code: "x", lastDigits: "1") { ...F } } fragment F on CitizenDossier { code }`,
    ],
  ])('is %s', (_what, text) => {
    expect(isLookUpAlone(text)).toBe(true)
  })

  it.each([
    ['something beside it', `{ ${LOOK_UP} systems { id } }`],
    ['something under its name', '{ citizenLookUp: systems { id } }'],
    ['the schema', `{ ${LOOK_UP} __schema { types { name } } }`],
    ['something in a fragment at the root', `{ ${LOOK_UP} ...F } fragment F on Query { systems { id } }`],
    ['something in an inline fragment', `{ ${LOOK_UP} ... on Query { systems { id } } }`],
    ['a second operation', `query A { ${LOOK_UP} } query B { systems { id } }`],
    ['a mutation', `mutation { ${LOOK_UP} }`],
    ['a subscription', `subscription { ${LOOK_UP} }`],
    ['nothing', '{ __typename }'],
    ['what is no document', `{ ${LOOK_UP}`],
    ['what is no text', undefined],
    ['a very long one', `{ ${LOOK_UP} } #${'x'.repeat(9_000)}`],
    ['very many', `{ ${Array.from({ length: 90 }, (_, n) => `a${n}: ${LOOK_UP}`).join(' ')} }`],
  ])('is not %s', (_what, text) => {
    expect(isLookUpAlone(text)).toBe(false)
  })
})

describe('an address', () => {
  it.each([
    ['203.0.113.9', '203.0.113.9'],
    ['::ffff:203.0.113.9', '203.0.113.9'],
    ['2001:db8:1:2:aaaa::1', '2001:db8:1:2::'],
    ['2001:DB8:1:2::9', '2001:db8:1:2::'],
    ['2001:db8:1:3::9', '2001:db8:1:3::'],
    ['khong', 'unknown'],
  ])('%s is counted as %s', (address, network) => {
    expect(networkOf(address)).toBe(network)
  })
})
