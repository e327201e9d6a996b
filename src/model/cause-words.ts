import { CAUSE_CLASSES, type CauseClass, type CauseWords, classOf } from './cause-classes.js'
import type { CauseSide } from './cause-side.js'
import {
  ENGLISH_CLASSES,
  ENGLISH_HELD,
  ENGLISH_JUDGED,
  ENGLISH_OTHER_CODES,
  ENGLISH_RESTORED,
  ENGLISH_SIDES,
  type EnglishWords,
} from './cause-words-english.js'
import { type KnownCause, OTHER_CODES } from './failure-cause.js'
import type { JudgementCode } from './failure-code.js'
import { upperFirst } from './first-letter.js'
import type { Language } from './language.js'
import { systemInSentence, systemOf } from './system.js'
import type { HeldReason } from './transfer-state.js'

/**
 * Lời của một nguyên nhân: what failed, whose side it is on and what to do next, so that a commune's officer or an operator at three in the morning knows
 * it without reading a code. Closed tables: by code where we have named it, else by the class of technical codes that it belongs to. None of these
 * sentences has anything of a dossier in it.
 */
const SIDE_LABELS: Record<CauseSide, (name: string) => string> = {
  OURS: () => 'Phía cổng liên thông',
  THEIRS: (name) => `Phía ${name}`,
  NETWORK: (name) => `Đường truyền tới ${name}`,
  DESK: () => 'Nơi tiếp nhận hồ sơ',
  DATA: () => 'Dữ liệu của hồ sơ',
  UNKNOWN: () => 'Chưa rõ của bên nào',
}

const JUDGED: Record<JudgementCode, CauseWords> = {
  OTHER_CONTENT: {
    side: 'DATA',
    what: (name) => `${name} đang giữ nội dung khác với nội dung đã gửi`,
    next: (name) =>
      `So sánh hồ sơ ở ${name} với hồ sơ ở đây. Bên kia đúng: xác nhận đã nhận. Bên này đúng: nhờ sửa bên kia rồi gửi lại (hệ thống hỏi trước khi gửi).`,
  },
  OTHER_FIELDS: {
    side: 'DATA',
    what: (name) => `${name} đang giữ giá trị khác ở một số trường`,
    next: (name) => `So sánh các trường nêu tên với hồ sơ ở ${name}; sửa bên sai, rồi xác nhận đã nhận hoặc gửi lại.`,
  },
  OTHER_FILES: {
    side: 'THEIRS',
    what: (name) => `${name} giữ thiếu, thừa hoặc sai tập tin`,
    next: (name) =>
      `Đối chiếu giấy tờ của hồ sơ ở ${name}; nhờ ${name} bổ sung tập tin rồi xác nhận đã nhận; hoặc nhờ bỏ hồ sơ đó rồi xác nhận là chưa có, lượt này được gửi lại.`,
  },
  NEWER_VERSION: {
    side: 'DATA',
    what: (name) => `${name} đã giữ phiên bản mới hơn`,
    next: () => 'Kiểm tra ai đã sửa ở bên nhận. Nội dung mới hơn là đúng thì hủy lượt này.',
  },
  OTHER_KEY: {
    side: 'THEIRS',
    what: (name) => `Trả lời của ${name} mang mã giao dịch khác`,
    next: (name) => `Tra cứu hồ sơ ở ${name} rồi xác nhận kết quả; báo đầu mối kỹ thuật của ${name} nếu lặp lại.`,
  },
  OTHER_DOSSIER: {
    side: 'THEIRS',
    what: (name) => `Trả lời của ${name} là của hồ sơ khác`,
    next: (name) => `Tra cứu hồ sơ ở ${name} rồi xác nhận kết quả; báo ngay đầu mối kỹ thuật của ${name}.`,
  },
  UNCLEAR_RESULT: {
    side: 'THEIRS',
    what: (name) => `Trả lời của ${name} không nói là nhận hay từ chối`,
    next: (name) => `Hệ thống tự hỏi lại. Nếu bị giữ: tra cứu hồ sơ ở ${name} rồi xác nhận kết quả.`,
  },
  EXISTS_UNSEEN: {
    side: 'THEIRS',
    what: (name) => `${name} báo đã tồn tại nhưng tra cứu thì không thấy`,
    next: (name) => `Nhờ ${name} kiểm tra hồ sơ này ở hệ thống của họ rồi xác nhận kết quả.`,
  },
  CONTRADICTED: {
    side: 'THEIRS',
    what: (name) => `${name} đã trả lời là nhận được, nay lại trả lời là chưa có`,
    next: (name) => `Nhờ ${name} kiểm tra hồ sơ này rồi xác nhận kết quả; chưa gửi lại khi chưa rõ.`,
  },
  NO_INQUIRY: {
    side: 'UNKNOWN',
    what: (name) => `Không biết kết quả, và chưa thỏa thuận với ${name} cách tra cứu`,
    next: (name) => `Tra cứu hồ sơ trực tiếp ở ${name} rồi xác nhận kết quả.`,
  },
  UNTOLD: {
    side: 'THEIRS',
    what: (name) => `${name} không cho biết đủ thông tin để so sánh`,
    next: (name) => `Tra cứu hồ sơ trực tiếp ở ${name} rồi xác nhận kết quả.`,
  },
  NOT_COMPARABLE: {
    side: 'THEIRS',
    what: (name) => `Nội dung ở ${name} không so sánh được với nội dung đã gửi`,
    next: (name) => `Tra cứu hồ sơ trực tiếp ở ${name} rồi xác nhận kết quả.`,
  },
  FOREIGN_OPERATION: {
    side: 'OURS',
    what: (name) => `Nghiệp vụ này không có ở ${name}`,
    next: () => 'Kiểm tra tuyến liên thông và hợp đồng (WSDL) đang dùng.',
  },
  MAPPING_MISSING: {
    side: 'OURS',
    what: (name) => `Thiếu ánh xạ mã sang ${name}`,
    next: () => 'Nạp dòng ánh xạ còn thiếu (lienthong mappings load): các lượt bị giữ tự đi tiếp.',
  },
  PREDECESSOR_MISSING: {
    side: 'OURS',
    what: (name) => `${name} chưa có hồ sơ này vì lượt giới thiệu đã bị hủy`,
    next: (name) => `Thay lượt giới thiệu đã hủy bằng lượt mới, hoặc xác nhận hồ sơ đã được nhập ở ${name}: các lượt sau tự đi tiếp.`,
  },
  RESTORING: {
    side: 'OURS',
    what: () => 'Đang đọc lại các thay đổi sau khi phục hồi cơ sở dữ liệu',
    next: () => 'Chưa phải làm gì: hệ thống đi tiếp khi đã đọc xong.',
  },
  DEADLINE: CAUSE_CLASSES.GATEWAY,
  STALLED: CAUSE_CLASSES.GATEWAY,
  INTERNAL: {
    side: 'OURS',
    what: () => 'Lỗi nội bộ của cổng liên thông',
    next: () => 'Báo bộ phận kỹ thuật của cổng liên thông: xem nhật ký của tiến trình chuyển.',
  },
}

/** Vì sao bị giữ lại: of each reason to hold, and of what we could not prepare. */
export const HELD_WORDS: Record<HeldReason, CauseWords> = {
  MAPPING_MISSING: JUDGED.MAPPING_MISSING,
  ATTACHMENT_MISSING: {
    side: 'OURS',
    what: () => 'Kho tập tin không có một tập tin của hồ sơ',
    next: () => 'Khôi phục tập tin vào kho, hoặc nhờ một cửa gửi lại hồ sơ, rồi gửi lại lượt này.',
  },
  ATTACHMENT_TOO_LARGE: {
    side: 'DESK',
    what: (name) => `Tập tin đính kèm lớn hơn mức ${name} nhận`,
    next: () => 'Giảm dung lượng tập tin ở nơi tiếp nhận rồi “Thay bằng nội dung mới”; nâng giới hạn trong cấu hình nếu bên nhận cho phép.',
  },
  BODY_INVALID: {
    side: 'DATA',
    what: (name) => `Nội dung không đúng hợp đồng dịch vụ của ${name}, chưa gửi`,
    next: () => 'Sửa trường được nêu tên: bấm “Sửa và gửi lại”, hoặc sửa ở nơi quản lý dữ liệu rồi “Thay bằng nội dung mới”.',
  },
  CONFLICT: JUDGED.OTHER_CONTENT,
  UNCERTAIN: {
    side: 'UNKNOWN',
    what: (name) => `Không xác định được ${name} đã có hay chưa`,
    next: (name) => `Tra cứu hồ sơ trực tiếp ở ${name}, rồi xác nhận kết quả: đã có hoặc chưa có. Chưa gửi lại khi chưa rõ.`,
  },
  PREDECESSOR_MISSING: JUDGED.PREDECESSOR_MISSING,
  ADOPT_ABSENT: {
    side: 'UNKNOWN',
    what: (name) => `Đối chiếu lịch sử: ${name} chưa có hồ sơ này`,
    next: (name) => `Cần ${name} có hồ sơ: gửi lại (sẽ gửi thật). ${name} có dưới mã khác, hoặc không cần: xác nhận đã nhận, hoặc hủy.`,
  },
  ADOPT_DIFFERS: {
    side: 'DATA',
    what: (name) => `Đối chiếu lịch sử: ${name} giữ giá trị khác`,
    next: (name) => `So sánh các trường nêu tên với hồ sơ ở ${name}; sửa bên sai, rồi xác nhận đã nhận hoặc gửi lại để đối chiếu lần nữa.`,
  },
  AWAITING_APPROVAL: {
    side: 'OURS',
    what: () => 'Nội dung đã được sửa khác với nguồn, chờ người thứ hai duyệt',
    next: () => 'Một người vận hành khác xem các trường đã sửa rồi duyệt hoặc không duyệt; được duyệt thì lượt này tự đi.',
  },
  AMENDMENT_DECLINED: {
    side: 'OURS',
    what: () => 'Nội dung sửa không được duyệt, không gửi',
    next: () => 'Sửa lại nội dung (“Sửa và gửi lại”), hoặc gửi nội dung hiện tại của nguồn (“Thay bằng nội dung mới”).',
  },
}

const RESTORED_WORDS: CauseWords = {
  side: 'OURS',
  what: () => 'Cơ sở dữ liệu được phục hồi từ bản sao lưu, chưa biết bên nhận đã có hay chưa',
  next: () => 'Chưa phải làm gì: hệ thống hỏi bên nhận trước khi gửi. Xem tiến độ của đợt khôi phục.',
}

const OTHER_CODES_WORDS: CauseWords = {
  side: 'THEIRS',
  what: (name) => `${name} trả lời bằng quá nhiều mã lỗi khác nhau trong một giờ, được gộp làm một`,
  next: (name) => `Xem mã lỗi ở từng lượt; báo đầu mối kỹ thuật của ${name} rằng mỗi lần lỗi mang một mã khác.`,
}

const own = <Value>(table: Readonly<Record<string, Value>>, key: string): Value | undefined =>
  Object.hasOwn(table, key) ? table[key] : undefined

/** The words of each kind of cause, in one language. */
interface Tables<Words> {
  readonly restored: Words
  readonly otherCodes: Words
  readonly held: Readonly<Record<HeldReason, Words>>
  readonly judged: Readonly<Record<JudgementCode, Words>>
  readonly classes: Readonly<Record<CauseClass, Words>>
}

const chosen = <Words>(cause: Omit<KnownCause, 'operation'>, tables: Tables<Words>): Words => {
  const { kind, code } = cause
  if (kind === 'LOST' && code === 'RESTORED') return tables.restored
  if (code === OTHER_CODES) return tables.otherCodes
  const held = kind === 'NOT_SENT' || kind === 'HELD' ? own<Words>(tables.held, code) : undefined
  return held ?? (kind === 'REJECTED' ? undefined : own<Words>(tables.judged, code)) ?? tables.classes[classOf(cause)]
}

const wordsOf = (cause: Omit<KnownCause, 'operation'>): CauseWords =>
  chosen<CauseWords>(cause, {
    restored: RESTORED_WORDS,
    otherCodes: OTHER_CODES_WORDS,
    held: HELD_WORDS,
    judged: JUDGED,
    classes: CAUSE_CLASSES,
  })

const englishOf = (cause: Omit<KnownCause, 'operation'>): EnglishWords =>
  chosen<EnglishWords>(cause, {
    restored: ENGLISH_RESTORED,
    otherCodes: ENGLISH_OTHER_CODES,
    held: ENGLISH_HELD,
    judged: ENGLISH_JUDGED,
    classes: ENGLISH_CLASSES,
  })

export interface CauseText {
  /** One sentence with the code in parentheses. */
  readonly title: string
  readonly side: CauseSide
  readonly sideLabel: string
  readonly nextStep: string
}

/** `text` of a side for a system of that name. */
export const describeSide = (side: CauseSide, name: string, language: Language = 'vi'): string =>
  (language === 'en' ? ENGLISH_SIDES : SIDE_LABELS)[side](name)

/** Vì sao bị giữ lại, in sentences. */
export const describeHeld = (
  reason: HeldReason,
  name: string,
  language: Language,
): Omit<CauseText, 'title'> & { readonly what: string } => {
  const { side } = HELD_WORDS[reason]
  const { what, next } = language === 'en' ? ENGLISH_HELD[reason] : HELD_WORDS[reason]
  return { what: `${upperFirst(what(name))}.`, side, sideLabel: describeSide(side, name, language), nextStep: upperFirst(next(name)) }
}

export const describeCause = (cause: KnownCause, language: Language = 'vi'): CauseText => {
  const name = systemInSentence(systemOf(cause.operation), language)
  const side = cause.side ?? wordsOf(cause).side
  const { what, next } = language === 'en' ? englishOf(cause) : wordsOf(cause)
  const technical = [cause.code, ...(cause.field === null ? [] : [cause.field])].join(', ')
  return {
    title: `${upperFirst(what(name))} (${technical}).`,
    side,
    sideLabel: describeSide(side, name, language),
    nextStep: upperFirst(next(name)),
  }
}
