import { shownFields } from '../soap/shown-fields.js'

/** What the elements of ViLIS's contract hold; each that has a value stands here. */
export const VILIS_FIELDS = shownFields({
  PLAIN: `CoHoSo ConNua DenNgay DienTich HanXuLy HinhThucTra KenhNop KetQua KichThuoc KieuFile LaQuyTrinhCapTinh LaTamDung LaTrangThaiChuyenLai LanBoSung
    LoaiDoiTuong LoaiThayDoi LoaiThue MaBam MaCanBoChuyen MaCanBoNhan MaCanBoXuLy MaGiaoDich MaHoSoMotCua MaKiemTra MaLoi MaQuyTrinh MaSuKien
    MaThuTuc MaTiepNhan MaTrangThai MucDichSuDung NgayBoSung NgayCap NgayChoBoSung NgayChuyen NgayCoKetQuaThue NgayHenTra NgayHenTraMoi
    NgayKetThuc NgayNhanBoSung NgayRut NgayTiepNhan NgayTra NghiepVu NguoiTiepNhan NguoiXuLy PhienBan SoBanChinh SoBanSao SoBienNhan
    SoHieuBanDo SoLuong SoPhatHanh SoTep SoThongBaoThue SoThuTuThua SoTien SoVaoSo TenQuyTrinh TenXa ThoiDiem ThoiHanSuDung TongKichThuoc
    TrangThai TrangThaiKetThuc TruongLoi TuNgay TuViTri ViTri ViTriCuoi ViTriTiep XaId NgaySua Nhom`,
  TEXT: 'GhiChu HanChe LyDo MaThamChieu NoiDung NoiDungXuLy TenGiayTo TenTapTin ThongBao TrichYeu',
  NAME: 'HoTen HoTenChu TenNguoiSuDung',
  NUMBER: 'SoChungMinh SoDienThoai',
  EMAIL: 'Email',
  ADDRESS: 'DiaChiChiTiet DiaChiTaiSan',
  SECRET: 'DuongDanThongBaoThue',
})
