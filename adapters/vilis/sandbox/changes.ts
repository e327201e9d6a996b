import type { CallsOut } from '../../soap/twin/calls-out.js'
import { type SentFile, sentFile } from './own-files.js'
import { type ChangeEvent, type OwnFile, record, type VilisWork } from './state.js'

/** Where a change carries its files, and whether as a list. The key is the last of the body in the WSDL. */
const FILE_PLACES: Readonly<Record<string, { readonly name: string; readonly list: boolean }>> = {
  ChuyenHoSo: { name: 'DanhSachTapTin', list: true },
  YeuCauBoSungHoSo: { name: 'TapTin', list: false },
  NhanBoSungHoSo: { name: 'TapTin', list: false },
  KetThucHoSo: { name: 'DanhSachGiayToKetQua', list: true },
  TiepNhanHoSoChoMotCua: { name: 'DanhSachGiayToDinhKem', list: true },
}

export interface NewChange {
  readonly kind: string
  readonly dossierCode: string
  /** Twin time by default; another instant for what is told late or early. */
  readonly at?: string
  /** Key of the caller's own write that brought it about. */
  readonly causedBy?: string
  /** In the WSDL's order, behind SoBienNhan. */
  readonly fields: (at: string) => Readonly<Record<string, unknown>>
  readonly files?: readonly OwnFile[]
}

/**
 * Writes a change into the stream, and calls the gateway with it when callbacks are on and an address is set. Both carry the
 * same event id and body. Instants are UTC without saying so, as land systems send them.
 */
export function tell(work: VilisWork, calls: CallsOut, change: NewChange): string {
  const at = change.at ?? work.now().toISOString()
  const position = nextPosition(work)
  const eventId = `SK-${position}`
  const { kind, dossierCode, files = [] } = change
  const head = { MaSuKien: eventId, ...(change.causedBy !== undefined && { MaGiaoDich: change.causedBy }), SoBienNhan: dossierCode }
  publish(work, calls, { eventId, position, kind, dossierCode, at, body: { ...head, ...change.fields(at) }, files })
  return eventId
}

/** The same event once more: another row of the stream, another call. */
export function tellAgain(work: VilisWork, calls: CallsOut, eventId: string): void {
  const change = work.state.changes.find((known) => known.eventId === eventId)
  if (!change) throw new Error(`no event ${eventId}`)
  publish(work, calls, { ...change, position: nextPosition(work) })
}

function publish(work: VilisWork, calls: CallsOut, change: ChangeEvent): void {
  record(work, 'CHANGED', { change })
  if (work.settings.callbacks === false || work.settings.callbackUrl === undefined) return
  const files = change.files.map((file) => sentFile(file, change.dossierCode))
  calls.send({ operation: change.kind, key: change.dossierCode, args: bodyOf(change, files) })
}

/** The body with its files where its WSDL has them. */
export function bodyOf({ kind, body }: ChangeEvent, files: readonly SentFile[]): Record<string, unknown> {
  const place = FILE_PLACES[kind]
  if (!place || files.length === 0) return { ...body }
  return { ...body, [place.name]: place.list ? { TapTin: files } : files[0] }
}

/** An instant as this ViLIS writes it in changes: UTC, without an offset. */
export const wireUtc = (iso: string): string => new Date(iso).toISOString().slice(0, 19)

export function lastPosition(work: Pick<VilisWork, 'state' | 'settings'>): bigint {
  return work.state.changes.reduce((last, { position }) => (BigInt(position) > last ? BigInt(position) : last), firstPosition(work) - 1n)
}

function nextPosition(work: VilisWork): string {
  return (lastPosition(work) + 1n).toString()
}

/** Setting `firstPosition`: a stream may begin beyond 2^53. */
const firstPosition = ({ settings }: Pick<VilisWork, 'settings'>): bigint => BigInt(String(settings.firstPosition ?? 1))
