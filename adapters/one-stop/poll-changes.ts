import { randomUUID } from 'node:crypto'
import type { InboundMessage } from '../../src/model/inbound.js'
import type { ChangePage } from '../../src/ports/inbound.js'
import type { CallResult, SoapClient } from '../soap/client.js'
import { withoutContents } from '../soap/without-contents.js'
import { WireRefused } from './attachments.js'
import { type InboundContext, messageOf } from './inbound-mapping.js'
import type { WireChange, WireChangePage } from './wire-types.js'

type Page = Extract<ChangePage, { kind: 'PAGE' }>

/**
 * Reads LayThayDoi. A row that the contract allows and that still cannot be meant is `unreadable` by itself. A row that breaks the
 * contract spoils the reply it stands in: the page is then asked for again in halves until the row stands alone, and it alone is
 * kept as unreadable; the stream does not stop for it. Rows carry their files, so a page may also be too large: halves again.
 */
export async function pollChanges(client: SoapClient, context: InboundContext, afterPosition: bigint, limit: number): Promise<ChangePage> {
  const result = await client.call('LayThayDoi', { TuViTri: String(afterPosition), SoLuong: limit })
  if (result.kind === 'REPLY') return pageOf(result.value as unknown as WireChangePage, context, afterPosition)
  const isTooLarge = result.kind === 'NO_ANSWER' && result.cause === 'TOO_LARGE'
  if (isTooLarge && limit > 1) return pollChanges(client, context, afterPosition, Math.floor(limit / 2))
  if (!isSpoiltByARow(result)) return { kind: 'FAILED', cause: causeOf(result) }
  if (limit > 1) return pollChanges(client, context, afterPosition, Math.floor(limit / 2))
  return loneRow(result, afterPosition) ?? { kind: 'FAILED', cause: causeOf(result) }
}

async function pageOf(page: WireChangePage, context: InboundContext, afterPosition: bigint): Promise<Page> {
  const messages: InboundMessage[] = []
  const unreadable: Page['unreadable'][number][] = []
  let last = afterPosition
  for (const row of inOrder(page.ThayDoi)) {
    const position = BigInt(row.ViTri ?? '0')
    if (position > last) last = position
    const raw = rawOf(row)
    const eventId = row.MaSuKien.trim()
    try {
      const sender = { channel: 'POLL', operation: row.LoaiThayDoi ?? 'ThayDoi', raw, correlationId: randomUUID() } as const
      messages.push(await messageOf(row, context, sender))
    } catch (error) {
      if (!(error instanceof WireRefused)) throw error
      unreadable.push({ raw, reason: `${error.reason} (${error.field}): ${error.message}`, ...(eventId !== '' && { externalEventId: eventId }) })
    }
  }
  // On an empty page only a position that lies behind ours is news: the stream was set back, which the inbox must see.
  const told = BigInt(page.ViTriCuoi)
  const nextPosition = page.ThayDoi.length === 0 && told < afterPosition ? told : last
  return { kind: 'PAGE', messages, unreadable, nextPosition, more: page.ConNua && page.ThayDoi.length > 0 }
}

/** Rows may come in any order; what happened in one second is told in the order of their positions. */
const inOrder = (rows: readonly WireChange[]): WireChange[] =>
  [...rows].sort((a, b) => (BigInt(a.ViTri ?? '0') < BigInt(b.ViTri ?? '0') ? -1 : 1))

/** The row as read, as JSON; contents of files are left out, they stand in the blob store under MaBam. */
export const rawOf = (row: WireChange): string => JSON.stringify(row, (name, value: unknown) => (name === 'NoiDung' ? undefined : value))

/** True for a well-formed reply with a field of a row that is not as the contract declares it. */
function isSpoiltByARow(result: CallResult): boolean {
  return result.kind === 'NO_ANSWER' && ['BROKEN_REPLY', 'OTHER_ANSWER'].includes(result.cause) && /\bThayDoi\b/.test(result.detail)
}

function loneRow(result: CallResult, afterPosition: bigint): Page | undefined {
  const text = result.evidence.responseText ?? ''
  const position = /<(?:[\w.-]+:)?ViTri>\s*(\d{1,19})\s*</.exec(text)?.[1]
  if (position === undefined || BigInt(position) <= afterPosition) return undefined
  const raw = withoutContents(text, 'NoiDung')
  const eventId = /<(?:[\w.-]+:)?MaSuKien>([^<]{1,200})</.exec(text)?.[1]
  const reason = `SAI_CAU_TRUC: ${result.kind === 'NO_ANSWER' ? result.detail : result.kind}`
  return {
    kind: 'PAGE',
    messages: [],
    unreadable: [{ raw, reason, ...(eventId === undefined ? {} : { externalEventId: eventId }) }],
    nextPosition: BigInt(position),
    more: true,
  }
}

export function causeOf(result: CallResult): string {
  switch (result.kind) {
    case 'REPLY':
      return 'a reply'
    case 'FAULT':
      return `SOAP fault ${result.fault.subcode ?? result.fault.code}`
    case 'HTTP_ERROR':
      return `HTTP ${result.status}`
    case 'NOT_SENT':
      return `${result.why}: ${result.cause}`
    case 'NO_ANSWER':
      return `${result.cause}: ${result.detail}`
  }
}
