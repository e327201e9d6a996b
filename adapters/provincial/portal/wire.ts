/**
 * The portal's messages as TypeScript sees them, field for field as in `wsdl/cong-dich-vu-cong.wsdl`, where each field is
 * documented. Every value is a string. What is optional here has minOccurs 0 there; lists are never absent once read.
 */
export interface TapTin {
  readonly TenTapTin: string
  readonly KieuFile: string
  readonly KichThuoc: string
  readonly MaBam: string
  /** Bytes as we write it, base64 as it is read. */
  readonly NoiDung?: string | Uint8Array
}

export interface TaiLieuNop extends TapTin {
  readonly TepDinhKemId: string
  readonly TenTepDinhKem: string
  readonly IsDeleted: string
  readonly MaThanhPhanHoSo: string
  readonly DuongDanTaiTepTin: string
  readonly DuocSoHoa: string
  readonly DuocTaiSuDung: string
  readonly DuocLayTuKhoDMQG: string
  readonly MaKetQuaThayThe: string
}

export interface GiayToKetQua extends TapTin {
  readonly TenGiayTo: string
  readonly MaThanhPhanHoSo: string
  readonly GiayToId: string
  readonly DuongDanTepTinKetQua: string
  readonly MaGiayToKetQua: string
}

/** Who wrote it, in which version: our fields at the end of each written record (modelled). */
interface Identity {
  readonly PhienBan: string
  readonly MaGiaoDich: string
  readonly MaKiemTra: string
}

export interface HoSo extends Identity {
  readonly MaHoSo: string
  readonly MaTTHC: string
  readonly TenTTHC: string
  readonly MaLinhVuc: string
  readonly TenLinhVuc: string
  readonly KenhThucHien: string
  readonly ChuHoSo: string
  readonly LoaiDoiTuong: string
  readonly MaDoiTuong: string
  readonly SoGiayToChuHoSo: string
  readonly ThongTinKhac: string
  readonly Email: string
  readonly Fax: string
  readonly SoDienThoai: string
  readonly TrichYeuHoSo: string
  readonly NgayTiepNhan: string
  readonly NgayHenTra: string
  readonly TrangThaiHoSo: string
  readonly NgayTra: string
  readonly ThongTinTra: string
  readonly HinhThuc: string
  readonly NgayKetThucXuLy: string
  readonly DonViXuLy: string
  readonly GhiChu: string
  readonly NgayTuChoi: string
  readonly NgayNopHoSo: string
  readonly NoiNopHoSo: string
  readonly HoSoCoThanhPhanSoHoa: string
  readonly TaiLieuNop: readonly TaiLieuNop[]
  readonly DanhSachGiayToKetQua: readonly GiayToKetQua[]
  readonly BangKeTep: { readonly SoLuong: string; readonly TongKichThuoc: string }
}

export interface BuocTienDo extends Identity {
  readonly MaHoSo: string
  readonly NguoiXuLy: string
  readonly ChucDanh: string
  readonly ThoiDiemXuLy: string
  readonly PhongBanXuLy: string
  readonly NoiDungXuLy: string
  readonly TrangThai: string
  readonly NgayBatDau: string
  readonly NgayKetThucTheoQuyDinh: string
}

/** A dossier as the portal holds it. It may tell less: strength of the inquiry is what it tells. */
export interface HoSoTraCuu extends Partial<Identity> {
  readonly MaHoSo: string
  readonly MaTTHC?: string
  readonly ChuHoSo?: string
  readonly LoaiDoiTuong?: string
  readonly SoGiayToChuHoSo?: string
  readonly TrichYeuHoSo?: string
  readonly NgayTiepNhan?: string
  readonly NgayHenTra?: string
  readonly TrangThaiHoSo?: string
  readonly NgayTra?: string
  readonly NgayKetThucXuLy?: string
  readonly MaTiepNhan?: string
  readonly Tep: readonly TepDaCo[]
  readonly TienDo: readonly BuocDaCo[]
}

export interface BuocDaCo {
  readonly ThoiDiemXuLy: string
  readonly TrangThai: string
  readonly NguoiXuLy?: string
  readonly NoiDungXuLy?: string
  readonly NgayKetThucTheoQuyDinh?: string
  readonly MaTiepNhan?: string
  readonly MaGiaoDich?: string
  readonly MaKiemTra?: string
}

export interface TepDaCo {
  readonly TepDinhKemId: string
  /** `NOP` submitted, `KET_QUA` result. */
  readonly Loai: string
}

/** A dossier as it stands in an answer to reconciliation; every value may be absent, so that one that is spoilt spoils its row alone. */
export interface HoSoDoiSoat {
  readonly MaHoSo?: string
  readonly NgayTiepNhan?: string
  readonly NgayHenTra?: string
  readonly TrangThaiHoSo?: string
  readonly ChuHoSo?: string
  readonly SoGiayToChuHoSo?: string
  readonly ThoiDiemCapNhat?: string
}

export interface KetQuaGhi {
  readonly MaHoSo: string
  readonly MaTiepNhan?: string
  readonly MaGiaoDich?: string
  readonly MaKiemTra?: string
  /** Present when `Tep` tells which files they keep. */
  readonly SoTep?: string
  readonly Tep?: readonly TepDaCo[]
  readonly TruongLoi?: string
}

export interface TraLoi<Row> {
  readonly error_code: string
  readonly message?: string
  /** Of a list that goes on. */
  readonly vitritiep?: string
  readonly result: readonly Row[]
}
