import { createHash } from 'node:crypto'
import { digestFieldsOf } from './system.js'
import type { TransferBody } from './transfer-body.js'

/**
 * Mã kiểm tra nội dung: the digest of a business body, versioned and canonical, so that two systems can say "the same" without
 * sending the content. Strings are in NFC, keys sorted, absent fields left out, attachments sorted by their hash; decimals are
 * strings already. Only the fields declared for the operation count (`system.ts`); instants of transport never do. A row keeps its version and is never
 * computed again under newer code.
 */
export const DIGEST_VERSION = 1

const SORTED_LISTS = new Set(['documents', 'results'])

const canonical = (value: unknown, key = ''): unknown => {
  if (typeof value === 'string') return value.normalize('NFC')
  if (Array.isArray(value)) {
    const items = value.map((item) => canonical(item))
    return SORTED_LISTS.has(key) ? items.map((item) => JSON.stringify(item)).sort() : items
  }
  if (value !== null && typeof value === 'object') {
    const entries = Object.entries(value).filter(([, item]) => item !== undefined)
    entries.sort(([a], [b]) => (a < b ? -1 : 1))
    return Object.fromEntries(entries.map(([name, item]) => [name, canonical(item, name)]))
  }
  return value
}

/** Hex SHA-256 of any JSON-like value in canonical form. */
export const digestOf = (value: unknown): string =>
  createHash('sha256')
    .update(JSON.stringify(canonical(value)))
    .digest('hex')

export const digestBody = (body: TransferBody): string => {
  const fields = digestFieldsOf(body.operation)
  return digestOf(Object.fromEntries(Object.entries(body).filter(([name]) => fields.includes(name))))
}
