import type { CauseSide } from './cause-side.js'
import type { KnownCause } from './failure-cause.js'
import { type EarlyRefusal, JUDGEMENT_CODES, type JudgementCode } from './failure-code.js'

/** Technical codes that call for the same act, and the words for each class of them (`cause-words.ts`). What stands in “…” is an act by its name in the console. */
export interface CauseWords {
  readonly side: CauseSide
  /** Without its full stop. `name`: of the system, within a sentence. */
  readonly what: (name: string) => string
  /** A sentence or two. */
  readonly next: (name: string) => string
}

/** Bởi đâu: classes of technical codes that call for the same act. */
export const CAUSE_CLASSES = {
  NOT_LISTENING: {
    side: 'THEIRS',
    what: (name) => `Máy chủ của ${name} không nhận kết nối`,
    next: (name) =>
      `Chưa phải làm gì: hệ thống tự gửi lại. Nếu kéo dài quá 15 phút, báo đầu mối kỹ thuật của ${name} rằng dịch vụ không chạy.`,
  },
  NO_ADDRESS: {
    side: 'NETWORK',
    what: (name) => `Không tra được địa chỉ máy chủ của ${name}`,
    next: (name) => `Kiểm tra máy chủ DNS và địa chỉ của ${name} trong cấu hình; hệ thống tự gửi lại.`,
  },
  NO_ROUTE: {
    side: 'NETWORK',
    what: (name) => `Không có đường mạng tới ${name}`,
    next: (name) => `Kiểm tra đường truyền và tường lửa tới ${name}; hệ thống tự gửi lại.`,
  },
  CUT: {
    side: 'NETWORK',
    what: (name) => `Kết nối tới ${name} bị ngắt giữa chừng`,
    next: (name) =>
      `Chưa phải làm gì: hệ thống tự hỏi lại rồi mới gửi lại. Nếu lặp lại nhiều, kiểm tra đường truyền và thiết bị trung gian tới ${name}.`,
  },
  SECURE_CHANNEL: {
    side: 'NETWORK',
    what: (name) => `Không lập được kênh mã hóa với ${name}, hoặc chứng thư số không được tin cậy`,
    next: (name) => `Kiểm tra hạn chứng thư số của ${name} và chứng thư gốc trong cấu hình của cổng liên thông.`,
  },
  CREDENTIALS: {
    side: 'OURS',
    what: (name) => `${name} không chấp nhận tài khoản của cổng liên thông`,
    next: (name) => `Kiểm tra tài khoản, mật khẩu của cổng liên thông tại ${name} và đồng hồ máy chủ; xin cấp lại nếu đã hết hạn.`,
  },
  WRONG_ADDRESS: {
    side: 'OURS',
    what: (name) => `${name} không có dịch vụ ở địa chỉ đã cấu hình`,
    next: (name) => `Kiểm tra địa chỉ dịch vụ (endpoint) của ${name} trong cấu hình.`,
  },
  MESSAGE_TOO_LARGE: {
    side: 'DESK',
    what: (name) => `${name} không nhận thông điệp lớn như vậy`,
    next: () => 'Giảm dung lượng giấy tờ đính kèm ở nơi tiếp nhận rồi “Thay bằng nội dung mới”, hoặc xin bên nhận nâng giới hạn.',
  },
  SLOW_DOWN: {
    side: 'THEIRS',
    what: (name) => `${name} đề nghị gọi chậm lại`,
    next: (name) => `Chưa phải làm gì: hệ thống chờ đúng thời gian được yêu cầu. Nếu kéo dài, giảm số yêu cầu mỗi giây tới ${name}.`,
  },
  OUT_OF_SERVICE: {
    side: 'THEIRS',
    what: (name) => `${name} tạm thời không phục vụ`,
    next: (name) => `Chưa phải làm gì: hệ thống tự hỏi lại, gửi lại. Nếu kéo dài quá 15 phút, báo đầu mối kỹ thuật của ${name}.`,
  },
  THEIR_FAULT: {
    side: 'THEIRS',
    what: (name) => `${name} gặp lỗi khi xử lý`,
    next: (name) => `Hệ thống tự hỏi lại. Nếu lặp lại, gửi mã lỗi và trả lời của một lần thử cho đầu mối kỹ thuật của ${name}.`,
  },
  SILENT: {
    side: 'THEIRS',
    what: (name) => `${name} không trả lời trong thời hạn`,
    next: (name) =>
      `Chưa phải làm gì: hệ thống hỏi lại trước khi gửi lại. Nếu kéo dài, báo đầu mối kỹ thuật của ${name} rằng dịch vụ bị treo hoặc quá tải.`,
  },
  UNREADABLE: {
    side: 'THEIRS',
    what: (name) => `Trả lời của ${name} không đọc được hoặc không phải cho yêu cầu này`,
    next: (name) =>
      `Hệ thống hỏi lại trước khi gửi lại. Nếu lặp lại, gửi nguyên văn trả lời của một lần thử cho đầu mối kỹ thuật của ${name}.`,
  },
  GATEWAY: {
    side: 'OURS',
    what: () => 'Cổng liên thông bị gián đoạn trong lúc gửi',
    next: () => 'Chưa phải làm gì: hệ thống hỏi lại rồi đi tiếp. Nếu lặp lại, xem nhật ký của tiến trình chuyển.',
  },
  NO_RIGHT: {
    side: 'OURS',
    what: (name) => `Tài khoản của cổng liên thông chưa có quyền gọi nghiệp vụ này ở ${name}`,
    next: (name) => `Đề nghị quản trị của ${name} cấp quyền cho tài khoản của cổng liên thông; cấp xong, hệ thống tự gửi lại.`,
  },
  CLOSED: {
    side: 'THEIRS',
    what: (name) => `${name} trả lời là đang bảo trì hoặc tạm ngưng nhận`,
    next: (name) =>
      `Chưa phải làm gì: hệ thống tự gửi lại. Hỏi đầu mối của ${name} khi nào mở lại; nếu lâu, “Lập khung bảo trì” để không ai bị cảnh báo.`,
  },
  BUSY: {
    side: 'THEIRS',
    what: (name) => `${name} trả lời là đang quá tải`,
    next: (name) =>
      `Chưa phải làm gì: hệ thống tự gửi lại. Nếu kéo dài, giảm số yêu cầu mỗi giây tới ${name}, báo đầu mối kỹ thuật của họ.`,
  },
  NOT_NOW: {
    side: 'THEIRS',
    what: (name) => `${name} trả lời là chưa nhận lúc này`,
    next: (name) => `Hệ thống tự gửi lại. Nếu kéo dài, hỏi đầu mối của ${name} về mã này: bảo trì, hết phiên, hoặc chưa cấp quyền.`,
  },
  REFUSED_FIELD: {
    side: 'DATA',
    what: (name) => `${name} từ chối vì một trường dữ liệu`,
    next: () =>
      'Bấm “Sửa và gửi lại” với giá trị đúng, hoặc sửa trường đó ở nơi quản lý dữ liệu (một cửa, ViLIS, danh mục) rồi “Thay bằng nội dung mới”; nếu lỗi ở bên nhận đã sửa thì “Gửi lại”.',
  },
  REFUSED_FORM: {
    side: 'OURS',
    what: (name) => `${name} không nhận cách cổng liên thông gửi`,
    next: (name) =>
      `Báo bộ phận kỹ thuật của cổng liên thông kèm mã lỗi: kiểm tra hợp đồng dịch vụ (WSDL) của ${name} đang dùng; sửa xong thì “Gửi lại”. Nếu chỉ do một giá trị của hồ sơ này: “Sửa và gửi lại”.`,
  },
  REFUSED: {
    side: 'UNKNOWN',
    what: (name) => `${name} từ chối`,
    next: (name) =>
      `Đọc lý do ${name} nêu trong lượt. Dữ liệu sai: “Sửa và gửi lại”, hoặc sửa ở nguồn rồi “Thay bằng nội dung mới”. ${name} sai: chờ họ sửa rồi “Gửi lại”.`,
  },
  OTHER: {
    side: 'UNKNOWN',
    what: (name) => `Chưa chuyển được tới ${name}`,
    next: () => 'Xem các lần thử của một lượt; báo bộ phận kỹ thuật kèm mã lỗi.',
  },
} as const satisfies Record<string, CauseWords>

export type CauseClass = keyof typeof CAUSE_CLASSES

const BY_CODE: ReadonlyMap<string, CauseClass> = new Map<string, CauseClass>([
  ['ECONNREFUSED', 'NOT_LISTENING'],
  ['ENOTFOUND', 'NO_ADDRESS'],
  ['EAI_AGAIN', 'NO_ADDRESS'],
  ['EAI_FAIL', 'NO_ADDRESS'],
  ['EAI_NODATA', 'NO_ADDRESS'],
  ['EHOSTUNREACH', 'NO_ROUTE'],
  ['ENETUNREACH', 'NO_ROUTE'],
  ['ETIMEDOUT', 'NO_ROUTE'],
  ['UND_ERR_CONNECT_TIMEOUT', 'NO_ROUTE'],
  ['ENETDOWN', 'NO_ROUTE'],
  ['EHOSTDOWN', 'NO_ROUTE'],
  // A firewall of our own machine.
  ['EACCES', 'NO_ROUTE'],
  ['EPERM', 'NO_ROUTE'],
  ['ECONNABORTED', 'CUT'],
  ['ENETRESET', 'CUT'],
  ['ENOTCONN', 'CUT'],
  ['ECONNRESET', 'CUT'],
  ['EPIPE', 'CUT'],
  ['UND_ERR_SOCKET', 'CUT'],
  ['RESET', 'CUT'],
  ['TIMEOUT', 'SILENT'],
  ['BROKEN_REPLY', 'UNREADABLE'],
  ['TOO_LARGE', 'UNREADABLE'],
  ['WRONG_CONTENT_TYPE', 'UNREADABLE'],
  ['HOSTILE_XML', 'UNREADABLE'],
  ['OTHER_ANSWER', 'UNREADABLE'],
  ['NOT_UNDERSTOOD', 'UNREADABLE'],
  ['ABORTED', 'GATEWAY'],
  ['LEASE_LOST', 'GATEWAY'],
  // Our own process has no more files, ports or memory for a connection, or is being shut down.
  ['EMFILE', 'GATEWAY'],
  ['ENFILE', 'GATEWAY'],
  ['EADDRNOTAVAIL', 'GATEWAY'],
  ['ENOBUFS', 'GATEWAY'],
  ['UND_ERR_CLOSED', 'GATEWAY'],
  ['UND_ERR_DESTROYED', 'GATEWAY'],
  ...Object.entries({
    CREDENTIALS: 'CREDENTIALS',
    NO_RIGHT: 'NO_RIGHT',
    CLOSED: 'CLOSED',
    BUSY: 'BUSY',
    NO_SERVICE: 'WRONG_ADDRESS',
    WRONG_FORM: 'REFUSED_FORM',
  } satisfies Record<EarlyRefusal, CauseClass>),
  ['HTTP_401', 'CREDENTIALS'],
  ['HTTP_403', 'CREDENTIALS'],
  ['HTTP_404', 'WRONG_ADDRESS'],
  ['HTTP_413', 'MESSAGE_TOO_LARGE'],
  ['HTTP_429', 'SLOW_DOWN'],
  ['HTTP_502', 'OUT_OF_SERVICE'],
  ['HTTP_503', 'OUT_OF_SERVICE'],
  ['HTTP_504', 'OUT_OF_SERVICE'],
])

const BY_PATTERN: readonly (readonly [RegExp, CauseClass])[] = [
  [/^HTTP_5\d\d$/, 'THEIR_FAULT'],
  [/^HTTP_[34]\d\d$/, 'WRONG_ADDRESS'],
  [/^FAULT_/, 'THEIR_FAULT'],
  [/^(?:ERR_SSL|ERR_TLS|EPROTO)|CERT|SIGNATURE|ISSUER/, 'SECURE_CHANNEL'],
]

export const classOf = ({ kind, code, field, side }: Omit<KnownCause, 'operation'>): CauseClass => {
  if (kind === 'REJECTED') {
    if (field !== null) return 'REFUSED_FIELD'
    return side === 'OURS' ? 'REFUSED_FORM' : 'REFUSED'
  }
  const known = BY_CODE.get(code) ?? BY_PATTERN.find(([pattern]) => pattern.test(code))?.[1]
  return known ?? (kind === 'UNAVAILABLE' ? 'NOT_NOW' : 'OTHER')
}

/** Classes of what is answered, by who answers: the system is there, and serves nothing by what it says. */
const ANSWERED: ReadonlySet<CauseClass> = new Set<CauseClass>([
  'CREDENTIALS',
  'NO_RIGHT',
  'CLOSED',
  'BUSY',
  'NOT_NOW',
  'SLOW_DOWN',
  'WRONG_ADDRESS',
  'MESSAGE_TOO_LARGE',
  'REFUSED_FORM',
  'THEIR_FAULT',
  'UNREADABLE',
])

const JUDGED: ReadonlySet<string> = new Set(JUDGEMENT_CODES)
/** Judged so by what they have answered. */
const OF_ANSWERS: ReadonlySet<string> = new Set<JudgementCode>([
  'OTHER_KEY',
  'OTHER_DOSSIER',
  'UNCLEAR_RESULT',
  'EXISTS_UNSEEN',
  'CONTRADICTED',
  'UNTOLD',
  'NOT_COMPARABLE',
])

/** Whether who failed by that code has answered. */
export const hasAnswered = (code: string): boolean =>
  JUDGED.has(code) ? OF_ANSWERS.has(code) : ANSWERED.has(classOf({ kind: 'UNAVAILABLE', code, field: null }))
