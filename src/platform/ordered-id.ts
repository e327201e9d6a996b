import { randomBytes } from 'node:crypto'

/**
 * UUID version 7 (RFC 9562): ids that this process makes sort in the order in which they were made, also within one millisecond; between
 * processes they sort by the millisecond.
 */
let lastMs = 0
let counter = 0

const COUNTER_BITS = 12

export const orderedId = (): string => {
  const now = Date.now()
  if (now > lastMs) {
    lastMs = now
    counter = 0
  } else {
    counter += 1
    // A full counter borrows the next millisecond: order is kept, the instant is off by as much.
    if (counter >= 1 << COUNTER_BITS) {
      lastMs += 1
      counter = 0
    }
  }
  const bytes = randomBytes(16)
  bytes.writeUIntBE(lastMs, 0, 6)
  bytes.writeUInt16BE(0x7000 | counter, 6)
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f)
  const hex = bytes.toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
