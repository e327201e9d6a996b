import { shownFields } from '../soap/shown-fields.js'

/** What the elements of the one-stop contract hold; each that has a value stands here. */
export const ONE_STOP_FIELDS = shownFields({
  PLAIN: `ConNua DienTich HinhThuc KenhThucHien KetQua KichThuoc KieuFile LanBoSung LoaiDoiTuong LoaiThayDoi LoaiThue MaBam MaDonViTiepNhan
    MaGiaoDich MaGiaoDichGoc MaHoSo MaKiemTra MaLoi MaSuKien MaThuTuc MaTiepNhan MaTrangThai MaXa NgayBoSung NgayHenTra NgayHenTraMoi NgayRut
    NgayTiepNhan NgayTra NghiepVu NguoiTiepNhan NguoiXuLy PhienBan SoBanChinh SoBanSao SoHieuBanDo SoLuong SoPhatHanh SoThongBao SoThuTuThua
    SoTien SoVaoSo DenNgay NgaySua Nhom TuNgay ViTriTiep TenDonViTiepNhan TenThuTuc TenTrangThai TenXa ThoiDiem ThuLaiSauGiay TonTai TongKichThuoc Truong TuViTri ViTri ViTriCuoi`,
  TEXT: 'GhiChu LyDo NoiDung TenGiayTo TenTapTin ThongBao TrichYeuHoSo',
  NAME: 'HoTen HoTenChuHoSo NguoiNop',
  NUMBER: 'SoDienThoai SoGiayTo',
  EMAIL: 'Email',
  ADDRESS: 'DiaChi',
  SECRET: 'DuongDan',
})
