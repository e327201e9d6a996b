import { type CalendarData, type CalendarGap, DAY_MS, type DayOff, minutesOf, type OfficeHours, weekdayOf } from './calendar-data.js'
import { describeDay } from './calendar-day.js'
import type { Language } from './language.js'

/**
 * Lịch làm việc in Asia/Ho_Chi_Minh. Viet Nam has had one offset, +07:00 without daylight saving, since 1975. Built from data
 * (`calendar-data.ts`), it counts working time: the office's hours on its working days, without holidays, with compensating days.
 */
const OFFSET_MS = 7 * 3_600_000
const HOUR_MS = 3_600_000
/** No office is closed for longer: beyond it a calendar without hours is refused, not searched for ever. */
const LONGEST_CLOSED_DAYS = 400

/** Local date `yyyy-MM-dd` of an instant. */
export const localDateOf = (instant: Date): string => new Date(instant.getTime() + OFFSET_MS).toISOString().slice(0, 10)

/** As an officer reads it: `08:05:30 ngày 23/11/2026`, local time. */
export const describeInstant = (instant: Date, language: Language = 'vi'): string => {
  const [date = '', time = ''] = new Date(instant.getTime() + OFFSET_MS).toISOString().split('T')
  return `${time.slice(0, 8)} ${language === 'en' ? 'on' : 'ngày'} ${describeDay(date)}`
}

/** The instant of a local time of day, `HH:mm`. */
export const localInstant = (date: string, time: string): Date =>
  new Date(Date.parse(`${date}T00:00:00Z`) + minutesOf(time) * 60_000 - OFFSET_MS)

/** What the calendar has done to a count: local dates. */
export interface CalendarWords {
  /** Days off on which the office would have worked. */
  readonly daysOff: readonly string[]
  /** Weekly days off on which it worked. */
  readonly compensatingDays: readonly string[]
}

export type WorkingTime = { readonly days: number } | { readonly hours: number }

export interface WorkingCalendar {
  readonly hoursPerDay: number
  /** First and last day of which the holidays are known. */
  readonly from: string
  readonly to: string
  /** Working time in ms between two instants; 0 when `to` is not after `from`. */
  workingMsBetween(from: Date, to: Date): number
  /**
   * The instant at which so much working time has passed since `from`. A working day is `hoursPerDay` hours of the office, so a day
   * later is the same time of the next working day, and what comes in outside the hours counts from the next opening. The time that
   * ends with a session ends at its close, not at the next opening.
   */
  addWorkingTime(from: Date, time: WorkingTime): Date
  /** The same, of a time in ms. */
  addWorkingMs(from: Date, ms: number): Date
  /** `at` when the office is open then, else its next opening. */
  nextWorkingInstant(at: Date): Date
  /** The same time of day, so many working days later. */
  addWorkingDays(from: Date, days: number): Date
  isWorkingDay(date: string): boolean
  /** Days off on which the office would have worked, between two instants. */
  daysOffBetween(from: Date, to: Date): readonly DayOff[]
  /** Rows of office hours that are in force on some day between two instants. */
  officeHoursBetween(from: Date, to: Date): readonly OfficeHours[]
  /** Weekly days off on which the office works, between two instants. */
  compensatingDaysBetween(from: Date, to: Date): readonly string[]
  /** What is not known of the days between two instants, the time outside the calendar's range included. */
  gapsBetween(from: Date, to: Date): readonly CalendarGap[]
}

/** Buổi làm việc, in ms since local midnight. */
type Session = readonly [opensMs: number, closesMs: number]

export const buildWorkingCalendar = (data: CalendarData): WorkingCalendar => {
  const dayMs = data.hoursPerDay * HOUR_MS
  const sessionsOn = sessionsByDay(data)

  const nextOpening = (atWall: number): { readonly day: number; readonly session: Session } => {
    for (let day = Math.floor(atWall / DAY_MS), last = day + LONGEST_CLOSED_DAYS; day <= last; day += 1)
      for (const session of sessionsOn(day)) if (day * DAY_MS + session[1] > atWall) return { day, session }
    throw new RangeError(`the calendar has no office hours after ${new Date(atWall).toISOString().slice(0, 10)}`)
  }

  const addWorkingMs = (from: Date, ms: number): Date => {
    let at = from.getTime() + OFFSET_MS
    for (let left = ms; ; ) {
      const { day, session } = nextOpening(at)
      const opens = Math.max(at, day * DAY_MS + session[0])
      const closes = day * DAY_MS + session[1]
      if (opens + left <= closes) return new Date(opens + left - OFFSET_MS)
      left -= closes - opens
      at = closes
    }
  }

  const datesBetween = <T extends { readonly date: string }>(rows: readonly T[], from: Date, to: Date): readonly T[] => {
    const [first, last] = [localDateOf(from), localDateOf(to)]
    return rows.filter(({ date }) => first <= date && date <= last).sort((a, b) => (a.date < b.date ? -1 : 1))
  }

  return {
    hoursPerDay: data.hoursPerDay,
    from: data.from,
    to: data.to,
    addWorkingMs,
    addWorkingTime: (from, time) => addWorkingMs(from, 'days' in time ? time.days * dayMs : time.hours * HOUR_MS),
    nextWorkingInstant: (at) => addWorkingMs(at, 0),
    workingMsBetween: (from, to) => {
      const [start, end] = [from.getTime() + OFFSET_MS, to.getTime() + OFFSET_MS]
      let sum = 0
      for (let day = Math.floor(start / DAY_MS); day * DAY_MS < end; day += 1)
        for (const [opens, closes] of sessionsOn(day))
          sum += Math.max(0, Math.min(end, day * DAY_MS + closes) - Math.max(start, day * DAY_MS + opens))
      return sum
    },
    addWorkingDays: (from, days) => {
      let at = from.getTime() + OFFSET_MS
      for (let left = days; left > 0; left -= 1) {
        at += DAY_MS
        at += (nextOpeningDay(sessionsOn, Math.floor(at / DAY_MS)) - Math.floor(at / DAY_MS)) * DAY_MS
      }
      return new Date(at - OFFSET_MS)
    },
    isWorkingDay: (date) => sessionsOn(dayNumber(date)).length > 0,
    daysOffBetween: (from, to) => datesBetween(data.daysOff, from, to).filter(({ date }) => hoursOn(data, date) !== undefined),
    officeHoursBetween: (from, to) =>
      data.officeHours.filter(
        ({ validFrom, validTo }) => validFrom <= localDateOf(to) && (validTo === null || validTo >= localDateOf(from)),
      ),
    compensatingDaysBetween: (from, to) => datesBetween(data.compensatingDays, from, to).map(({ date }) => date),
    gapsBetween: (from, to) => gapsBetween(data, localDateOf(from), localDateOf(to)),
  }
}

/**
 * The same time of day, so many working days earlier: what is older has stood still for longer. On a day off it is counted from the end of the working day before it; before the
 * calendar begins every day is one.
 */
export const workingDaysBefore = (calendar: Pick<WorkingCalendar, 'from' | 'isWorkingDay'>, at: Date, days: number): Date => {
  const isWorking = (instant: number): boolean => {
    const date = localDateOf(new Date(instant))
    return date < calendar.from || calendar.isWorkingDay(date)
  }
  let instant = at.getTime()
  while (!isWorking(instant)) instant = localInstant(localDateOf(new Date(instant)), '00:00').getTime() - 1
  for (let left = days; left > 0; ) {
    instant -= DAY_MS
    if (isWorking(instant)) left -= 1
  }
  return new Date(instant)
}

const dayNumber = (date: string): number => Math.floor(Date.parse(`${date}T00:00:00Z`) / DAY_MS)

const nextOpeningDay = (sessionsOn: (day: number) => readonly Session[], from: number): number => {
  for (let day = from; day <= from + LONGEST_CLOSED_DAYS; day += 1) if (sessionsOn(day).length > 0) return day
  throw new RangeError('the calendar has no office hours')
}

/**
 * Behind the calendar's last day its hours go on, also where they were loaded with an end: what is counted there is told as provisional, and no dossier and no retry stands still because
 * nobody has loaded the next year.
 */
const hoursOn = (
  { officeHours, to }: Pick<CalendarData, 'officeHours' | 'to'>,
  date: string,
  weekday = weekdayOf(date),
): OfficeHours | undefined => {
  const inForceOn = (day: string): OfficeHours | undefined =>
    officeHours.find(
      ({ validFrom, validTo, weekdays }) => weekdays.includes(weekday) && validFrom <= day && (validTo === null || day <= validTo),
    )
  return inForceOn(date) ?? (date > to ? inForceOn(to) : undefined)
}

/** The office's sessions of each day since 1970, kept once they were worked out. */
const sessionsByDay = ({ officeHours, to, daysOff, compensatingDays }: CalendarData): ((day: number) => readonly Session[]) => {
  const off = new Set(daysOff.map(({ date }) => date))
  const madeUp = new Map(compensatingDays.map(({ date, inPlaceOf }) => [date, weekdayOf(inPlaceOf)]))
  const known = new Map<number, readonly Session[]>()
  const workOut = (day: number): readonly Session[] => {
    const date = new Date(day * DAY_MS).toISOString().slice(0, 10)
    const row = off.has(date) ? undefined : hoursOn({ officeHours, to }, date, madeUp.get(date))
    return (row?.hours ?? []).map(([opens, closes]) => [minutesOf(opens) * 60_000, minutesOf(closes) * 60_000])
  }
  return (day) => {
    let sessions = known.get(day)
    if (!sessions) {
      sessions = workOut(day)
      known.set(day, sessions)
    }
    return sessions
  }
}

const gapsBetween = ({ from, to, gaps }: CalendarData, first: string, last: string): CalendarGap[] => [
  ...(first < from ? [{ from: first, to: from, reason: `lịch chỉ có ngày nghỉ từ ${describeDay(from)}` }] : []),
  ...gaps.filter((gap) => gap.from <= last && first <= gap.to),
  ...(last > to ? [{ from: to, to: last, reason: `lịch chỉ có ngày nghỉ đến ${describeDay(to)}, từ đó chỉ trừ ngày nghỉ hằng tuần` }] : []),
]
