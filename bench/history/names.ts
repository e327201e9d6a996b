/** Vietnamese names of made-up people, in about the shares that surnames have; a name stands as often as its share of a hundred. */
const repeat = (shares: Readonly<Record<string, number>>): string[] =>
  Object.entries(shares).flatMap(([name, share]) => Array.from({ length: share }, () => name))

export const SURNAMES = repeat({
  Nguyễn: 38,
  Trần: 11,
  Lê: 9,
  Phạm: 7,
  Huỳnh: 5,
  Phan: 4,
  Võ: 4,
  Đặng: 3,
  Bùi: 2,
  Đỗ: 2,
  Hồ: 2,
  Ngô: 2,
  Dương: 2,
  Lý: 1,
  Đoàn: 1,
  Trương: 1,
  Đinh: 1,
  Cao: 1,
  Lâm: 1,
  Mai: 1,
  Châu: 1,
  Tạ: 1,
})

export const MIDDLE_NAMES = repeat({
  Thị: 42,
  Văn: 26,
  Hữu: 5,
  Minh: 5,
  Ngọc: 5,
  Thanh: 5,
  Công: 3,
  Quốc: 3,
  Hoàng: 2,
  Kim: 2,
  Mỹ: 1,
  Đức: 1,
})

export const GIVEN_NAMES = (
  'An Anh Ánh Bảo Bé Bình Cúc Cường Danh Diễm Dũng Dung Đào Đạt Điệp Giang Hà Hải Hạnh Hiền Hiếu Hòa Hoa Hồng Huệ Hùng Hương Khánh Khoa Lan Liên Linh ' +
  'Loan Long Lộc Mai Mẫn Nam Nga Ngân Nghĩa Nhàn Nhi Nhung Oanh Phát Phúc Phụng Phương Quang Quyên Sang Sơn Tâm Thảo Thành Thắm Thúy Tiên Toàn Trang Trí ' +
  'Trinh Trung Tuấn Tuyết Út Vân Vinh Xuân Yến'
).split(' ')
