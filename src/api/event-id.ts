import { invalidInput } from '../errors.js'

const EVENT_ID = /^(\d{1,20})-(\d{1,20})$/

const partsOf = (id: string): [bigint, bigint] => {
  const parts = EVENT_ID.exec(id)
  if (!parts) throw invalidInput('EVENT_ID_INVALID', 'lastEventId', 'Mã sự kiện cuối không hợp lệ.')
  return [BigInt(parts[1] ?? '0'), BigInt(parts[2] ?? '0')]
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
