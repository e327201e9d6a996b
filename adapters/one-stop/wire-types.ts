/**
 * Shapes of the one-stop system's messages as the WSDLs declare them (`wsdl/*.wsdl`) and the SOAP reader gives them: xs:int is a
 * number, xs:long, xs:integer and xs:decimal are the digits as written, dates are text. The reader has checked presence and type;
 * what the values mean is checked by the mappings.
 */
/** `Content`: bytes as we write it, base64 as it is read. */
export interface WireDocument<Content = string> {
  readonly TenGiayTo: string
  readonly TenTapTin: string
  readonly KieuFile: string
  readonly SoBanChinh: number
  readonly SoBanSao: number
  readonly KichThuoc: string | number
  readonly MaBam: string
  readonly NoiDung: Content
}

export interface WireDocumentList<Content = string> {
  readonly SoLuong: number
  readonly TongKichThuoc: string | number
  readonly GiayTo: readonly WireDocument<Content>[]
}

export interface WireDossier {
  readonly MaHoSo: string
  readonly PhienBan: number
  readonly MaThuTuc: string
  readonly TenThuTuc?: string
  readonly MaDonViTiepNhan: string
  readonly TenDonViTiepNhan?: string
  readonly KenhThucHien: number
  readonly ChuHoSo: {
    readonly LoaiDoiTuong: number
    readonly HoTen: string
    readonly SoGiayTo?: string
    readonly SoDienThoai?: string
    readonly Email?: string
    readonly DiaChi?: string
  }
  readonly TrichYeuHoSo: string
  readonly NgayTiepNhan: string
  readonly NgayHenTra: string
  readonly NguoiTiepNhan: string
  readonly MaTrangThai: number
  readonly TenTrangThai?: string
  readonly DanhSachThuaDat: {
    readonly ThuaDat: readonly {
      readonly SoHieuBanDo: string
      readonly SoThuTuThua: string
      readonly MaXa: string
      readonly TenXa?: string
      readonly DienTich?: string
      readonly DiaChi?: string
    }[]
  }
  readonly DanhSachGiayChungNhan: { readonly GiayChungNhan: readonly { readonly SoPhatHanh: string; readonly SoVaoSo?: string }[] }
  readonly DanhSachGiayTo: WireDocumentList
}

export interface WireSupplement {
  readonly LanBoSung: number
  readonly NgayBoSung: string
  readonly NgayHenTraMoi?: string
  readonly GhiChu?: string
  readonly DanhSachGiayTo: WireDocumentList
}

export interface WireWithdrawal {
  readonly NgayRut: string
  readonly LyDo: string
}

export interface WireReturn {
  readonly NgayTra: string
  readonly HinhThuc: number
  readonly GhiChu?: string
}

/** One row of the change feed, or the body of one push: exactly one of the four parts is there. */
export interface WireChange {
  readonly ViTri?: string
  readonly MaSuKien: string
  readonly LoaiThayDoi?: string
  readonly ThoiDiem: string
  readonly MaHoSo?: string
  readonly MaGiaoDichGoc?: string
  readonly HoSo?: WireDossier
  readonly BoSung?: WireSupplement
  readonly RutHoSo?: WireWithdrawal
  readonly TraKetQua?: WireReturn
}

export interface WireChangePage {
  readonly ViTriCuoi: string
  readonly ConNua: boolean
  readonly ThayDoi: readonly WireChange[]
}

export interface WireFileList {
  readonly TapTin: readonly { readonly TenTapTin: string; readonly MaBam: string }[]
}

/** Phản hồi of every write. */
export interface WireWriteReply {
  readonly KetQua: number
  readonly MaLoi?: string
  readonly ThongBao?: string
  readonly Truong?: string
  readonly MaGiaoDich?: string
  readonly MaTiepNhan?: string
  readonly MaKiemTra?: string
  readonly DanhSachTapTin?: WireFileList
  readonly ThuLaiSauGiay?: number
}

export interface WireTaxNotice {
  readonly SoThongBao: string
  readonly LoaiThue: string
  readonly NguoiNop: string
  readonly SoTien?: string
  readonly DuongDan?: string
}

export interface WireWrittenEntry {
  readonly MaGiaoDich?: string
  readonly NghiepVu: string
  readonly MaKiemTra?: string
  readonly MaTiepNhan?: string
  readonly ThoiDiem: string
  readonly MaTrangThai?: number
  readonly NgayHenTra?: string
  readonly LanBoSung?: number
}

/** What they hold of one supplement. */
export interface WireHeldSupplement {
  readonly LanBoSung: number
  readonly DanhSachTapTin: WireFileList
}

export interface WireInquiryReply {
  readonly MaHoSo: string
  readonly TonTai: boolean
  readonly HienTrang?: {
    readonly PhienBan: number
    readonly MaThuTuc: string
    readonly HoTenChuHoSo: string
    readonly NgayTiepNhan: string
    readonly NgayHenTra: string
    readonly MaTrangThai: number
    readonly DanhSachTapTin: WireFileList
    readonly DanhSachTapTinKetQua: WireFileList
    readonly DanhSachBoSung?: { readonly BoSung: readonly WireHeldSupplement[] }
    readonly DanhSachThongBaoThue: { readonly ThongBaoThue: readonly WireTaxNotice[] }
  }
  readonly DanhSachGiaoDich?: { readonly GiaoDich: readonly WireWrittenEntry[] }
}
