/** What `wsdl/vilis.wsdl` says of ViLIS's replies, as the SOAP reader gives them (`soap/schema-type.ts`). A test holds the two together. */
export interface WriteReply {
  readonly KetQua: number
  readonly MaLoi?: string
  readonly ThongBao?: string
  readonly TruongLoi?: string
  readonly MaTiepNhan?: string
  readonly MaGiaoDich?: string
  readonly MaKiemTra?: string
  readonly SoTep?: number
  readonly MaBam: readonly string[]
}

export interface WireTransaction {
  readonly NghiepVu: string
  readonly MaGiaoDich?: string
  readonly MaKiemTra?: string
  readonly MaTiepNhan?: string
  readonly PhienBan?: number
  readonly MaQuyTrinh?: string
  readonly XaId?: string
  readonly NgayTiepNhan?: string
  readonly LanBoSung?: number
  readonly NgayBoSung?: string
  readonly NgayRut?: string
  readonly NgayTra?: string
  readonly HinhThucTra?: string
  readonly BangKe?: { readonly SoLuong: number }
  readonly MaBam: readonly string[]
}

export interface WireDossier {
  readonly SoBienNhan: string
  readonly MaTiepNhan?: string
  readonly PhienBan?: number
  readonly MaQuyTrinh?: string
  readonly XaId?: string
  readonly NgayTiepNhan?: string
  readonly TrangThai?: string
  readonly DanhSachGiaoDich?: { readonly GiaoDich: readonly WireTransaction[] }
}

export interface InquiryReply {
  readonly SoBienNhan: string
  readonly CoHoSo: boolean
  readonly HoSo?: WireDossier
}

export interface WireParcelKey {
  readonly XaId: string
  readonly SoHieuBanDo: string
  readonly SoThuTuThua: string
}

export interface WireParcel extends WireParcelKey {
  readonly DienTich?: string
  readonly DiaChiChiTiet?: string
  readonly DanhSachMucDichSuDung?: {
    readonly MucDich: readonly { readonly MucDichSuDung: string; readonly DienTich?: string; readonly ThoiHanSuDung?: string }[]
  }
  readonly SoPhatHanh: readonly string[]
  readonly HanChe: readonly string[]
}

export interface ParcelsReply {
  readonly ThoiDiem?: string
  readonly DanhSachThuaDat?: { readonly ThuaDat: readonly WireParcel[] }
}

export interface WireCertificate {
  readonly SoPhatHanh: string
  readonly SoVaoSo?: string
  readonly NgayCap?: string
  readonly TenNguoiSuDung?: string
  readonly DanhSachThuaDat?: { readonly KhoaThuaDat: readonly WireParcelKey[] }
}

export interface CertificatesReply {
  readonly ThoiDiem?: string
  readonly DanhSachGiayChungNhan?: { readonly GiayChungNhan: readonly WireCertificate[] }
}

export interface WireChange {
  readonly MaSuKien?: string
  readonly ViTri: string
  readonly LoaiThayDoi: string
  readonly ThoiDiem?: string
  readonly [body: string]: unknown
}

export interface ChangesReply {
  readonly ViTriCuoi: string
  readonly ConNua: boolean
  readonly DanhSachThayDoi?: { readonly ThayDoi: readonly WireChange[] }
}
