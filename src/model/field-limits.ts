/**
 * Giới hạn của trường dữ liệu: what a value of a dossier may look like, whoever writes it: an application that hands a dossier in, or an operator who
 * amends a transfer. The one table of them; sentences are for officers and never quote the value.
 */
export interface TextLimit {
  readonly least: number
  readonly most: number
  readonly pattern?: RegExp
  readonly message: string
}

export const COMMUNE_CODE = { least: 5, most: 5, pattern: /^\d{5}$/, message: 'Mã xã phải có năm chữ số.' } as const satisfies TextLimit
export const FULL_NAME = {
  least: 2,
  most: 200,
  // Not of spaces alone, nor of what nobody sees.
  pattern: /[\p{L}\p{N}]/u,
  message: 'Họ và tên dài từ 2 đến 200 ký tự, có chữ hoặc số.',
} as const satisfies TextLimit
export const ID_NUMBER = {
  least: 5,
  most: 20,
  pattern: /^[0-9A-Za-z-]{5,20}$/,
  message: 'Số giấy tờ gồm 5 đến 20 chữ hoặc số.',
} as const satisfies TextLimit
export const PHONE = {
  least: 8,
  most: 16,
  pattern: /^\+?[0-9 .]{8,15}$/,
  message: 'Số điện thoại gồm 8 đến 15 chữ số.',
} as const satisfies TextLimit
export const EMAIL = { least: 3, most: 254, message: 'Địa chỉ thư điện tử có dạng ten@vidu.vn.' } as const satisfies TextLimit
export const ADDRESS = { least: 0, most: 300, message: 'Địa chỉ dài nhất 300 ký tự.' } as const satisfies TextLimit
export const MAP_SHEET_NUMBER = { least: 1, most: 20, message: 'Số hiệu tờ bản đồ dài từ 1 đến 20 ký tự.' } as const satisfies TextLimit
export const PARCEL_NUMBER = { least: 1, most: 20, message: 'Số thứ tự thửa dài từ 1 đến 20 ký tự.' } as const satisfies TextLimit
export const AREA_M2 = {
  least: 1,
  most: 17,
  pattern: /^\d{1,12}(\.\d{1,4})?$/,
  message: 'Diện tích phải là số thập phân không âm, ví dụ 120.50: nhiều nhất 12 chữ số trước và 4 chữ số sau dấu chấm.',
} as const satisfies TextLimit
export const SERIAL_NUMBER = { least: 1, most: 20, message: 'Số phát hành dài nhất 20 ký tự.' } as const satisfies TextLimit
export const REGISTER_NUMBER = { least: 0, most: 50, message: 'Số vào sổ dài nhất 50 ký tự.' } as const satisfies TextLimit
export const SUMMARY = { least: 0, most: 1_000, message: 'Trích yếu dài nhất 1000 ký tự.' } as const satisfies TextLimit
export const ACCOUNT = { least: 1, most: 100, message: 'Tên tài khoản cán bộ dài từ 1 đến 100 ký tự.' } as const satisfies TextLimit
export const NOTE = { least: 0, most: 1_000, message: 'Ghi chú dài nhất 1000 ký tự.' } as const satisfies TextLimit
export const WITHDRAWAL_REASON = { least: 3, most: 1_000, message: 'Lý do rút hồ sơ dài từ 3 đến 1000 ký tự.' } as const satisfies TextLimit
export const DOCUMENT_NAME = { least: 1, most: 300, message: 'Tên giấy tờ dài từ 1 đến 300 ký tự.' } as const satisfies TextLimit
export const FILE_NAME = {
  least: 1,
  most: 255,
  pattern: /^[^\\/\p{Cc}]{1,255}$/u,
  message: 'Tên tập tin dài từ 1 đến 255 ký tự và không chứa dấu gạch chéo.',
} as const satisfies TextLimit
export const AMOUNT_VND = {
  least: 1,
  most: 18,
  pattern: /^\d{1,18}$/,
  message: 'Số tiền là số nguyên không âm, tính bằng đồng.',
} as const satisfies TextLimit
