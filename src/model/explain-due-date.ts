import { describeDay } from './calendar-day.js'
import type { DueDate, DueDateStep, NotComputableReason } from './due-date.js'
import { describeInstant } from './working-calendar.js'

/** Diễn giải hạn trả: the steps of a due date in sentences that an officer can check by hand. */
/** `08:05 ngày 23/11/2026`. */
const at = (instant: Date): string => describeInstant(instant).replace(/^(\d\d:\d\d):\d\d/, '$1')

/** Working time as `2 ngày 3 giờ 15 phút`. */
const describeWorkingTime = (ms: number, hoursPerDay: number): string => {
  const minutes = Math.round(ms / 60_000)
  const perDay = Math.round(hoursPerDay * 60)
  const parts: [number, string][] = [
    [Math.floor(minutes / perDay), 'ngày'],
    [Math.floor((minutes % perDay) / 60), 'giờ'],
    [(minutes % perDay) % 60, 'phút'],
  ]
  const said = parts.filter(([count]) => count > 0).map(([count, unit]) => `${count} ${unit}`)
  return said.length === 0 ? '0 giờ' : said.join(' ')
}

/** `provisional`: of the whole; holidays on its way are not known yet. */
export const describeDueDateStep = (step: DueDateStep, hoursPerDay: number, provisional = false): string => {
  const { from, to, rule } = step
  const time = (ms: number): string => describeWorkingTime(ms, hoursPerDay)
  switch (step.kind) {
    case 'RECEIVED':
      return `Tiếp nhận lúc ${at(from)}, tính từ ${at(to ?? from)}. ${rule}.`
    case 'COUNTED':
      return [
        `Từ ${at(from)} đến ${at(to ?? from)}: tính ${time(step.countedMs)} làm việc, cộng dồn ${time(step.totalMs)}.`,
        ...(step.daysOff.length > 0 ? [`Không tính ngày nghỉ ${step.daysOff.map(describeDay).join(', ')}.`] : []),
        ...(step.compensatingDays.length > 0 ? [`Có tính ngày làm bù ${step.compensatingDays.map(describeDay).join(', ')}.`] : []),
      ].join(' ')
    case 'STOPPED':
      return to === null ? `Tạm dừng từ ${at(from)}, chưa kết thúc: ${rule}.` : `Tạm dừng từ ${at(from)} đến ${at(to)}: ${rule}.`
    case 'RESTARTED':
      return `${rule}: từ ${at(to ?? from)}.`
    case 'IGNORED':
      return `Nhận bổ sung lúc ${at(from)}, cho yêu cầu đã kết thúc trước đó: không đổi cách tính.`
    case 'DUE':
      return `Hạn trả${provisional ? ' tạm tính' : ''}: ${at(from)}.`
  }
}

const BECAUSE: Readonly<Record<NotComputableReason, (when: string) => string>> = {
  NOT_RECEIVED: (when) => `hồ sơ nộp lúc ${when} chưa được tiếp nhận`,
  NOT_ACCEPTED: (when) => `hồ sơ kết thúc lúc ${when} mà không được tiếp nhận`,
  NO_STATUTORY_TIME: (when) => `chưa có thời hạn giải quyết của thủ tục cho hồ sơ tiếp nhận lúc ${when}`,
  NO_RULE: (when) => `chưa có quy tắc tạm dừng hoặc chính sách bổ sung cho thời điểm ${when}`,
  HISTORY_INCOMPLETE: (when) => `cổng liên thông không có đủ diễn biến của hồ sơ (tính đến ${when})`,
  OUT_OF_ORDER: (when) => `diễn biến lúc ${when} không khớp với diễn biến trước nó`,
  SUPPLEMENT_WITHOUT_DEMAND: (when) => `bổ sung lúc ${when} không có yêu cầu bổ sung nào trước đó, nên không rõ đã dừng từ bao giờ`,
  PAUSE_OPEN: (when) => `đang tạm dừng từ ${when} và chưa biết bao giờ kết thúc`,
  CALENDAR_MISSING: (when) => `lịch làm việc chưa có ngày nghỉ cho thời điểm ${when}`,
}

/** Why there is no date, and what is left of the time; null when there is one. */
export const describeNotComputable = (due: DueDate, hoursPerDay: number): string | null => {
  if (due.kind === 'COMPUTED') return null
  const because = `Chưa tính được: ${BECAUSE[due.reason](at(due.at))}`
  return due.leftMs === undefined ? `${because}.` : `${because}; còn ${describeWorkingTime(due.leftMs, hoursPerDay)} làm việc khi chạy lại.`
}
