import { lookup as resolve } from 'node:dns'
import { BlockList, isIP, type LookupFunction } from 'node:net'

/**
 * Where nothing of ours may be sent, whatever a configuration or a name server says: link-local addresses (there a cloud machine's own secrets are served), addresses
 * that are none, and those of many. A district's receivers may stand in its own network: private addresses are allowed.
 */
const FORBIDDEN = new BlockList()
for (const [net, prefix] of [
  ['0.0.0.0', 8],
  ['169.254.0.0', 16],
  ['192.0.0.0', 24],
  ['224.0.0.0', 3],
] as const)
  FORBIDDEN.addSubnet(net, prefix, 'ipv4')
for (const [net, prefix] of [
  ['::', 128],
  ['fe80::', 10],
  ['ff00::', 8],
  ['fd00:ec2::254', 128],
  // Link-local addresses of IPv4 as NAT64 and 6to4 write them.
  ['64:ff9b::a9fe:0', 112],
  ['2002:a9fe::', 32],
] as const)
  FORBIDDEN.addSubnet(net, prefix, 'ipv6')

/** Also of an IPv4 address that is written as one of IPv6. */
export const isForbiddenAddress = (address: string): boolean => {
  const family = isIP(address)
  return family !== 0 && FORBIDDEN.check(address, family === 6 ? 'ipv6' : 'ipv4')
}

class ForbiddenAddressError extends Error {
  readonly code = 'ADDRESS_FORBIDDEN'
}

/** For a connection: of the addresses of a name those are given that may be connected to. Checked where it is used, so that a name cannot mean something else by then. */
export const allowedLookup: LookupFunction = (hostname, options, callback) => {
  resolve(hostname, { ...options, all: true }, (error, found) => {
    if (error) return callback(error, [])
    const allowed = found.filter(({ address }) => !isForbiddenAddress(address))
    const [first] = allowed
    if (!first) return callback(new ForbiddenAddressError(`${hostname} is not to be connected to`), [])
    return options.all ? callback(null, allowed) : callback(null, first.address, first.family)
  })
}
