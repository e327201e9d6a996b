/** The communes that the sandbox's desk knows, before and after 1 July 2025. Codes were re-used then: six of the old ones live on with another area. */
export interface Commune {
  readonly code: string
  readonly name: string
}

const REORGANISED_ON = '2025-07-01'

const parse = (text: string): Commune[] =>
  text.split(';').map((entry) => {
    const [code = '', name = ''] = entry.split('=')
    return { code: code.trim(), name }
  })

const UNTIL_2025 = parse(
  '28594=Thị trấn Chợ Gạo;28597=Xã Trung Hòa;28600=Xã Hòa Tịnh;28603=Xã Mỹ Tịnh An;28606=Xã Tân Bình Thạnh;28609=Xã Phú Kiết;' +
    '28612=Xã Lương Hòa Lạc;28615=Xã Thanh Bình;28618=Xã Quơn Long;28621=Xã Bình Phục Nhứt;28624=Xã Đăng Hưng Phước;' +
    '28627=Xã Tân Thuận Bình;28630=Xã Song Bình;28633=Xã Bình Phan;28636=Xã Long Bình Điền;28639=Xã An Thạnh Thủy;' +
    '28642=Xã Xuân Đông;28645=Xã Hòa Định;28648=Xã Bình Ninh',
)

const SINCE_2025 = parse(
  '28594=Xã Chợ Gạo;28603=Xã Mỹ Tịnh An;28615=Xã Lương Hòa Lạc;28627=Xã Tân Thuận Bình;28633=Xã An Thạnh Thủy;28648=Xã Bình Ninh',
)

/** Communes in force on a local date `yyyy-MM-dd`. */
export const communesOn = (date: string): readonly Commune[] => (date < REORGANISED_ON ? UNTIL_2025 : SINCE_2025)

/** Tài khoản cán bộ một cửa: two officers a commune. */
export const officerAt = (commune: Commune, which: number): string => `mc.${commune.code}.${(which % 2) + 1}`
