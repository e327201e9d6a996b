import { randomUUID } from 'node:crypto'
import type { InboundMessage } from '../../src/model/inbound.js'
import type { KeepDocument } from '../../src/ports/documents.js'
import type { ChangePage, PolledSystem } from '../../src/ports/inbound.js'
import type { SystemSettings } from '../../src/ports/system-settings.js'
import type { SoapClient } from '../soap/client.js'
import { failedPage } from '../soap/failed-read.js'
import { isSpoilt, type LoneRow, loneRow, type PageNames } from '../soap/spoilt-page.js'
import type { Codes } from './codes.js'
import { VILIS_FAULTS } from './faults.js'
import { readMessage } from './inbound-mapping.js'
import { Unreadable } from './wire-fields.js'
import type { ChangesReply, WireChange } from './wire-replies.js'
import type { WireZones } from './wire-times.js'

/**
 * LayThayDoi: what has changed at ViLIS since a position. A row that cannot be read stops nothing and is not skipped: it is handed on raw, with
 * the reason; one that spoils its whole page is first read alone (`soap/spoilt-page.ts`). The position after a page is that of its last row by number; of an empty page it is the last position that ViLIS has, so that a
 * cursor that ran backwards (a backup was restored over there) shows.
 */
export interface PolledOptions {
  readonly client: SoapClient
  readonly settings: Pick<SystemSettings, 'poll' | 'readDeadlineMs'>
  readonly codes: Codes
  readonly zones: WireZones
  readonly keepDocument: KeepDocument
}

export function createVilisPolled(options: PolledOptions): PolledSystem {
  return {
    id: 'VILIS',
    overlap: options.settings.poll.overlap,
    readChanges: (afterPosition, limit) => readChanges(afterPosition, limit, options),
  }
}

const NAMES: PageNames = { row: 'ThayDoi', position: 'ViTri', eventId: 'MaSuKien', contents: 'NoiDung' }

async function readChanges(afterPosition: bigint, limit: number, options: PolledOptions): Promise<ChangePage> {
  const correlationId = randomUUID()
  const fields = { TuViTri: afterPosition.toString(), SoLuong: limit }
  const result = await options.client.call('LayThayDoi', fields, { totalMs: options.settings.readDeadlineMs, correlationId })
  if (result.kind !== 'REPLY') {
    const isSpoiltByRows = isSpoilt(result, NAMES)
    if (isSpoiltByRows && limit > 1) return readChanges(afterPosition, Math.floor(limit / 2), options)
    const row = isSpoiltByRows ? loneRow(result, afterPosition, NAMES) : undefined
    return row ? unreadableRow(row) : failedPage(VILIS_FAULTS, result, limit)
  }
  const reply = result.value as unknown as ChangesReply
  const rows = [...(reply.DanhSachThayDoi?.ThayDoi ?? [])].sort((a, b) => (BigInt(a.ViTri) < BigInt(b.ViTri) ? -1 : 1))
  const messages: InboundMessage[] = []
  const unreadable: { raw: string; reason: string; externalEventId?: string }[] = []
  for (const row of rows) {
    const raw = rawOf(row)
    try {
      messages.push(await readRow(row, raw, correlationId, options))
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error
      unreadable.push({ raw, reason: error.sentence, ...eventIdOf(row) })
    }
  }
  const last = rows.at(-1)
  const nextPosition = last ? BigInt(last.ViTri) : endOfEmpty(BigInt(reply.ViTriCuoi), afterPosition, options.settings.poll.overlap)
  // A page without rows that promises more would be asked for without end.
  return { kind: 'PAGE', messages, unreadable, nextPosition, more: reply.ConNua && rows.length > 0 }
}

const unreadableRow = ({ position, ...row }: LoneRow): ChangePage => ({
  kind: 'PAGE',
  messages: [],
  unreadable: [{ ...row, reason: 'Thay đổi không đúng cấu trúc của hợp đồng hoặc của XML.' }],
  nextPosition: position,
  more: true,
})

/**
 * Where an empty page leaves us. A position far ahead of us says that there are rows, and the page has none of them: no further is gone than
 * the next poll reads again.
 */
function endOfEmpty(told: bigint, afterPosition: bigint, overlap: bigint): bigint {
  const furthest = afterPosition + overlap
  return told > furthest ? furthest : told
}

/** A blank one is none: else every change without an id would count as the same. */
function eventIdOf(row: WireChange): { externalEventId?: string } {
  const id = row.MaSuKien?.trim()
  return id ? { externalEventId: id } : {}
}

async function readRow(row: WireChange, raw: string, correlationId: string, options: PolledOptions): Promise<InboundMessage> {
  const body = row[row.LoaiThayDoi]
  if (typeof body !== 'object' || body === null) {
    throw new Unreadable('LoaiThayDoi', 'Thay đổi không mang phần nội dung có tên như LoaiThayDoi của nó.')
  }
  const message = await readMessage(row.LoaiThayDoi, body as Record<string, unknown>, options)
  return { ...eventIdOf(row), ...message, source: 'VILIS', channel: 'POLL', raw, correlationId }
}

/** The row for people, without the bytes of its files: those stand in the blob store. */
function rawOf(row: WireChange): string {
  return JSON.stringify(row, (key, value: unknown) =>
    key === 'NoiDung' && typeof value === 'string' ? `(${value.length} ký tự base64)` : value,
  )
}
