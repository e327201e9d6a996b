/** `yyyy-MM-dd` and a day of the calendar. */
export const isLocalDate = (text: string): boolean => {
  const day = /^(?!0000)\d{4}-\d{2}-\d{2}$/.test(text) ? new Date(`${text}T00:00:00.000Z`) : new Date(Number.NaN)
  return !Number.isNaN(day.getTime()) && day.toISOString().slice(0, 10) === text
}

const OFFSET_MS = 7 * 3_600_000

/** As people at the terminal read an instant: `2026-11-22T01:00:00+07:00`. */
export const localInstant = (instant: Date | string): string =>
  `${new Date(new Date(instant).getTime() + OFFSET_MS).toISOString().slice(0, 19)}+07:00`
