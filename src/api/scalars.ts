import { GraphQLError, GraphQLScalarType, Kind } from 'graphql'

const OFFSET_MS = 7 * 3_600_000
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2})$/
const LOCAL_DATE = /^\d{4}-\d{2}-\d{2}$/

const refuse = (message: string): never => {
  throw new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT' } })
}

/** An instant as officers read it: local time of Viet Nam with its offset. */
export const formatInstant = (instant: Date): string => `${new Date(instant.getTime() + OFFSET_MS).toISOString().slice(0, -1)}+07:00`

/** Days that a dossier can have to do with; outside of them stand slips of the keyboard, and years that a database refuses. */
const FIRST_YEAR = 1900
const LAST_YEAR = 2199

/** `yyyy-MM-dd`, a day of the calendar: JavaScript takes 30 February for 2 March. */
const isDay = (text: string): boolean => {
  const day = new Date(`${text}T00:00:00.000Z`)
  return !Number.isNaN(day.getTime()) && day.toISOString().slice(0, 10) === text
}

const checkDay = (day: string): string => {
  if (!isDay(day)) return refuse(`Ngày ${day} không có trong lịch.`)
  const year = Number(day.slice(0, 4))
  if (year < FIRST_YEAR || year > LAST_YEAR) return refuse(`Năm phải từ ${FIRST_YEAR} đến ${LAST_YEAR}.`)
  return day
}

const parseInstant = (value: unknown): Date => {
  const instant = typeof value === 'string' && INSTANT.test(value) ? new Date(value) : undefined
  if (typeof value !== 'string' || !instant || Number.isNaN(instant.getTime()))
    return refuse('Thời điểm phải theo ISO-8601 có múi giờ, ví dụ 2026-03-15T08:00:00+07:00.')
  checkDay(value.slice(0, 10))
  return instant
}

export const InstantScalar = new GraphQLScalarType<Date, string>({
  name: 'DateTime',
  description: 'Thời điểm - an instant, ISO-8601 with offset. Answers are written in +07:00; an input needs an offset of its own.',
  serialize: (value) => formatInstant(value instanceof Date ? value : parseInstant(value)),
  parseValue: parseInstant,
  parseLiteral: (node) => parseInstant(node.kind === Kind.STRING ? node.value : undefined),
})

const parseDate = (value: unknown): string => {
  if (typeof value !== 'string' || !LOCAL_DATE.test(value)) return refuse('Ngày phải theo dạng năm-tháng-ngày, ví dụ 2026-03-15.')
  return checkDay(value)
}

export const LocalDateScalar = new GraphQLScalarType<string, string>({
  name: 'Date',
  description: 'Ngày - a date of law in Viet Nam, yyyy-MM-dd.',
  serialize: (value) => String(value),
  parseValue: parseDate,
  parseLiteral: (node) => parseDate(node.kind === Kind.STRING ? node.value : undefined),
})
