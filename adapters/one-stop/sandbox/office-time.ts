/** Giờ làm việc of the sandbox's desk: 07:30-17:00, Monday to Friday, UTC+7 all year; public holidays are not in it. */
const OFFSET_MS = 7 * 3_600_000
const DAY_MS = 86_400_000
const OPENS_MS = 7.5 * 3_600_000
const CLOSES_MS = 17 * 3_600_000

const wall = (instant: number): number => instant + OFFSET_MS
const isWeekend = (wallMs: number): boolean => [0, 6].includes(new Date(wallMs).getUTCDay())
const startOfDay = (wallMs: number): number => Math.floor(wallMs / DAY_MS) * DAY_MS

/** `yyyy-MM-dd` of an instant at the desk. */
export const deskDate = (iso: string): string => new Date(wall(Date.parse(iso))).toISOString().slice(0, 10)

/** `yyyy-MM-ddTHH:mm:ss` at the desk, without an offset, as this system writes its dates. */
export const deskWall = (iso: string): string => new Date(wall(Date.parse(iso))).toISOString().slice(0, 19)

/** With the offset, to the millisecond, as this system writes when something happened. */
export const deskInstant = (iso: string): string => `${new Date(wall(Date.parse(iso))).toISOString().slice(0, 23)}+07:00`

export const isOfficeTime = (iso: string): boolean => {
  const at = wall(Date.parse(iso))
  const sinceMidnight = at - startOfDay(at)
  return !isWeekend(at) && sinceMidnight >= OPENS_MS && sinceMidnight < CLOSES_MS
}

/** Due after so many working days; what comes outside office hours counts from the next opening. */
export function addWorkingDays(iso: string, days: number): string {
  let at = wall(Date.parse(iso))
  if (at - startOfDay(at) >= CLOSES_MS) at = startOfDay(at) + DAY_MS + OPENS_MS
  if (at - startOfDay(at) < OPENS_MS) at = startOfDay(at) + OPENS_MS
  while (isWeekend(at)) at = startOfDay(at) + DAY_MS + OPENS_MS
  for (let left = days; left > 0; left--) {
    do at += DAY_MS
    while (isWeekend(at))
  }
  return new Date(at - OFFSET_MS).toISOString()
}
