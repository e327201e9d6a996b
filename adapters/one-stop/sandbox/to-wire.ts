import type { ChangeRow, DeskDossier } from './desk-types.js'
import { fileList, type WireFile } from './files.js'
import { deskInstant, deskWall } from './office-time.js'

const STATUS_NAMES: Readonly<Record<number, string>> = {
  1: 'Mới đăng ký',
  2: 'Được tiếp nhận',
  3: 'Không được tiếp nhận',
  4: 'Đang xử lý',
  5: 'Yêu cầu bổ sung giấy tờ',
  6: 'Yêu cầu thực hiện nghĩa vụ tài chính',
  7: 'Công dân yêu cầu rút hồ sơ',
  8: 'Dừng xử lý',
  9: 'Đã xử lý xong',
  10: 'Đã trả kết quả',
}

/** How files leave the desk: as they are, or as a misbehaviour makes them. */
export type SendFiles = (list: readonly WireFile[]) => WireFile[]

/** One row of LayThayDoi. Keys stand in the WSDL's order: node-soap writes them so. */
export function rowToWire(row: ChangeRow, sent: SendFiles): Record<string, unknown> {
  return {
    ViTri: String(row.position),
    MaSuKien: row.eventId,
    LoaiThayDoi: row.kind,
    ThoiDiem: deskInstant(row.at),
    MaHoSo: row.code,
    ...(row.causedByKey === undefined ? {} : { MaGiaoDichGoc: row.causedByKey }),
    [row.kind]: contentOf(row, sent),
  }
}

/** The call that pushes the same row to the gateway, under the same event id. */
export function rowToPush(row: ChangeRow): { operation: string; args: Record<string, unknown> } {
  const common = {
    MaSuKien: row.eventId,
    ThoiDiem: deskInstant(row.at),
    ...(row.causedByKey === undefined ? {} : { MaGiaoDichGoc: row.causedByKey }),
    ...(row.kind === 'HoSo' ? {} : { MaHoSo: row.code }),
  }
  return { operation: `Day${row.kind}`, args: { ...common, [row.kind]: contentOf(row, (list) => [...list]) } }
}

function contentOf(row: ChangeRow, sent: SendFiles): Record<string, unknown> {
  if (row.dossier) return dossierToWire(row.dossier, sent)
  if (row.supplement) {
    const { no, note, newDueAt, files } = row.supplement
    return {
      LanBoSung: no,
      NgayBoSung: deskWall(row.at),
      ...(newDueAt === undefined ? {} : { NgayHenTraMoi: deskWall(newDueAt) }),
      GhiChu: note,
      DanhSachGiayTo: fileList(files, sent),
    }
  }
  if (row.withdrawal) return { NgayRut: deskWall(row.at), LyDo: row.withdrawal.reason }
  return { NgayTra: deskWall(row.at), HinhThuc: row.handedOut?.method ?? 0, GhiChu: row.handedOut?.note ?? '' }
}

const given = (name: string, value: string | undefined): Record<string, string> => (value === undefined ? {} : { [name]: value })

function dossierToWire(dossier: DeskDossier, sent: SendFiles): Record<string, unknown> {
  const { applicant } = dossier
  return {
    MaHoSo: dossier.code,
    PhienBan: dossier.version,
    MaThuTuc: dossier.procedureCode,
    TenThuTuc: dossier.procedureName,
    MaDonViTiepNhan: dossier.unitCode,
    TenDonViTiepNhan: dossier.unitName,
    KenhThucHien: dossier.channel,
    ChuHoSo: {
      LoaiDoiTuong: applicant.kind,
      HoTen: applicant.name,
      ...given('SoGiayTo', applicant.idNumber),
      ...given('SoDienThoai', applicant.phone),
      ...given('Email', applicant.email),
      ...given('DiaChi', applicant.address),
    },
    TrichYeuHoSo: dossier.summary,
    NgayTiepNhan: deskWall(dossier.receivedAt),
    NgayHenTra: deskWall(dossier.dueAt),
    NguoiTiepNhan: dossier.receivedBy,
    MaTrangThai: dossier.status,
    TenTrangThai: STATUS_NAMES[dossier.status] ?? '',
    DanhSachThuaDat: {
      ThuaDat: dossier.parcels.map((parcel) => ({
        SoHieuBanDo: parcel.sheet,
        SoThuTuThua: parcel.number,
        MaXa: parcel.unitCode,
        ...given('TenXa', parcel.unitName),
        ...given('DienTich', parcel.area),
        ...given('DiaChi', parcel.address),
      })),
    },
    DanhSachGiayChungNhan: {
      GiayChungNhan: dossier.certificates.map(({ serial, register }) => ({ SoPhatHanh: serial, ...given('SoVaoSo', register) })),
    },
    DanhSachGiayTo: fileList(dossier.files, sent),
  }
}
