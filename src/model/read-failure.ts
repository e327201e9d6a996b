import { CAUSE_CLASSES, type CauseClass, classOf } from './cause-classes.js'
import { SYSTEM_IN_SENTENCE } from './system.js'
import { describeInstant } from './working-calendar.js'

/**
 * Vì sao chưa đọc được phần mềm đất đai: the kinds, as whoever reads a dossier is told them. Each is a whole sentence without its full stop, holds no word of the
 * other side and no technical detail: that stands in the log.
 */
export const READ_FAILURES = {
  UNREACHABLE: 'Chưa đọc được phần mềm đất đai (ViLIS): không kết nối được',
  TIMEOUT: 'Chưa đọc được phần mềm đất đai (ViLIS): không trả lời trong thời hạn',
  CUT: 'Chưa đọc được phần mềm đất đai (ViLIS): kết nối bị ngắt khi chưa có trả lời',
  BREAKER_OPEN: 'Chưa đọc được phần mềm đất đai (ViLIS): hỏng nhiều lần liền nên cổng liên thông tạm ngừng hỏi (cầu dao đang mở)',
  BROKEN_REPLY: 'Chưa đọc được phần mềm đất đai (ViLIS): trả lời bị cắt ngang hoặc sai cấu trúc',
  HOSTILE_XML: 'Chưa đọc được phần mềm đất đai (ViLIS): trả lời có khai báo XML không được chấp nhận',
  TOO_LARGE: 'Chưa đọc được phần mềm đất đai (ViLIS): trả lời lớn hơn mức cho phép',
  WRONG_CONTENT_TYPE: 'Chưa đọc được phần mềm đất đai (ViLIS): trả lời không phải bằng XML',
  OTHER_ANSWER: 'Chưa đọc được phần mềm đất đai (ViLIS): trả lời không phải cho điều đã hỏi',
  NOT_UNDERSTOOD: 'Chưa đọc được phần mềm đất đai (ViLIS): trả lời có phần tiêu đề bắt buộc mà cổng liên thông không hiểu',
  CLOCK_AHEAD: 'Chưa đọc được phần mềm đất đai (ViLIS): đồng hồ bên đó chạy trước giờ hiện tại',
  FAULT: 'Chưa đọc được phần mềm đất đai (ViLIS): bên đó báo lỗi',
  CREDENTIALS: 'Chưa đọc được phần mềm đất đai (ViLIS): bên đó không chấp nhận tài khoản của cổng liên thông',
  NO_RIGHT: 'Chưa đọc được phần mềm đất đai (ViLIS): tài khoản của cổng liên thông chưa có quyền đọc ở bên đó',
  CLOSED: 'Chưa đọc được phần mềm đất đai (ViLIS): bên đó trả lời là đang bảo trì hoặc tạm ngưng',
  BUSY: 'Chưa đọc được phần mềm đất đai (ViLIS): bên đó trả lời là đang quá tải',
  SLOW_DOWN: 'Chưa đọc được phần mềm đất đai (ViLIS): bên đó đề nghị gọi chậm lại',
  OUT_OF_SERVICE: 'Chưa đọc được phần mềm đất đai (ViLIS): bên đó tạm thời không phục vụ',
  HTTP_ERROR: 'Chưa đọc được phần mềm đất đai (ViLIS): bên đó trả lời bằng mã lỗi HTTP',
  NOT_ASKED: 'Chưa đọc được phần mềm đất đai (ViLIS): cổng liên thông chưa gửi được câu hỏi',
  NOT_CONNECTED: 'Chưa đọc được phần mềm đất đai (ViLIS): cổng liên thông chưa nối với hệ thống này',
} as const

export type ReadFailure = keyof typeof READ_FAILURES

/** For want of a kind. */
export const UNREAD = 'Chưa đọc được phần mềm đất đai (ViLIS)'

/** Tạm ngừng đọc: by which technical code the last read failed before nobody was let ask any more, and until when at most; null: not known. */
export interface StoppedReading {
  readonly code: string | null
  readonly until: Date | null
}

/** Of these the class tells less than that reading has failed. */
const UNTOLD: ReadonlySet<CauseClass> = new Set<CauseClass>(['NOT_NOW', 'OTHER'])

/** Vì sao tạm ngừng đọc: that the gateway has stopped asking, by what, and when it asks again, as far as these are known. Without its last full stop. */
export const describeStopped = ({ code, until }: StoppedReading): string => {
  const of = code === null ? undefined : classOf({ kind: 'UNAVAILABLE', code, field: null })
  const because = of === undefined || UNTOLD.has(of) ? '' : `. Lần hỏng cuối: ${CAUSE_CLASSES[of].what(SYSTEM_IN_SENTENCE.VILIS)}`
  return `${READ_FAILURES.BREAKER_OPEN}${because}${until ? `. Hỏi lại chậm nhất từ ${describeInstant(until)}` : ''}`
}
