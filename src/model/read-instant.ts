const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2})$/

/** Days that a dossier can have to do with; outside of them stand slips of the keyboard, and years that a database refuses. */
const FIRST_YEAR = 1900
export const LAST_YEAR = 2199

/** `yyyy-MM-dd`, a day of the calendar: JavaScript takes 30 February for 2 March. */
export const isDay = (text: string): boolean => {
  const day = new Date(`${text}T00:00:00.000Z`)
  return !Number.isNaN(day.getTime()) && day.toISOString().slice(0, 10) === text
}

/** What is wrong with a day (`yyyy-MM-dd`), a sentence; undefined: nothing. */
export const faultOfDay = (day: string): string | undefined => {
  if (!isDay(day)) return `Ngày ${day} không có trong lịch.`
  const year = Number(day.slice(0, 4))
  return year < FIRST_YEAR || year > LAST_YEAR ? `Năm phải từ ${FIRST_YEAR} đến ${LAST_YEAR}.` : undefined
}

/** Thời điểm as somebody has written it: ISO-8601 with an offset of its own, on a day of the calendar. Else the sentence that says what is wrong. */
export const readInstant = (text: string): Date | string => {
  const instant = INSTANT.test(text) ? new Date(text) : undefined
  if (!instant || Number.isNaN(instant.getTime())) return 'Thời điểm phải theo ISO-8601 có múi giờ, ví dụ 2026-03-15T08:00:00+07:00.'
  return faultOfDay(text.slice(0, 10)) ?? instant
}
