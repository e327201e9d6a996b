/** `yyyy-MM-dd` and a day of the calendar. */
export const isLocalDate = (text: string): boolean => {
  const day = /^(?!0000)\d{4}-\d{2}-\d{2}$/.test(text) ? new Date(`${text}T00:00:00.000Z`) : new Date(Number.NaN)
  return !Number.isNaN(day.getTime()) && day.toISOString().slice(0, 10) === text
}
