import { randomUUID } from 'node:crypto'
import type { InboundMessage } from '../../src/model/inbound.js'
import type { ChangePage } from '../../src/ports/inbound.js'
import type { CallResult, SoapClient } from '../soap/client.js'
import { failedPage } from '../soap/failed-read.js'
import { isSpoilt, loneRow, type PageNames } from '../soap/spoilt-page.js'
import { WireRefused } from './attachments.js'
import { ONE_STOP_FAULTS } from './faults.js'
import { type InboundContext, messageOf } from './inbound-mapping.js'
import type { WireChange, WireChangePage } from './wire-types.js'

type Page = Extract<ChangePage, { kind: 'PAGE' }>

const NAMES: PageNames = { row: 'ThayDoi', position: 'ViTri', eventId: 'MaSuKien', contents: 'NoiDung' }

/**
 * Reads LayThayDoi. A row that the contract allows and that still cannot be meant is `unreadable` by itself. A row that breaks the
 * contract or XML itself spoils the reply it stands in: the page is then asked for again in halves until the row stands alone, and it
 * alone is kept as unreadable; the stream does not stop for it. Rows carry their files, so a page may also be too large: halves again.
 */
export async function pollChanges(client: SoapClient, context: InboundContext, afterPosition: bigint, limit: number): Promise<ChangePage> {
  const result = await client.call('LayThayDoi', { TuViTri: String(afterPosition), SoLuong: limit })
  if (result.kind === 'REPLY') return pageOf(result.value as unknown as WireChangePage, context, afterPosition)
  if (limit > 1 && isSpoilt(result, NAMES)) return pollChanges(client, context, afterPosition, Math.floor(limit / 2))
  const row = isSpoilt(result, NAMES) ? unreadableRow(result, afterPosition) : undefined
  return row ?? failedPage(ONE_STOP_FAULTS, result, limit)
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
      unreadable.push({
        raw,
        reason: `${error.message.replace(/\.$/, '')} (${error.reason}: ${error.field}).`,
        ...(eventId !== '' && { externalEventId: eventId }),
      })
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
const rawOf = (row: WireChange): string => JSON.stringify(row, (name, value: unknown) => (name === 'NoiDung' ? undefined : value))

/** The row as it came, which nobody could read. */
function unreadableRow(result: CallResult, afterPosition: bigint): Page | undefined {
  const row = loneRow(result, afterPosition, NAMES)
  if (!row) return undefined
  const { position, ...kept } = row
  const reason = `Thay đổi không đúng cấu trúc của hợp đồng hoặc của XML (SAI_CAU_TRUC: ${result.kind === 'NO_ANSWER' ? result.detail : result.kind}).`
  return { kind: 'PAGE', messages: [], unreadable: [{ ...kept, reason }], nextPosition: position, more: true }
}
