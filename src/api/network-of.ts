import ipaddr from 'ipaddr.js'

/** Bits of an IPv6 address by which one household or office is known: it chooses the rest as it pleases. */
const OWN_BITS = 64

/** Under what the look-ups of one address are counted. An IPv4 address that is written as IPv6 is the same address. */
export const networkOf = (address: string): string => {
  if (!ipaddr.isValid(address)) return 'unknown'
  const parsed = ipaddr.process(address)
  return parsed.kind() === 'ipv6' ? ipaddr.IPv6.networkAddressFromCIDR(`${parsed}/${OWN_BITS}`).toString() : parsed.toString()
}
