import type { TwinCall } from '../../../soap/twin/twin.js'
import { textOf, type WireObject } from '../../../soap/twin/wire-values.js'
import { findDossier, type KeptDossier, type KeptStep, type PortalState } from './portal-state.js'

export const STRENGTHS = ['NONE', 'EXISTS', 'FIELDS', 'KEY_AND_DIGEST'] as const
export type Strength = (typeof STRENGTHS)[number]

/** Whether this portal, as it was told to behave, answers inquiries at least so well. It tells everything unless told otherwise. */
export function tells(settings: Record<string, unknown>, least: Strength): boolean {
  const told = STRENGTHS.indexOf(settings.inquiryStrength as Strength)
  return STRENGTHS.indexOf(least) <= (told < 0 ? STRENGTHS.length - 1 : told)
}

const TOLD_FIELDS = [
  'MaTTHC',
  'ChuHoSo',
  'LoaiDoiTuong',
  'SoGiayToChuHoSo',
  'TrichYeuHoSo',
  'NgayTiepNhan',
  'NgayHenTra',
  'TrangThaiHoSo',
  'NgayTra',
  'NgayKetThucXuLy',
]

/**
 * Tra cứu một hồ sơ: no row when the portal has none of that code, or when it was told to answer so many look-ups from a copy that is
 * behind. Elements go out in the order of these keys.
 */
export function lookUp(args: WireObject, call: TwinCall<PortalState>): Record<string, unknown>[] {
  const code = textOf(args, 'mahoso') ?? ''
  const stale = Number(call.settings.staleLookUps ?? 0)
  if (stale > 0) {
    call.settings.staleLookUps = stale - 1
    return []
  }
  const known = findDossier(call.state, code)
  return known ? [told(code, known, call.settings)] : []
}

function told(code: string, known: KeptDossier, settings: Record<string, unknown>): Record<string, unknown> {
  const withKeys = tells(settings, 'KEY_AND_DIGEST')
  return {
    MaHoSo: code,
    ...(tells(settings, 'FIELDS') && {
      ...Object.fromEntries(TOLD_FIELDS.map((field) => [field, known.fields[field] ?? ''])),
      Tep: known.files.map(({ id, kind }) => ({ TepDinhKemId: id, Loai: kind })),
    }),
    ...(withKeys && {
      PhienBan: known.fields.PhienBan ?? '',
      MaTiepNhan: known.ref,
      MaGiaoDich: known.fields.MaGiaoDich ?? '',
      MaKiemTra: known.fields.MaKiemTra ?? '',
    }),
    ...(tells(settings, 'EXISTS') && { TienDo: known.steps.map((step) => toldStep(step, settings)) }),
  }
}

function toldStep({ ref, fields }: KeptStep, settings: Record<string, unknown>): Record<string, string> {
  return {
    ThoiDiemXuLy: fields.ThoiDiemXuLy ?? '',
    TrangThai: fields.TrangThai ?? '',
    ...(tells(settings, 'FIELDS') && {
      NguoiXuLy: fields.NguoiXuLy ?? '',
      NoiDungXuLy: fields.NoiDungXuLy ?? '',
      NgayKetThucTheoQuyDinh: fields.NgayKetThucTheoQuyDinh ?? '',
    }),
    ...(tells(settings, 'KEY_AND_DIGEST') && { MaTiepNhan: ref, MaGiaoDich: fields.MaGiaoDich ?? '', MaKiemTra: fields.MaKiemTra ?? '' }),
  }
}
