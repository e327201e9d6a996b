/** What `wsdl/vilis.wsdl` says of the answers to reconciliation. Every value is text and may be absent, so that one that is spoilt spoils its row alone. */
export interface WireGroup {
  readonly XaId?: string
  readonly NgayTiepNhan?: string
  readonly Nhom?: string
  readonly SoLuong?: string
  readonly MaBam?: string
}

export interface GroupsReply {
  readonly ViTriTiep?: string
  readonly DanhSachNhom?: { readonly NhomHoSo: readonly WireGroup[] }
}

export interface WireComparedDossier {
  readonly SoBienNhan?: string
  readonly XaId?: string
  readonly NgayTiepNhan?: string
  /** National code. */
  readonly TrangThai?: string
  readonly NgayHenTra?: string
  readonly HoTen?: string
  readonly SoChungMinh?: string
  readonly ThuaDat: readonly { readonly SoHieuBanDo?: string; readonly SoThuTuThua?: string }[]
  readonly GiayTo: readonly { readonly TenGiayTo?: string; readonly MaBam?: string }[]
  readonly KhoanThue: readonly { readonly SoThongBaoThue?: string; readonly LoaiThue?: string; readonly SoTien?: string }[]
  readonly NgaySua?: string
}

export interface RecordsReply {
  readonly ViTriTiep?: string
  readonly DanhSachHoSo?: { readonly HoSo: readonly WireComparedDossier[] }
}
