import type { Channel, PartyKind } from '../../../src/model/dossier-content.js'
import { nationalCode } from '../../../src/model/dossier-status.js'
import type { SyncDossierBody, SyncProgressBody } from '../../../src/model/transfer-body.js'
import type { NotSent, Sending } from '../../../src/ports/target-system.js'
import { formatCompact } from '../../soap/wire-time.js'
import type { PreparedFile, PreparedFiles } from './attachments.js'
import type { BuocTienDo, HoSo, TapTin } from './wire.js'

/** Lĩnh vực của các thủ tục được đồng bộ; a dossier does not say it itself. */
export interface Sector {
  readonly code: string
  readonly name: string
}

type Carried<B> = { readonly body: B; readonly sending: Sending; readonly timeZone: string }

/**
 * The status goes out as the true national code, always: a dossier that is paused (5, 6) or stopped (8) is never told to be finished
 * (9). Everything is a string; what we do not know is the empty string.
 */
export function toHoSo({ body, sending, timeZone }: Carried<SyncDossierBody>, files: PreparedFiles, sector?: Sector): HoSo {
  const { dossier } = body
  const { applicant } = dossier
  const time = (iso: string | undefined): string => (iso === undefined ? '' : formatCompact(iso, timeZone))
  return {
    MaHoSo: body.dossierCode,
    MaTTHC: dossier.procedureCode,
    TenTTHC: dossier.procedureName,
    MaLinhVuc: sector?.code ?? '',
    TenLinhVuc: sector?.name ?? '',
    KenhThucHien: CHANNEL_CODE[dossier.channel],
    ChuHoSo: applicant.fullName,
    LoaiDoiTuong: PARTY_CODE[applicant.kind],
    MaDoiTuong: '',
    SoGiayToChuHoSo: applicant.idNumber ?? '',
    ThongTinKhac: '',
    Email: applicant.email ?? '',
    Fax: '',
    SoDienThoai: applicant.phone ?? '',
    TrichYeuHoSo: dossier.summary,
    NgayTiepNhan: time(dossier.receivedAt),
    NgayHenTra: time(body.dueAt),
    TrangThaiHoSo: String(nationalCode(body.status)),
    NgayTra: time(body.returnedAt),
    ThongTinTra: '',
    HinhThuc: '',
    NgayKetThucXuLy: time(body.finishedAt),
    DonViXuLy: dossier.receivingUnit.name,
    GhiChu: '',
    NgayTuChoi: body.status === 'NOT_ACCEPTED' ? time(body.at) : '',
    NgayNopHoSo: '',
    NoiNopHoSo: '',
    HoSoCoThanhPhanSoHoa: files.submitted.length > 0 ? '1' : '0',
    TaiLieuNop: files.submitted.map((file) => ({
      TepDinhKemId: file.document.sha256,
      TenTepDinhKem: file.document.name,
      IsDeleted: 'False',
      MaThanhPhanHoSo: '',
      DuongDanTaiTepTin: file.url,
      DuocSoHoa: '1',
      DuocTaiSuDung: '0',
      DuocLayTuKhoDMQG: '0',
      MaKetQuaThayThe: '',
      ...toTapTin(file),
    })),
    DanhSachGiayToKetQua: files.results.map((file) => ({
      TenGiayTo: file.document.name,
      MaThanhPhanHoSo: '',
      GiayToId: file.document.sha256,
      DuongDanTepTinKetQua: file.url,
      MaGiayToKetQua: '',
      ...toTapTin(file),
    })),
    BangKeTep: { SoLuong: String(files.count), TongKichThuoc: String(files.totalBytes) },
    ...identityOf(sending, body.dossierVersion),
  }
}

/** When the step was begun, by which unit and in which office the event does not say: empty. */
export function toTienDo({ body, sending, timeZone }: Carried<SyncProgressBody>): BuocTienDo {
  return {
    MaHoSo: body.dossierCode,
    NguoiXuLy: body.officer ?? '',
    ChucDanh: '',
    ThoiDiemXuLy: formatCompact(body.at, timeZone),
    PhongBanXuLy: '',
    NoiDungXuLy: body.note,
    TrangThai: String(nationalCode(body.status)),
    NgayBatDau: '',
    NgayKetThucTheoQuyDinh: formatCompact(body.dueAt, timeZone),
    ...identityOf(sending, body.dossierVersion),
  }
}

/** A body with an instant that is none cannot be written: it is held, with the field unnamed because nothing of it may be guessed. */
export function mapped<Wire>(map: () => Wire): Wire | NotSent {
  try {
    return map()
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    return { kind: 'NOT_SENT', code: 'BODY_INVALID', reason: 'Nội dung có ngày giờ không đọc được, chưa gửi Cổng dịch vụ công.' }
  }
}

const identityOf = (sending: Sending, version: number) => ({
  PhienBan: String(version),
  MaGiaoDich: sending.idempotencyKey,
  MaKiemTra: sending.digest,
})

function toTapTin({ document, content }: PreparedFile): TapTin {
  return {
    TenTapTin: document.fileName,
    KieuFile: document.mediaType,
    KichThuoc: String(document.sizeBytes),
    MaBam: document.sha256,
    ...(content !== undefined && { NoiDung: content }),
  }
}

const CHANNEL_CODE: Record<Channel, string> = { DIRECT: '1', ONLINE: '2', POST: '3' }
const PARTY_CODE: Record<PartyKind, string> = { CITIZEN: '1', ENTERPRISE: '2', STATE_BODY: '3', ORGANISATION: '4' }
