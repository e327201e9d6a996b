import type { TwinCall } from '../../soap/twin/twin.js'
import { TwinFault } from '../../soap/twin/twin-fault.js'
import { textOf, type WireObject } from '../../soap/twin/wire-values.js'
import { bodyOf, lastPosition } from './changes.js'
import { sentFile } from './own-files.js'
import { type ChangeEvent, findDossier, type Transaction, type TwinDossier, type VilisState } from './state.js'

/** What this ViLIS tells about dossiers and changes. How much it tells of a transaction is the setting `inquiryStrength`. */
type Call = TwinCall<VilisState>

const MOST_ROWS = 200

export function showDossier(args: WireObject, call: Call): unknown {
  const code = textOf(args, 'SoBienNhan') ?? ''
  const strength = call.settings.inquiryStrength ?? 'KEY_AND_DIGEST'
  if (strength === 'NONE') throw new TwinFault('Client.KHONG_HO_TRO', 'Chưa hỗ trợ tra cứu')
  const dossier = findDossier(call.state, code)
  if (!dossier) return { SoBienNhan: code, CoHoSo: 'false' }
  return { SoBienNhan: code, CoHoSo: 'true', HoSo: shown(dossier, String(strength)) }
}

function shown(dossier: TwinDossier, strength: string): unknown {
  const fields = {
    MaQuyTrinh: dossier.process,
    XaId: dossier.commune,
    NgayTiepNhan: withOffset(dossier.receivedAt),
    NgayHenTra: withOffset(dossier.dueAt),
  }
  return {
    SoBienNhan: dossier.code,
    MaTiepNhan: dossier.receiptNo,
    ...(dossier.version > 0 && { PhienBan: String(dossier.version) }),
    ...(strength !== 'EXISTS' && fields),
    TrangThai: dossier.step,
    DanhSachGiaoDich: { GiaoDich: dossier.transactions.map((transaction) => shownTransaction(transaction, strength)) },
  }
}

/** In the WSDL's order. */
function shownTransaction(transaction: Transaction, strength: string): unknown {
  const { operation, key, digest, version, receiptNo, at, hashes, fields } = transaction
  const said = (...names: string[]) =>
    Object.fromEntries(names.flatMap((name) => (fields[name] === undefined ? [] : [[name, fields[name]]])))
  const head = { NghiepVu: operation, ...(strength === 'KEY_AND_DIGEST' && { MaGiaoDich: key, MaKiemTra: digest }) }
  if (strength === 'EXISTS')
    return { ...head, ThoiDiem: withOffset(at), MaTiepNhan: receiptNo, PhienBan: String(version), ...said('LanBoSung') }
  return {
    ...head,
    ThoiDiem: withOffset(at),
    MaTiepNhan: receiptNo,
    PhienBan: String(version),
    ...said('MaQuyTrinh', 'XaId', 'NgayTiepNhan', 'NgayHenTra', 'LanBoSung', 'NgayBoSung', 'NgayRut', 'NgayTra', 'HinhThucTra'),
    ...(hashes.length > 0 && { MaBam: hashes }),
  }
}

export function showChanges(args: WireObject, call: Call): unknown {
  const after = BigInt(textOf(args, 'TuViTri') ?? '0')
  const limit = Math.min(Math.max(1, Number(textOf(args, 'SoLuong') ?? MOST_ROWS)), MOST_ROWS)
  const visible = visibleChanges(call)
  const later = visible.filter(({ position }) => BigInt(position) > after)
  const page = later.slice(0, limit)
  const rows = page.map((change) => {
    const files = call.attachments(
      change.files.map((file) => sentFile(file, change.dossierCode)),
      'NoiDung',
    )
    const { eventId, position, kind, at } = change
    return { MaSuKien: eventId, ViTri: position, LoaiThayDoi: kind, ThoiDiem: withOffset(at), [kind]: bodyOf(change, files) }
  })
  return {
    ViTriCuoi: page.at(-1)?.position ?? endOf(call, visible),
    ConNua: String(later.length > page.length),
    ...(rows.length > 0 && { DanhSachThayDoi: { ThayDoi: call.outOfOrder ? rows.reverse() : rows } }),
  }
}

/** Settings `uncommitted` (ids of events whose transactions are still open) and `lagPosition` (a replica that has not caught up). */
function visibleChanges({ state, settings }: Call): ChangeEvent[] {
  const hidden = Array.isArray(settings.uncommitted) ? settings.uncommitted.map(String) : []
  const last = settings.lagPosition === undefined || settings.lagPosition === null ? undefined : BigInt(String(settings.lagPosition))
  return state.changes.filter(({ eventId, position }) => !hidden.includes(eventId) && (last === undefined || BigInt(position) <= last))
}

const endOf = (call: Call, visible: readonly ChangeEvent[]): string =>
  visible.length === call.state.changes.length ? lastPosition(call).toString() : (visible.at(-1)?.position ?? '0')

/** In answers this ViLIS writes local time with its offset. */
function withOffset(iso: string): string {
  const OFFSET_MS = 7 * 3_600_000
  return `${new Date(Date.parse(iso) + OFFSET_MS).toISOString().slice(0, 19)}+07:00`
}
