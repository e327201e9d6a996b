import { liesAbout } from '../../soap/twin/lie.js'
import type { TwinCall, TwinHandler } from '../../soap/twin/twin.js'
import { groupOf, textOf, type WireObject } from '../../soap/twin/wire-values.js'
import { type DeskState, findRecord, happen } from './desk.js'
import type { AcceptedWrite } from './desk-types.js'
import { type DeskFile, hashOf, receivedFiles } from './files.js'
import { DeskRefusal, dossierIn, instantIn, need, noticesIn, statusIn } from './from-wire.js'

type Call = TwinCall<DeskState>

/** What a write brings, read out of its own fields. */
type ReadDetail = (args: WireObject, call: Call) => Omit<AcceptedWrite['detail'], 'at'>

const WRITES: Readonly<Record<string, ReadDetail>> = {
  TiepNhanHoSoLienThong: (args, call) => {
    const wire = groupOf(args, 'HoSo')
    const dossier = dossierIn(wire, keptFiles(groupOf(wire, 'DanhSachGiayTo'), call))
    if (dossier.code !== textOf(args, 'MaHoSo')) throw new DeskRefusal('SAI_DU_LIEU', 'Mã hồ sơ trong HoSo khác MaHoSo', 'HoSo.MaHoSo')
    return { dossier, status: dossier.status, dueAt: dossier.dueAt, files: dossier.files }
  },
  TiepNhanBoSungLienThong: (args, call) => {
    const wire = groupOf(args, 'BoSung')
    const no = Number(need(wire, 'LanBoSung'))
    if (!(Number.isInteger(no) && no >= 1)) throw new DeskRefusal('SAI_DU_LIEU', 'Lần bổ sung tính từ 1', 'BoSung.LanBoSung')
    const files = keptFiles(groupOf(wire, 'DanhSachGiayTo'), call)
    return { supplement: { no, note: textOf(wire, 'GhiChu') ?? '', files }, files }
  },
  CapNhatTrangThai: (args) => ({ status: statusIn(args), dueAt: instantIn(args, 'NgayHenTra'), note: textOf(args, 'NoiDung') ?? '' }),
  CapNhatNghiaVuTaiChinh: (args) => ({ notices: noticesIn(args) }),
  CapNhatKetQua: (args, call) => ({
    status: statusIn(args),
    note: textOf(args, 'GhiChu') ?? '',
    files: keptFiles(groupOf(args, 'DanhSachGiayTo'), call),
  }),
}

/**
 * The writes of the gateway. Each accepted one is a deed ACCEPTED, also when it was accepted before: doubles are counted so.
 * Told to de-duplicate, the desk answers DA_TON_TAI to a key it has, and to the registration of a dossier it has.
 */
export const WRITE_HANDLERS: Readonly<Record<string, TwinHandler<DeskState>>> = Object.fromEntries(
  Object.entries(WRITES).map(([operation, read]) => [operation, (args: WireObject, call: Call) => answer(operation, args, call, read)]),
)

function answer(operation: string, args: WireObject, call: Call, read: ReadDetail): Record<string, unknown> {
  const key = textOf(args, 'MaGiaoDich') ?? ''
  try {
    if (call.settings.suspended === true) throw new DeskRefusal('TAM_NGUNG', 'Một cửa tạm ngừng nhận liên thông')
    need(args, 'MaGiaoDich')
    const existing = call.settings.deduplicate === true ? heldAlready(operation, args, call.state) : undefined
    if (existing) return alreadyThere(operation, args, call, existing)
    const write = accept(operation, args, call, read)
    const files = write.detail.files?.map((file) => ({ TenTapTin: file.fileName, MaBam: hashOf(file) }))
    return {
      KetQua: 1,
      ThongBao: 'Đã tiếp nhận',
      MaGiaoDich: key,
      MaTiepNhan: write.reference,
      ...(files ? { DanhSachTapTin: { TapTin: files } } : {}),
    }
  } catch (error) {
    if (!(error instanceof DeskRefusal)) throw error
    call.did('REFUSED', {
      type: 'REFUSED',
      operation,
      dossierCode: textOf(args, 'MaHoSo') ?? '',
      key,
      code: error.code,
      field: error.field ?? '',
    })
    return {
      KetQua: 0,
      MaLoi: error.code,
      ThongBao: error.message,
      ...(error.field === undefined ? {} : { Truong: error.field }),
      MaGiaoDich: key,
    }
  }
}

function accept(operation: string, args: WireObject, call: Call, read: ReadDetail): AcceptedWrite {
  const dossierCode = need(args, 'MaHoSo')
  if (operation !== 'TiepNhanHoSoLienThong' && !findRecord(call.state, dossierCode)) {
    throw new DeskRefusal('KHONG_TIM_THAY', 'Không có hồ sơ này tại một cửa', 'MaHoSo')
  }
  const write: AcceptedWrite = {
    operation,
    dossierCode,
    key: need(args, 'MaGiaoDich'),
    digest: textOf(args, 'MaKiemTra') ?? '',
    version: Number(textOf(args, 'PhienBan')),
    reference: `MC-${String(call.seq).padStart(6, '0')}`,
    detail: { at: instantIn(args, 'ThoiDiem'), ...read(args, call) },
  }
  if (liesAbout(call.settings, operation)) call.did('LIED', { operation, dossierCode, key: write.key })
  else happen(call, 'ACCEPTED', { type: 'ACCEPTED', at: eventTime(call), ...write })
  return write
}

/** When something happens at the desk: its own time, or real time where it must not run ahead of its neighbours. */
export const eventTime = ({ settings, now }: Pick<Call, 'settings' | 'now'>): string =>
  (settings.realEventTimes === true ? new Date() : now()).toISOString()

type Existing = { readonly digest?: string; readonly reference?: string }

function heldAlready(operation: string, args: WireObject, state: DeskState): Existing | undefined {
  const byKey = state.writesByKey.get(textOf(args, 'MaGiaoDich') ?? '')
  if (byKey) return byKey
  if (operation !== 'TiepNhanHoSoLienThong') return undefined
  const record = findRecord(state, textOf(args, 'MaHoSo') ?? '')
  // Born at the desk: there is no digest to tell.
  return record && (record.writes.find((write) => write.operation === operation) ?? {})
}

function alreadyThere(operation: string, args: WireObject, call: Call, existing: Existing): Record<string, unknown> {
  const key = textOf(args, 'MaGiaoDich') ?? ''
  call.did('ALREADY_THERE', { type: 'ALREADY_THERE', operation, dossierCode: textOf(args, 'MaHoSo') ?? '', key })
  const told = call.settings.tellDigest === false ? undefined : existing.digest
  return {
    KetQua: 0,
    MaLoi: 'DA_TON_TAI',
    ThongBao: 'Giao dịch đã tồn tại',
    MaGiaoDich: key,
    ...(existing.reference === undefined ? {} : { MaTiepNhan: existing.reference }),
    ...(told === undefined ? {} : { MaKiemTra: told }),
  }
}

function keptFiles(list: WireObject | undefined, call: Call): DeskFile[] {
  const received = receivedFiles(list)
  if ('wrong' in received) throw new DeskRefusal('SAI_TEP_DINH_KEM', 'Tập tin đính kèm không khớp bảng kê', received.wrong)
  return call.attachments(received.files, 'base64')
}
