import { invalidInput } from '../errors.js'

/**
 * Keyset paging: a page starts after the last row that the reader has seen, named by its sort instant and id, so that rows which
 * come or go meanwhile neither repeat nor hide another. The column must not change during a row's life, or a moved row may be
 * met twice or not at all.
 */
export interface KeysetOrder {
  readonly name: string
  /** SQL of a `timestamptz(3)` column. Three decimals: what a JavaScript date can hold, so that a cursor is exact. */
  readonly column: string
  readonly idColumn: string
  readonly direction: 'ASC' | 'DESC'
  /** As the index has it: a mixed index is read as it stands. */
  readonly idDirection: 'ASC' | 'DESC'
}

export interface PageRequest {
  readonly first: number
  readonly after?: string
}

export interface Page<Row> {
  readonly rows: readonly Row[]
  readonly hasNextPage: boolean
}

interface Position {
  readonly at: string
  readonly id: string
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

export const isUuid = (text: string): boolean => UUID.test(text.toLowerCase())

export const encodeCursor = (order: KeysetOrder, at: Date, id: string): string =>
  Buffer.from(`${order.name}|${at.toISOString()}|${id}`).toString('base64url')

/** As `encodeCursor` writes it; the year 0 is none for the database. */
const isInstant = (text: string): boolean => {
  const instant = new Date(text)
  return /^(?!0000)\d{4}-/.test(text) && !Number.isNaN(instant.getTime()) && instant.toISOString() === text
}

/** Throws INVALID_INPUT for a cursor that is not ours or belongs to another order. */
const decodeCursor = (order: KeysetOrder, cursor: string): Position => {
  const [name, at, id] = Buffer.from(cursor, 'base64url').toString().split('|')
  if (name !== order.name || !at || !id || !isInstant(at) || !isUuid(id))
    throw invalidInput('CURSOR_INVALID', 'after', 'Vị trí trang không hợp lệ hoặc thuộc thứ tự sắp xếp khác.')
  return { at, id }
}

/** Condition "after the cursor", `TRUE` without one. `add` takes a parameter and answers its placeholder. */
export const afterCursor = (order: KeysetOrder, after: string | undefined, add: (value: unknown) => string): string => {
  if (after === undefined) return 'TRUE'
  const { at, id } = decodeCursor(order, after)
  const [instant, key] = [`${add(at)}::timestamptz`, `${add(id)}::uuid`]
  const beyond = order.direction === 'ASC' ? '>' : '<'
  const idBeyond = order.idDirection === 'ASC' ? '>' : '<'
  return `(${order.column} ${beyond}= ${instant} AND (${order.column} ${beyond} ${instant} OR ${order.idColumn} ${idBeyond} ${key}))`
}

export const orderBy = (order: KeysetOrder): string => `${order.column} ${order.direction}, ${order.idColumn} ${order.idDirection}`

/** Cuts the row that was read beyond the page to learn whether there is more. */
export const pageOf = <Row>(rows: readonly Row[], first: number): Page<Row> => ({
  rows: rows.slice(0, first),
  hasNextPage: rows.length > first,
})

/** Counts are exact up to this and stop there: counting all of ten years for every page of a list costs more than it tells. */
export const COUNT_LIMIT = 10_000

export interface TotalCount {
  readonly count: number
  /** False: there are more than `COUNT_LIMIT`. */
  readonly exact: boolean
}

export const totalCount = (found: number): TotalCount => ({ count: Math.min(found, COUNT_LIMIT), exact: found <= COUNT_LIMIT })
