import { shownFields } from '../../soap/shown-fields.js'

/** What the elements of the portal's contract hold; each that has a value stands here. */
export const PORTAL_FIELDS = shownFields({
  PLAIN: `ChucDanh DonViXuLy DuocLayTuKhoDMQG DuocSoHoa DuocTaiSuDung GiayToId HinhThuc HoSoCoThanhPhanSoHoa IsDeleted KenhThucHien KichThuoc
    KieuFile Loai LoaiDoiTuong MaBam MaGiaoDich MaGiayToKetQua MaHoSo MaKetQuaThayThe MaKiemTra MaLinhVuc MaTTHC MaThanhPhanHoSo MaTiepNhan
    NgayBatDau NgayHenTra NgayKetThucTheoQuyDinh NgayKetThucXuLy NgayNopHoSo NgayTiepNhan NgayTra NgayTuChoi NguoiXuLy PhienBan PhongBanXuLy
    SoLuong SoTep TenLinhVuc TenTTHC TepDinhKemId ThoiDiemXuLy TongKichThuoc TrangThai TrangThaiHoSo TruongLoi error_code isUpdating madonvi
    mahoso service ThoiDiemCapNhat tungay denngay vitri vitritiep soluong`,
  TEXT: 'GhiChu NoiDung NoiDungXuLy TenGiayTo TenTapTin TenTepDinhKem ThongTinTra TrichYeuHoSo message',
  NAME: 'ChuHoSo',
  NUMBER: 'Fax MaDoiTuong SoDienThoai SoGiayToChuHoSo',
  EMAIL: 'Email',
  ADDRESS: 'NoiNopHoSo',
  SECRET: 'DuongDanTaiTepTin DuongDanTepTinKetQua ThongTinKhac session',
})
