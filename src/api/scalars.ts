import { GraphQLError, GraphQLScalarType, Kind } from 'graphql'
import { faultOfDay, isDay, readInstant } from '../model/read-instant.js'

/**
 * Kiểu giá trị của lược đồ. Exact decimals (areas), amounts of money and whole numbers that may pass 2^53 (positions in a feed) are `String`: as they were written,
 * with their form said in the field's description and checked where they come in. They have been so since the first schema, and a scalar of their own would
 * be a breaking change to each of these fields (`npm run schema:diff`) and tell a client no more than a text without loss. `graphql-scalars` is among the
 * dependencies because type-graphql loads it; nothing here is of it.
 */
const OFFSET_MS = 7 * 3_600_000
const LOCAL_DATE = /^\d{4}-\d{2}-\d{2}$/

const refuse = (message: string): never => {
  throw new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT' } })
}

/** An instant as officers read it: local time of Viet Nam with its offset. */
export const formatInstant = (instant: Date): string => `${new Date(instant.getTime() + OFFSET_MS).toISOString().slice(0, -1)}+07:00`

const parseInstant = (value: unknown): Date => {
  const read = readInstant(typeof value === 'string' ? value : '')
  return typeof read === 'string' ? refuse(read) : read
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
  const fault = faultOfDay(value)
  return fault === undefined ? value : refuse(fault)
}

/** What another system told may be no day: then it is a fault of ours to hand it on. */
const shownDate = (value: unknown): string => {
  if (typeof value !== 'string' || !LOCAL_DATE.test(value) || !isDay(value)) throw new TypeError('a Date that is no day of the calendar')
  return value
}

export const LocalDateScalar = new GraphQLScalarType<string, string>({
  name: 'Date',
  description: 'Ngày - a date of law in Viet Nam, yyyy-MM-dd.',
  serialize: shownDate,
  parseValue: parseDate,
  parseLiteral: (node) => parseDate(node.kind === Kind.STRING ? node.value : undefined),
})
