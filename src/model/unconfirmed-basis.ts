import { describeDay } from './calendar-day.js'
import type { DueDateStep } from './due-date.js'
import type { WorkingCalendar } from './working-calendar.js'

/**
 * Căn cứ chưa xác nhận của một hạn trả: what the data says it stands on is told beside the date, for an officer answers for it. Only what a public document says (C) needs no
 * word; what was read in a program (code), inferred (I) or is background knowledge (B) is named until the district has loaded its own.
 */
const CONFIRMED = /^C: /

const KINDS: Readonly<Record<string, string>> = { C: 'văn bản', code: 'theo một phần mềm khác', I: 'suy ra', B: 'chưa đọc văn bản' }

/** Without the marks of whoever gathered the data. */
const describeStanding = (standing: string): string =>
  standing.replace(/(^|; )(C|code|I|B): /g, (_, before: string, mark: string) => `${before}${KINDS[mark]}: `)

export const unconfirmedBasis = (
  steps: readonly DueDateStep[],
  calendar: Pick<WorkingCalendar, 'daysOffBetween' | 'officeHoursBetween'>,
  from: Date,
  to: Date,
): readonly string[] => {
  const named = new Map<string, string[]>()
  const say = (standing: string, what: string): void => {
    if (!CONFIRMED.test(standing)) named.set(standing, [...new Set([...(named.get(standing) ?? []), what])])
  }
  for (const { rule, standing } of steps) if (rule !== null && standing !== null) say(standing, rule)
  for (const { hours, standing } of calendar.officeHoursBetween(from, to))
    say(standing, `Giờ làm việc ${hours.map((session) => session.join('-')).join(', ')}`)
  const counted = new Set(steps.flatMap(({ daysOff }) => daysOff))
  for (const { date, name, standing } of calendar.daysOffBetween(from, to))
    if (counted.has(date)) say(standing, `${name} ${describeDay(date)}`)
  return [...named].map(([standing, what]) => `${what.join('; ')} (${describeStanding(standing)})`)
}
