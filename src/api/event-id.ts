import { invalidInput } from '../errors.js'

const EVENT_ID = /^(\d{1,19})-(\d{1,19})$/

/** What a `bigint` of the database holds. */
const LARGEST = 9_223_372_036_854_775_807n

const partsOf = (id: string): [bigint, bigint] => {
  const [, transaction, number] = EVENT_ID.exec(id) ?? []
  const parts: [bigint, bigint] = [BigInt(transaction ?? LARGEST + 1n), BigInt(number ?? LARGEST + 1n)]
  if (parts[0] > LARGEST || parts[1] > LARGEST) throw invalidInput('EVENT_ID_INVALID', 'lastEventId', 'Mã sự kiện cuối không hợp lệ.')
  return parts
}

/** Order of two event ids (`<transaction>-<number>`): negative, zero or positive. Throws INVALID_INPUT for what is no event id. */
export const compareEventIds = (left: string, right: string): number => {
  const [a, b] = [partsOf(left), partsOf(right)]
  if (a[0] !== b[0]) return a[0] < b[0] ? -1 : 1
  return a[1] < b[1] ? -1 : a[1] > b[1] ? 1 : 0
}

export const checkEventId = (id: string): void => {
  partsOf(id)
}
