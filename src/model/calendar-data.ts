/**
 * Dữ liệu lịch làm việc, as an administrator loads it: office hours, days off and compensating days, each with its standing (C: public
 * document, code: read in a public program, I: inferred, B: background knowledge that the district's own experts confirm). What is not
 * known is named as a gap, so that a date counted across it says so.
 */
export interface OfficeHours {
  /** Local dates, both inclusive; null: open. */
  readonly validFrom: string
  readonly validTo: string | null
  /** 1 Monday … 7 Sunday. */
  readonly weekdays: readonly number[]
  /** Local times `HH:mm`, in order, within the day. */
  readonly hours: readonly (readonly [string, string])[]
  readonly standing: string
}

/** HOLIDAY: by law. COMPENSATION: in place of a holiday on a weekly day off. SWAPPED: exchanged for a compensating working day. OTHER: the office's own. */
export const DAY_OFF_KINDS = ['HOLIDAY', 'COMPENSATION', 'SWAPPED', 'OTHER'] as const
export type DayOffKind = (typeof DAY_OFF_KINDS)[number]

export interface DayOff {
  readonly date: string
  readonly kind: DayOffKind
  readonly name: string
  readonly standing: string
}

/** Ngày làm bù: a weekly day off on which the office works, by the hours of another weekday. */
export interface CompensatingDay {
  readonly date: string
  /** The day off that it makes up for. */
  readonly inPlaceOf: string
  readonly standing: string
}

/** What is not known yet of a stretch of days; both inclusive. */
export interface CalendarGap {
  readonly from: string
  readonly to: string
  readonly reason: string
}

export interface CalendarData {
  /** First and last day for which holidays are listed. */
  readonly from: string
  readonly to: string
  /** One working day in hours: 8. */
  readonly hoursPerDay: number
  readonly officeHours: readonly OfficeHours[]
  readonly daysOff: readonly DayOff[]
  readonly compensatingDays: readonly CompensatingDay[]
  readonly gaps: readonly CalendarGap[]
}

export const DAY_MS = 86_400_000
export const minutesOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5))
/** 1 Monday … 7 Sunday of a local date. */
export const weekdayOf = (date: string): number => new Date(`${date}T00:00:00Z`).getUTCDay() || 7

const DATE = /^(?!0000)\d{4}-\d{2}-\d{2}$/
const TIME = /^([01]\d|2[0-3]):[0-5]\d$/

/** A day that exists, `yyyy-MM-dd`. */
export const isLocalDate = (text: string): boolean => {
  if (!DATE.test(text)) return false
  const day = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text)
}
const lastOf = (date: string | null): string => date ?? '9999-12-31'

/** Everything that is wrong with a calendar, in Vietnamese for the one who loads it; an empty list is a valid calendar. */
export const calendarProblems = (data: CalendarData): string[] => {
  const dates = [
    data.from,
    data.to,
    ...data.officeHours.flatMap(({ validFrom, validTo }) => [validFrom, ...(validTo ? [validTo] : [])]),
    ...data.daysOff.map(({ date }) => date),
    ...data.compensatingDays.flatMap(({ date, inPlaceOf }) => [date, inPlaceOf]),
    ...data.gaps.flatMap(({ from, to }) => [from, to]),
  ]
  const unreadable = dates.filter((date) => !isLocalDate(date))
  if (unreadable.length > 0) return unreadable.map((date) => `«${date}» không phải là ngày dạng yyyy-MM-dd`)
  // Every day would lie outside such a range: one fault is said once.
  if (data.to < data.from) return [`Phạm vi của lịch kết thúc (${data.to}) trước khi bắt đầu (${data.from})`]
  const problems: string[] = []
  if (!(data.hoursPerDay > 0 && data.hoursPerDay <= 24))
    problems.push(`Số giờ của một ngày làm việc phải từ 1 đến 24, không phải ${data.hoursPerDay}`)
  return [...problems, ...hoursProblems(data), ...dayProblems(data)]
}

const hoursProblems = ({ officeHours, from, to }: CalendarData): string[] => {
  const problems: string[] = []
  for (const [index, row] of officeHours.entries()) {
    const name = `Giờ làm việc từ ${row.validFrom}`
    if (lastOf(row.validTo) < row.validFrom) problems.push(`${name}: hết hiệu lực trước khi có hiệu lực`)
    if (row.weekdays.some((day) => !Number.isInteger(day) || day < 1 || day > 7))
      problems.push(`${name}: thứ trong tuần là số 1 (thứ Hai) đến 7 (Chủ nhật)`)
    if (row.hours.length === 0) problems.push(`${name}: không có buổi làm việc nào`)
    let closed = -1
    for (const [opens, closes] of row.hours) {
      if (!TIME.test(opens) || !TIME.test(closes)) problems.push(`${name}: «${opens}-${closes}» không phải là giờ dạng HH:mm`)
      else if (minutesOf(closes) <= minutesOf(opens)) problems.push(`${name}: buổi ${opens}-${closes} kết thúc trước khi bắt đầu`)
      else if (minutesOf(opens) <= closed) problems.push(`${name}: buổi ${opens}-${closes} chồng lên hoặc liền với buổi trước nó`)
      closed = Math.max(closed, minutesOf(closes))
    }
    for (const other of officeHours.slice(index + 1)) {
      const days = row.weekdays.filter((day) => other.weekdays.includes(day))
      const overlap = row.validFrom <= lastOf(other.validTo) && other.validFrom <= lastOf(row.validTo)
      if (days.length > 0 && overlap) problems.push(`${name}: chồng lên giờ làm việc từ ${other.validFrom} (thứ ${days.join(', ')})`)
    }
  }
  const without = firstWeekWithoutHours(officeHours, from, to)
  if (without) problems.push(`Không có giờ làm việc nào trong tuần từ ${without}`)
  return problems
}

const firstWeekWithoutHours = (rows: readonly OfficeHours[], from: string, to: string): string | undefined => {
  for (let at = Date.parse(from); at <= Date.parse(to); at += 7 * DAY_MS) {
    const date = new Date(at).toISOString().slice(0, 10)
    if (!rows.some(({ validFrom, validTo, weekdays }) => validFrom <= date && date <= lastOf(validTo) && weekdays.length > 0)) return date
  }
  return undefined
}

const dayProblems = ({ from, to, daysOff, compensatingDays, gaps, officeHours }: CalendarData): string[] => {
  const problems: string[] = []
  const hoursOn = (date: string): OfficeHours | undefined =>
    officeHours.find((row) => row.validFrom <= date && date <= lastOf(row.validTo) && row.weekdays.includes(weekdayOf(date)))
  const seen = new Set<string>()
  for (const { date, name } of daysOff) {
    if (date < from || date > to) problems.push(`Ngày nghỉ ${date} (${name}) nằm ngoài phạm vi của lịch`)
    if (seen.has(date)) problems.push(`Ngày nghỉ ${date} được ghi hai lần`)
    seen.add(date)
  }
  const worked = new Set<string>()
  for (const { date, inPlaceOf } of compensatingDays) {
    if (date < from || date > to) problems.push(`Ngày làm bù ${date} nằm ngoài phạm vi của lịch`)
    if (worked.has(date)) problems.push(`Ngày làm bù ${date} được ghi hai lần`)
    if (seen.has(date)) problems.push(`Ngày ${date} vừa là ngày nghỉ vừa là ngày làm bù`)
    if (hoursOn(date) && hoursOn(date) === hoursOn(inPlaceOf)) problems.push(`Ngày làm bù ${date} vốn đã là ngày làm việc`)
    if (!hoursOn(inPlaceOf)) problems.push(`Ngày ${inPlaceOf} mà ${date} làm bù cho không phải là ngày làm việc trong tuần`)
    if (!daysOff.some((day) => day.date === inPlaceOf && day.kind === 'SWAPPED'))
      problems.push(`Ngày ${inPlaceOf} mà ${date} làm bù cho không được ghi là ngày nghỉ hoán đổi`)
    worked.add(date)
  }
  for (const { date, kind } of daysOff) {
    const isMadeUp = compensatingDays.some(({ inPlaceOf }) => inPlaceOf === date)
    if (kind === 'SWAPPED' && !isMadeUp) problems.push(`Ngày nghỉ hoán đổi ${date} không có ngày làm bù`)
  }
  for (const gap of gaps) if (gap.to < gap.from) problems.push(`Khoảng chưa rõ ${gap.from} kết thúc trước khi bắt đầu`)
  return problems
}

/** Without any calendar loaded: weekdays alone, and no day of which the holidays are known. Enough for a retry's patience, never for a due date. */
export const WEEKDAYS_ALONE: CalendarData = {
  from: '1970-01-01',
  to: '1970-01-01',
  hoursPerDay: 8,
  officeHours: [
    {
      validFrom: '1970-01-01',
      validTo: null,
      weekdays: [1, 2, 3, 4, 5],
      hours: [
        ['07:00', '11:30'],
        ['13:30', '17:00'],
      ],
      standing: 'I: chưa nạp lịch làm việc',
    },
  ],
  daysOff: [],
  compensatingDays: [],
  gaps: [],
}
