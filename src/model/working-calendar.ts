/** Lịch làm việc in Asia/Ho_Chi_Minh. Viet Nam has had one offset, +07:00 without daylight saving, since 1975. */
const OFFSET_MS = 7 * 3_600_000
const DAY_MS = 86_400_000

/** Local date `yyyy-MM-dd` of an instant. */
export const localDateOf = (instant: Date): string => new Date(instant.getTime() + OFFSET_MS).toISOString().slice(0, 10)

/** As an officer reads it: `08:05:30 ngày 23/11/2026`, local time. */
export const describeInstant = (instant: Date): string => {
  const [date = '', time = ''] = new Date(instant.getTime() + OFFSET_MS).toISOString().split('T')
  return `${time.slice(0, 8)} ngày ${date.split('-').reverse().join('/')}`
}

/** Midnight UTC of a local date, as Prisma wants a `@db.Date`. */
export const dateColumn = (localDate: string): Date => new Date(`${localDate}T00:00:00.000Z`)

const isWeekend = (instant: Date): boolean => {
  const day = new Date(instant.getTime() + OFFSET_MS).getUTCDay()
  return day === 0 || day === 6
}

/** The same time of day, `days` working days later. Only weekends are left out: holidays are dated data of the deadline rules. */
export const addWorkingDays = (from: Date, days: number): Date => {
  let at = from.getTime()
  for (let left = days; left > 0; ) {
    at += DAY_MS
    if (!isWeekend(new Date(at))) left -= 1
  }
  return new Date(at)
}
