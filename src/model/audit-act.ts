/** Thao tác in the audit trail, for people. An act that stands in none of these rows is shown by its own name. */
const SENTENCES: Readonly<Record<string, string>> = {
  REPLAY: 'Gửi lại lượt liên thông',
  CONFIRM_DELIVERED: 'Xác nhận bên nhận đã có',
  CONFIRM_ABSENT: 'Xác nhận bên nhận chưa có',
  ABANDON: 'Hủy lượt liên thông',
  SUPERSEDE: 'Thay lượt liên thông',
  PAUSE: 'Tạm dừng hệ thống',
  RESUME: 'Cho hệ thống chạy lại',
  SET_LIMITS: 'Đặt giới hạn của hệ thống',
  CLEAR_POLL_ALARM: 'Xóa cảnh báo dòng thay đổi',
  DISMISS_MESSAGE: 'Bỏ qua thông điệp mâu thuẫn',
  OPEN_RECOVERY: 'Mở đợt khôi phục',
  CLOSE_RECOVERY: 'Đóng đợt khôi phục',
  LOAD_MAPPINGS: 'Nạp bảng ánh xạ mã',
  SET_ROUTES: 'Đặt chế độ định tuyến',
  EXPORT_AUDIT: 'Xuất nhật ký thao tác',
}

export const describeAct = (act: string): string => SENTENCES[act] ?? act
