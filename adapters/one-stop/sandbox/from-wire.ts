import { groupOf, groupsOf, textOf, type WireObject } from '../../soap/twin/wire-values.js'
import type { DeskDossier, TaxNotice } from './desk-types.js'
import type { DeskFile } from './files.js'

/** What the desk refuses, with its code and the field to mend. */
export class DeskRefusal extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly field?: string,
  ) {
    super(message)
  }
}

export function need(from: WireObject | undefined, name: string): string {
  const text = textOf(from, name)
  if (text === undefined || text === '') throw new DeskRefusal('THIEU_DU_LIEU', `Thiếu ${name}`, name)
  return text
}

/** Only what says its offset is an instant for this desk. */
export function instantIn(from: WireObject | undefined, name: string): string {
  const text = need(from, name)
  const at = /(Z|[+-]\d{2}:\d{2})$/.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(at)) throw new DeskRefusal('SAI_NGAY', `${name} không phải thời điểm có múi giờ`, name)
  return new Date(at).toISOString()
}

export function statusIn(from: WireObject): number {
  const status = Number(need(from, 'MaTrangThai'))
  if (!(Number.isInteger(status) && status >= 1 && status <= 10)) {
    throw new DeskRefusal('SAI_TRANG_THAI', 'Mã trạng thái ngoài danh mục 1..10', 'MaTrangThai')
  }
  return status
}

export function noticesIn(args: WireObject): TaxNotice[] {
  return groupsOf(groupOf(args, 'DanhSachThongBaoThue'), 'ThongBaoThue').map((row) => ({
    number: need(row, 'SoThongBao'),
    kind: need(row, 'LoaiThue'),
    payer: textOf(row, 'NguoiNop') ?? '',
    ...present('amount', textOf(row, 'SoTien')),
    ...present('url', textOf(row, 'DuongDan')),
  }))
}

export function dossierIn(wire: WireObject | undefined, files: readonly DeskFile[]): DeskDossier {
  if (!wire) throw new DeskRefusal('THIEU_DU_LIEU', 'Thiếu HoSo', 'HoSo')
  const applicant = groupOf(wire, 'ChuHoSo')
  return {
    code: need(wire, 'MaHoSo'),
    version: Number(need(wire, 'PhienBan')),
    procedureCode: need(wire, 'MaThuTuc'),
    procedureName: textOf(wire, 'TenThuTuc') ?? '',
    unitCode: need(wire, 'MaDonViTiepNhan'),
    unitName: textOf(wire, 'TenDonViTiepNhan') ?? '',
    channel: Number(need(wire, 'KenhThucHien')),
    applicant: {
      kind: Number(need(applicant, 'LoaiDoiTuong')),
      name: need(applicant, 'HoTen'),
      ...present('idNumber', textOf(applicant, 'SoGiayTo')),
      ...present('phone', textOf(applicant, 'SoDienThoai')),
      ...present('email', textOf(applicant, 'Email')),
      ...present('address', textOf(applicant, 'DiaChi')),
    },
    summary: textOf(wire, 'TrichYeuHoSo') ?? '',
    receivedAt: instantIn(wire, 'NgayTiepNhan'),
    dueAt: instantIn(wire, 'NgayHenTra'),
    receivedBy: textOf(wire, 'NguoiTiepNhan') ?? '',
    status: statusIn(wire),
    parcels: groupsOf(groupOf(wire, 'DanhSachThuaDat'), 'ThuaDat').map((row) => ({
      sheet: need(row, 'SoHieuBanDo'),
      number: need(row, 'SoThuTuThua'),
      unitCode: need(row, 'MaXa'),
      ...present('unitName', textOf(row, 'TenXa')),
      ...present('area', textOf(row, 'DienTich')),
      ...present('address', textOf(row, 'DiaChi')),
    })),
    certificates: groupsOf(groupOf(wire, 'DanhSachGiayChungNhan'), 'GiayChungNhan').map((row) => ({
      serial: need(row, 'SoPhatHanh'),
      ...present('register', textOf(row, 'SoVaoSo')),
    })),
    files,
  }
}

const present = <Key extends string>(key: Key, text: string | undefined): { [name in Key]?: string } =>
  (text === undefined ? {} : { [key]: text }) as { [name in Key]?: string }
