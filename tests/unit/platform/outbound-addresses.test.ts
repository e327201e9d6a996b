import { describe, expect, it, test } from '@jest/globals'
import { allowedLookup, isForbiddenAddress } from '../../../src/platform/outbound-addresses.js'

describe('nothing is sent to', () => {
  it.each(['169.254.169.254', '0.0.0.0', '0.1.2.3', '224.0.0.1', '255.255.255.255', 'fe80::1', 'ff02::1', '::', 'fd00:ec2::254'])(
    '%s',
    (address) => {
      expect(isForbiddenAddress(address)).toBe(true)
    },
  )

  it.each(['::ffff:169.254.169.254', '::ffff:a9fe:a9fe', '::ffff:0.0.0.0', '64:ff9b::169.254.169.254', '2002:a9fe:a9fe::1'])(
    '%s, which is written as another family',
    (address) => {
      expect(isForbiddenAddress(address)).toBe(true)
    },
  )
})

describe('a receiver may stand at', () => {
  it.each([
    '127.0.0.1',
    '10.1.2.3',
    '192.168.1.9',
    '172.16.0.1',
    '203.113.0.1',
    '::1',
    '2001:db8::1',
    'fd12::1',
    '64:ff9b::203.113.0.1',
    'vi-du.vn',
  ])('%s', (address) => {
    expect(isForbiddenAddress(address)).toBe(false)
  })
})

test('a name is looked up, and only addresses that may be connected to are given', async () => {
  const found = await new Promise((resolve, reject) => {
    allowedLookup('localhost', { all: true }, (error, addresses) => (error ? reject(error) : resolve(addresses)))
  })
  expect(found).toContainEqual({ address: '127.0.0.1', family: 4 })
  const refused = await new Promise<Error | null>((resolve) => {
    allowedLookup('0.0.0.0', {}, (error) => resolve(error))
  })
  expect(refused).toMatchObject({ code: 'ADDRESS_FORBIDDEN' })
})
