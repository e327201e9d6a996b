/** What `wsdl/mot-cua.wsdl` says of the answers to reconciliation. Every value is text and may be absent, so that one that is spoilt spoils its row alone. */
export interface WireGroup {
  readonly MaDonViTiepNhan?: string
  readonly NgayTiepNhan?: string
  readonly Nhom?: string
  readonly SoLuong?: string
  readonly MaBam?: string
}

export interface WireGroupsReply {
  readonly ViTriTiep?: string
  readonly DanhSachNhom?: { readonly NhomHoSo: readonly WireGroup[] }
}

export interface WireComparedDossier {
  readonly MaHoSo?: string
  readonly MaDonViTiepNhan?: string
  readonly NgayTiepNhan?: string
  readonly MaTrangThai?: string
  readonly NgayHenTra?: string
  readonly HoTen?: string
  readonly SoGiayTo?: string
  readonly ThuaDat: readonly { readonly SoHieuBanDo?: string; readonly SoThuTuThua?: string }[]
  readonly GiayTo: readonly { readonly TenGiayTo?: string; readonly MaBam?: string }[]
  readonly KhoanThue: readonly { readonly SoThongBao?: string; readonly LoaiThue?: string; readonly SoTien?: string }[]
  readonly NgaySua?: string
}

export interface WireRecordsReply {
  readonly ViTriTiep?: string
  readonly DanhSachHoSo?: { readonly HoSo: readonly WireComparedDossier[] }
}
