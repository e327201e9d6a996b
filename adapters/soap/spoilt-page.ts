import type { CallResult } from './call-result.js'
import { withoutContents } from './without-contents.js'

/**
 * A page of changes that cannot be read because of one row: an element that breaks the contract, a character that XML cannot carry, or
 * more files than fit into a reply. A stream must not stop there for ever, nor may the row be passed over in silence: the page is asked
 * for in halves until the row stands alone, and it alone is kept as it came.
 */
export interface PageNames {
  readonly row: string
  readonly position: string
  readonly eventId: string
  /** What holds the bytes of files. */
  readonly contents: string
}

/** True when a smaller page may be readable. A reply that was cut off is not spoilt by a row. */
export function isSpoilt(result: CallResult, { row }: Pick<PageNames, 'row'>): boolean {
  if (result.kind !== 'NO_ANSWER') return false
  if (result.cause === 'TOO_LARGE') return true
  const names = new RegExp(`\\b${row}\\b`)
  if (result.cause === 'OTHER_ANSWER') return names.test(result.detail)
  return result.cause === 'BROKEN_REPLY' && (names.test(result.detail) || NOT_XML.has(result.detail))
}

/** Details of `xml-parse.ts` for what is no XML at a place, though it is whole. */
const NOT_XML = new Set(['not well-formed XML', 'not valid UTF-8'])

/**
 * The same of a reply to several keys that were asked for at once. What is no XML is laid to a row only when the whole envelope came, with rows in it: a system
 * that answers garbage, or is cut off, is not well.
 */
export function isSpoiltByRow(result: CallResult, row: string): boolean {
  if (result.kind !== 'NO_ANSWER' || !isSpoilt(result, { row })) return false
  if (!NOT_XML.has(result.detail)) return true
  const { responseText = '', responseBytes = 0 } = result.evidence
  const isCut = responseBytes > Buffer.byteLength(responseText)
  return new RegExp(`</(?:[\\w.-]+:)?${row}\\s*>`).test(responseText) && (isCut || /<\/(?:[\w.-]+:)?Envelope\s*>\s*$/.test(responseText))
}

export interface LoneRow {
  readonly raw: string
  readonly position: bigint
  readonly externalEventId?: string
}

/**
 * The row of a spoilt page for which one row was asked. Undefined when it is not surely one row behind `after`, and, of a text that is no
 * XML, a whole one: else more would be passed over than it.
 */
export function loneRow(result: CallResult, after: bigint, { row, position, eventId, contents }: PageNames): LoneRow | undefined {
  const text = result.evidence.responseText ?? ''
  const isWhole = result.kind === 'NO_ANSWER' && !NOT_XML.has(result.detail)
  const textsOf = (name: string) =>
    [...text.matchAll(new RegExp(`<(?:[\\w.-]+:)?${name}>\\s*([^<]*?)\\s*</`, 'g'))].map((found) => found[1] ?? '')
  const [at, ...more] = textsOf(position)
  if (at === undefined || more.length > 0 || !/^\d{1,19}$/.test(at) || BigInt(at) <= after) return undefined
  if (!isWhole && !new RegExp(`</(?:[\\w.-]+:)?${row}\\s*>`).test(text)) return undefined
  const [id = ''] = textsOf(eventId)
  return { raw: withoutContents(text, contents), position: BigInt(at), ...(id !== '' && id.length <= 200 && { externalEventId: id }) }
}
