import { describeDay } from './calendar-day.js'
import type { DueDate, DueDateStep, NotComputableReason } from './due-date.js'
import type { InEach, Language } from './language.js'
import { describeInstant } from './working-calendar.js'

/** Diễn giải hạn trả: the steps of a due date in sentences that an officer can check by hand. */
/** `08:05 ngày 23/11/2026`. */
const at = (instant: Date, language: Language = 'vi'): string => describeInstant(instant, language).replace(/^(\d\d:\d\d):\d\d/, '$1')

const UNITS: InEach<readonly [day: string, hour: string, minute: string]> = { vi: ['ngày', 'giờ', 'phút'], en: ['d', 'h', 'min'] }

/** Working time as `2 ngày 3 giờ 15 phút`. */
const describeWorkingTime = (ms: number, hoursPerDay: number, language: Language = 'vi'): string => {
  const [day, hour, minute] = UNITS[language]
  const minutes = Math.round(ms / 60_000)
  const perDay = Math.round(hoursPerDay * 60)
  const parts: [number, string][] = [
    [Math.floor(minutes / perDay), day],
    [Math.floor((minutes % perDay) / 60), hour],
    [(minutes % perDay) % 60, minute],
  ]
  const said = parts.filter(([count]) => count > 0).map(([count, unit]) => `${count} ${unit}`)
  return said.length === 0 ? `0 ${hour}` : said.join(' ')
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

type Because = Readonly<Record<NotComputableReason, (when: string) => string>>

const BECAUSE: InEach<Because> = {
  vi: {
    NOT_RECEIVED: (when) => `hồ sơ nộp lúc ${when} chưa được tiếp nhận`,
    NOT_ACCEPTED: (when) => `hồ sơ kết thúc lúc ${when} mà không được tiếp nhận`,
    NO_STATUTORY_TIME: (when) => `chưa có thời hạn giải quyết của thủ tục cho hồ sơ tiếp nhận lúc ${when}`,
    NO_RULE: (when) => `chưa có quy tắc tạm dừng hoặc chính sách bổ sung cho thời điểm ${when}`,
    HISTORY_INCOMPLETE: (when) => `cổng liên thông không có đủ diễn biến của hồ sơ (tính đến ${when})`,
    OUT_OF_ORDER: (when) => `diễn biến lúc ${when} không khớp với diễn biến trước nó`,
    SUPPLEMENT_WITHOUT_DEMAND: (when) => `bổ sung lúc ${when} không có yêu cầu bổ sung nào trước đó, nên không rõ đã dừng từ bao giờ`,
    PAUSE_OPEN: (when) => `đang tạm dừng từ ${when} và chưa biết bao giờ kết thúc`,
    CALENDAR_MISSING: (when) => `lịch làm việc chưa có ngày nghỉ cho thời điểm ${when}`,
  },
  en: {
    NOT_RECEIVED: (when) => `the dossier that was handed in at ${when} has not been received`,
    NOT_ACCEPTED: (when) => `the dossier ended at ${when} without having been accepted`,
    NO_STATUTORY_TIME: (when) => `no statutory time of the procedure is loaded for a dossier received at ${when}`,
    NO_RULE: (when) => `no rule of pauses or supplements is loaded for ${when}`,
    HISTORY_INCOMPLETE: (when) => `the gateway does not know all that happened to the dossier (up to ${when})`,
    OUT_OF_ORDER: (when) => `what happened at ${when} does not fit what happened before it`,
    SUPPLEMENT_WITHOUT_DEMAND: (when) => `the supplement of ${when} was not demanded before, so it is not clear since when the clock stood`,
    PAUSE_OPEN: (when) => `the clock has stood since ${when}, and nobody knows until when`,
    CALENDAR_MISSING: (when) => `the working calendar has no holidays for ${when}`,
  },
}

/** Why there is no date, and what is left of the time; null when there is one. */
export const describeNotComputable = (due: DueDate, hoursPerDay: number, language: Language = 'vi'): string | null => {
  if (due.kind === 'COMPUTED') return null
  const why = BECAUSE[language][due.reason](at(due.at, language))
  const left = due.leftMs === undefined ? undefined : describeWorkingTime(due.leftMs, hoursPerDay, language)
  if (language === 'en') return `Not computed: ${why}${left === undefined ? '' : `; ${left} of working time are left once it runs again`}.`
  return `Chưa tính được: ${why}${left === undefined ? '' : `; còn ${left} làm việc khi chạy lại`}.`
}
