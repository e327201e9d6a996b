import { randomUUID } from 'node:crypto'
import type { InboundMessage } from '../../src/model/inbound.js'
import type { KeepDocument } from '../../src/ports/documents.js'
import type { ChangePage, PolledSystem } from '../../src/ports/inbound.js'
import type { SystemSettings } from '../../src/ports/system-settings.js'
import type { SoapClient } from '../soap/client.js'
import type { Codes } from './codes.js'
import { readMessage } from './inbound-mapping.js'
import { Unreadable } from './wire-fields.js'
import type { ChangesReply, WireChange } from './wire-replies.js'
import type { WireZones } from './wire-times.js'

/**
 * LayThayDoi: what has changed at ViLIS since a position. A row that cannot be read stops nothing and is not skipped: it is handed on raw, with
 * the reason. The position after a page is that of its last row by number; of an empty page it is the last position that ViLIS has, so that a
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

async function readChanges(afterPosition: bigint, limit: number, options: PolledOptions): Promise<ChangePage> {
  const correlationId = randomUUID()
  const fields = { TuViTri: afterPosition.toString(), SoLuong: limit }
  const result = await options.client.call('LayThayDoi', fields, { totalMs: options.settings.readDeadlineMs, correlationId })
  if (result.kind !== 'REPLY') return { kind: 'FAILED', cause: result.kind === 'FAULT' ? `SOAP fault ${result.fault.code}` : result.kind }
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
      unreadable.push({ raw, reason: error.sentence, ...(row.MaSuKien !== undefined && { externalEventId: row.MaSuKien }) })
    }
  }
  const nextPosition = BigInt(rows.at(-1)?.ViTri ?? reply.ViTriCuoi)
  // A page without rows that promises more would be asked for without end.
  return { kind: 'PAGE', messages, unreadable, nextPosition, more: reply.ConNua && rows.length > 0 }
}

async function readRow(row: WireChange, raw: string, correlationId: string, options: PolledOptions): Promise<InboundMessage> {
  const body = row[row.LoaiThayDoi]
  if (typeof body !== 'object' || body === null) {
    throw new Unreadable('LoaiThayDoi', 'Thay đổi không mang phần nội dung có tên như LoaiThayDoi của nó.')
  }
  const message = await readMessage(row.LoaiThayDoi, body as Record<string, unknown>, options)
  const externalEventId = message.externalEventId ?? row.MaSuKien
  return { ...message, ...(externalEventId !== undefined && { externalEventId }), source: 'VILIS', channel: 'POLL', raw, correlationId }
}

/** The row for people, without the bytes of its files: those stand in the blob store. */
function rawOf(row: WireChange): string {
  return JSON.stringify(row, (key, value: unknown) =>
    key === 'NoiDung' && typeof value === 'string' ? `(${value.length} ký tự base64)` : value,
  )
}
