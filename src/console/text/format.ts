import { useTranslation } from 'react-i18next'

/** Times are those of Viet Nam, wherever the browser stands. */
const ZONE = 'Asia/Ho_Chi_Minh'

const STEPS: readonly [unit: Intl.RelativeTimeFormatUnit, ms: number][] = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
]

export interface Formats {
  moment(at: string | number): string
  day(at: string | number): string
  /** With the whole year: "11/12/2026", "11 December 2026". */
  date(at: string | number): string
  clock(at: string | number): string
  /** "3 phút trước", "in 2 days". */
  relative(at: string | number, now?: number): string
  count(value: number): string
  elapsed(ms: number): string
  /** "3 phút", "2 hours", "5 days". */
  duration(seconds: number): string
}

/** A second, a minute, an hour and a day; and from how many seconds on a duration is told in the next longer one. */
const UNITS_S = [1, 60, 3_600, 86_400]
const LONGER_FROM_S = [90, 5_400, 172_800]

const made = new Map<string, Formats>()

const make = (locale: string): Formats => {
  const moment = new Intl.DateTimeFormat(locale, { timeZone: ZONE, dateStyle: 'short', timeStyle: 'medium' })
  const day = new Intl.DateTimeFormat(locale, { timeZone: ZONE, dateStyle: 'short' })
  const date = new Intl.DateTimeFormat(locale, {
    timeZone: ZONE,
    day: '2-digit',
    month: locale === 'vi-VN' ? '2-digit' : 'long',
    year: 'numeric',
  })
  const clock = new Intl.DateTimeFormat(locale, { timeZone: ZONE, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
  const number = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 })
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })
  const units = (['second', 'minute', 'hour', 'day'] as const).map(
    (unit) => new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long', maximumFractionDigits: 0 }),
  )
  return {
    moment: (at) => moment.format(new Date(at)),
    day: (at) => day.format(new Date(at)),
    date: (at) => date.format(new Date(at)),
    clock: (at) => clock.format(new Date(at)),
    relative: (at, now = Date.now()) => {
      const distance = new Date(at).getTime() - now
      const [unit, ms] = STEPS.find(([, step]) => Math.abs(distance) >= step) ?? ['second', 1_000]
      return relative.format(Math.round(distance / ms), unit)
    },
    count: (value) => number.format(value),
    elapsed: (ms) => (ms < 1_000 ? `${ms} ms` : `${number.format(ms / 1_000)} s`),
    duration: (seconds) => {
      const at = LONGER_FROM_S.filter((longer) => seconds >= longer).length
      return (units[at] as Intl.NumberFormat).format(seconds / (UNITS_S[at] as number))
    },
  }
}

export const formatsOf = (language: string): Formats => {
  const locale = language === 'en' ? 'en-GB' : 'vi-VN'
  const known = made.get(locale)
  if (known) return known
  const formats = make(locale)
  made.set(locale, formats)
  return formats
}

export const useFormats = (): Formats => formatsOf(useTranslation().i18n.language)
