import { GraphQLError, GraphQLScalarType, Kind } from 'graphql'

const OFFSET_MS = 7 * 3_600_000
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2})$/
const LOCAL_DATE = /^\d{4}-\d{2}-\d{2}$/

const refuse = (message: string): never => {
  throw new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT' } })
}

/** An instant as officers read it: local time of Viet Nam with its offset. */
export const formatInstant = (instant: Date): string => `${new Date(instant.getTime() + OFFSET_MS).toISOString().slice(0, -1)}+07:00`

const parseInstant = (value: unknown): Date => {
  const instant = typeof value === 'string' && INSTANT.test(value) ? new Date(value) : undefined
  if (!instant || Number.isNaN(instant.getTime()))
    return refuse('Thời điểm phải theo ISO-8601 có múi giờ, ví dụ 2026-03-15T08:00:00+07:00.')
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
  const day = new Date(`${value}T00:00:00.000Z`)
  if (Number.isNaN(day.getTime()) || day.toISOString().slice(0, 10) !== value) return refuse(`Ngày ${value} không có trong lịch.`)
  return value
}

export const LocalDateScalar = new GraphQLScalarType<string, string>({
  name: 'Date',
  description: 'Ngày - a date of law in Viet Nam, yyyy-MM-dd.',
  serialize: parseDate,
  parseValue: parseDate,
  parseLiteral: (node) => parseDate(node.kind === Kind.STRING ? node.value : undefined),
})
