import { parseWireInstant } from '../soap/wire-time.js'

/**
 * Múi giờ của từng trường: which zone a wire field is in when it says none. The callbacks of the known land systems carry UTC
 * without saying so, and receivers shifted them by hand, some twice; so the zone is declared here per field and nowhere else. A
 * value with an offset speaks for itself. LOCAL is the site's zone (`SystemSettings.timeZone`), CALLBACK the zone that the site
 * has declared for ViLIS's own messages (UTC unless told otherwise).
 */
export const FIELD_ZONES = {
  'ChuyenHoSo.NgayChuyen': 'CALLBACK',
  'ChuyenHoSo.HanXuLy': 'CALLBACK',
  'YeuCauBoSungHoSo.NgayChoBoSung': 'CALLBACK',
  'NhanBoSungHoSo.NgayNhanBoSung': 'CALLBACK',
  'NhanBoSungHoSo.NgayHenTraMoi': 'CALLBACK',
  'GuiKetQuaThue.NgayCoKetQuaThue': 'CALLBACK',
  'KetThucHoSo.NgayKetThuc': 'CALLBACK',
  'TiepNhanHoSoChoMotCua.NgayTiepNhan': 'CALLBACK',
  'TiepNhanHoSoChoMotCua.NgayHenTra': 'CALLBACK',
  'HoSo.NgayTiepNhan': 'LOCAL',
  'HoSo.NgayHenTra': 'LOCAL',
  'GiaoDich.NgayTiepNhan': 'LOCAL',
  'GiaoDich.NgayHenTra': 'LOCAL',
  'GiaoDich.NgayBoSung': 'LOCAL',
  'GiaoDich.NgayRut': 'LOCAL',
  'GiaoDich.NgayTra': 'LOCAL',
  'TraCuu.ThoiDiem': 'LOCAL',
  'DoiSoat.NgayTiepNhan': 'LOCAL',
  'DoiSoat.NgayHenTra': 'LOCAL',
  'DoiSoat.NgaySua': 'LOCAL',
} as const

export type TimeField = keyof typeof FIELD_ZONES

export interface WireZones {
  readonly LOCAL: string
  readonly CALLBACK: string
}

/** ISO-8601 UTC, or null when the text is no instant: the caller refuses what holds it. */
export function readInstant(field: TimeField, text: string, zones: WireZones): string | null {
  return parseWireInstant(text, zones[FIELD_ZONES[field]])
}
