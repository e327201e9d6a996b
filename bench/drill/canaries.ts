/**
 * Personal data and secrets that are easy to recognise: wherever one of these shows in a log, in the metrics or in a job of the queue,
 * the promise of no personal data there is broken. All of it is made up.
 */
const NAME = 'Hoàng Yến Chim'
const ID_PREFIX = '000777'
const PHONE_PREFIX = '0000777'
const MAIL_DOMAIN = 'chim-hoang-yen.example.vn'
const ADDRESS = 'Số 7 đường Chim Hoàng Yến'
const PASSWORD_PREFIX = 'matkhau-chim-'

export interface CanaryPerson {
  readonly name: string
  readonly idNumber: string
  readonly phone: string
  readonly email: string
  readonly address: string
}

export const canaryPerson = (number: number): CanaryPerson => ({
  name: `${NAME} ${number}`,
  idNumber: `${ID_PREFIX}${String(number).padStart(6, '0')}`,
  phone: `${PHONE_PREFIX}${String(number).padStart(4, '0').slice(-4)}`,
  email: `chim${number}@${MAIL_DOMAIN}`,
  address: ADDRESS,
})

export const canaryPassword = (of: string): string => `${PASSWORD_PREFIX}${of}`

/** What an XXE reply would have us read. */
export const CANARY_FILE = 'noi-dung-tep-chim-hoang-yen'

const CANARIES: readonly [what: string, pattern: RegExp][] = [
  ['họ tên', new RegExp(NAME, 'i')],
  ['số giấy tờ', new RegExp(`${ID_PREFIX}\\d{6}`)],
  ['số điện thoại', new RegExp(`(?<!\\d)${PHONE_PREFIX}\\d{4}(?!\\d)`)],
  ['thư điện tử', new RegExp(MAIL_DOMAIN.replaceAll('.', '\\.'))],
  ['địa chỉ', /Chim Hoàng Yến/i],
  ['mật khẩu', new RegExp(PASSWORD_PREFIX)],
  ['mã đăng nhập', /eyJhbGciOi/],
  ['tệp của máy', new RegExp(CANARY_FILE)],
]

/** What kinds of canaries stand in a text. */
export const canariesIn = (text: string): string[] => CANARIES.filter(([, pattern]) => pattern.test(text)).map(([what]) => what)
