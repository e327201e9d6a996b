import type { TwinCall, TwinHandler } from '../../soap/twin/twin.js'
import { TwinFault } from '../../soap/twin/twin-fault.js'
import { textOf, type WireObject } from '../../soap/twin/wire-values.js'
import { type DeskState, findRecord } from './desk.js'
import type { AcceptedWrite, ChangeRow, DeskRecord } from './desk-types.js'
import { type DeskFile, hashOf, sizeOf } from './files.js'
import { deskInstant, deskWall } from './office-time.js'
import { rowToWire } from './to-wire.js'

type Call = TwinCall<DeskState>

/** Most rows of one page, whatever is asked for. */
const MAX_PAGE = 500

/** A page ends before its files weigh more than this, though never before its first row. */
const MAX_PAGE_BYTES = 8 * 1024 * 1024

export const STRENGTHS = ['KEY_AND_DIGEST', 'FIELDS', 'EXISTS', 'NONE'] as const
export type Strength = (typeof STRENGTHS)[number]

/** LayThayDoi and TraCuuHoSo. How much an inquiry tells is the setting `inquiryStrength`. */
export const READ_HANDLERS: Readonly<Record<string, TwinHandler<DeskState>>> = { LayThayDoi: changesSince, TraCuuHoSo: lookUp }

function changesSince(args: WireObject, call: Call): Record<string, unknown> | Promise<never> {
  const after = Number(textOf(args, 'TuViTri'))
  const asked = Number(textOf(args, 'SoLuong'))
  if (!Number.isInteger(after) || !(asked > 0)) throw new TwinFault('Client.SAI_CAU_TRUC', 'TuViTri hoặc SoLuong không hợp lệ')
  const { rows } = call.state
  // Positions are 1, 2, 3…: the row at index i has position i + 1.
  const from = Math.max(after, 0)
  const page = withinBytes(rows.slice(from, from + Math.min(asked, MAX_PAGE)))
  if (page.length > Number(call.settings.slowAbove ?? MAX_PAGE)) return new Promise(() => undefined)
  const shown = call.outOfOrder ? [...page].reverse() : page
  return {
    ViTriCuoi: String(page.at(-1)?.position ?? rows.length),
    ConNua: from + page.length < rows.length,
    ThayDoi: shown.map((row) =>
      rowToWire(call.settings.tellCause === false ? withoutCause(row) : row, (list) => call.attachments(list, 'NoiDung')),
    ),
  }
}

function withinBytes(rows: readonly ChangeRow[]): readonly ChangeRow[] {
  let bytes = 0
  const end = rows.findIndex((row, index) => {
    for (const file of row.dossier?.files ?? row.supplement?.files ?? []) bytes += sizeOf(file)
    return index > 0 && bytes > MAX_PAGE_BYTES
  })
  return end < 0 ? rows : rows.slice(0, end)
}

/** A one-stop system that does not say whose write a change came from. */
const withoutCause = ({ causedByKey: _key, ...row }: ChangeRow): ChangeRow => row

function lookUp(args: WireObject, call: Call): Record<string, unknown> {
  const strength = (call.settings.inquiryStrength ?? 'KEY_AND_DIGEST') as Strength
  if (strength === 'NONE') throw new TwinFault('Client.KHONG_HO_TRO', 'Một cửa này không cho tra cứu')
  const code = textOf(args, 'MaHoSo') ?? ''
  const record = findRecord(call.state, code)
  if (!record) return { MaHoSo: code, TonTai: false }
  return {
    MaHoSo: code,
    TonTai: true,
    ...(strength === 'EXISTS' ? {} : { HienTrang: presentState(record) }),
    DanhSachGiaoDich: { GiaoDich: record.writes.map((write) => entryOf(write, strength)) },
  }
}

function entryOf(write: AcceptedWrite, strength: Strength): Record<string, unknown> {
  const { status, dueAt, supplement, at } = write.detail
  const showsKey = strength === 'KEY_AND_DIGEST'
  return {
    ...(showsKey ? { MaGiaoDich: write.key } : {}),
    NghiepVu: write.operation,
    ...(showsKey ? { MaKiemTra: write.digest } : {}),
    MaTiepNhan: write.reference,
    ThoiDiem: deskInstant(at),
    ...(strength === 'EXISTS' || status === undefined ? {} : { MaTrangThai: status }),
    ...(strength === 'EXISTS' || dueAt === undefined ? {} : { NgayHenTra: deskWall(dueAt) }),
    ...(strength === 'EXISTS' || supplement === undefined ? {} : { LanBoSung: supplement.no }),
  }
}

function presentState({ dossier, results, notices, handedIn }: DeskRecord): Record<string, unknown> {
  return {
    PhienBan: dossier.version,
    MaThuTuc: dossier.procedureCode,
    HoTenChuHoSo: dossier.applicant.name,
    NgayTiepNhan: deskWall(dossier.receivedAt),
    NgayHenTra: deskWall(dossier.dueAt),
    MaTrangThai: dossier.status,
    DanhSachTapTin: { TapTin: dossier.files.map(namedHash) },
    DanhSachTapTinKetQua: { TapTin: results.map(namedHash) },
    DanhSachBoSung: { BoSung: handedIn.map(({ no, files }) => ({ LanBoSung: no, DanhSachTapTin: { TapTin: files.map(namedHash) } })) },
    DanhSachThongBaoThue: {
      ThongBaoThue: notices.map((notice) => ({
        SoThongBao: notice.number,
        LoaiThue: notice.kind,
        NguoiNop: notice.payer,
        ...(notice.amount === undefined ? {} : { SoTien: notice.amount }),
        ...(notice.url === undefined ? {} : { DuongDan: notice.url }),
      })),
    },
  }
}

const namedHash = (file: DeskFile): Record<string, string> => ({ TenTapTin: file.fileName, MaBam: hashOf(file) })
