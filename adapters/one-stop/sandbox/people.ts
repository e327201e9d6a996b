import type { Draw } from './draw.js'

/** Made-up people: names put together from lists, ID numbers of a province that does not exist (000), phones of zeros, one reserved mail domain. */
const FAMILY = ['Nguyễn', 'Trần', 'Lê', 'Phạm', 'Huỳnh', 'Phan', 'Võ', 'Đặng', 'Bùi', 'Đỗ', 'Hồ', 'Ngô', 'Dương', 'Lý']
const MIDDLE = ['Văn', 'Thị', 'Hữu', 'Ngọc', 'Thanh', 'Minh', 'Hoàng', 'Quốc', 'Kim', 'Thu']
const GIVEN = [
  'Ánh',
  'Bình',
  'Chiến',
  'Dung',
  'Đức',
  'Giang',
  'Hạnh',
  'Hòa',
  'Khánh',
  'Lan',
  'Mỹ',
  'Nghĩa',
  'Phúc',
  'Quyên',
  'Sơn',
  'Thủy',
  'Tuấn',
  'Út',
  'Vinh',
  'Yến',
]
const HAMLETS = ['ấp Bình Thành', 'ấp Tân Hòa', 'ấp Mỹ Khương', 'ấp Long Hòa', 'ấp Đăng Phong', 'khu phố 2']

export interface MadeUpPerson {
  readonly name: string
  readonly idNumber: string
  readonly phone: string
  readonly email: string
  readonly address: string
}

export function madeUpPerson(draw: Draw, communeName: string): MadeUpPerson {
  const number = draw.number(100_000_000, 999_999_999)
  return {
    name: `${draw.one(FAMILY)} ${draw.one(MIDDLE)} ${draw.one(GIVEN)}`,
    idNumber: `000${number}`,
    phone: `0000${String(number).slice(0, 6)}`,
    email: `nguoidan${String(number).slice(0, 6)}@example.vn`,
    address: `${draw.one(HAMLETS)}, ${communeName}`,
  }
}
