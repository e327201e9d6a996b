import { type DossierStatus, statusOfNationalCode } from '../../src/model/dossier-status.js'
import type { UnreadableRow } from '../../src/ports/comparison-source.js'
import { localDate, parseWireInstant } from './wire-time.js'

/** A row of a reconciliation answer that cannot be taken for anything. The sentence names the field and never holds a value. */
export class RowUnreadable extends Error {
  constructor(
    readonly field: string,
    /** Vietnamese, behind "Trường …". */
    readonly rule: string,
  ) {
    super(`${field} is not readable`)
  }
}

export interface ReadRows<Value> {
  readonly values: readonly Value[]
  readonly unreadable: readonly UnreadableRow[]
}

/** Reads each row by itself: one that cannot be read is told so, beside those that can. */
export function readRows<Row, Value>(
  rows: readonly Row[],
  codeOf: (row: Row) => string | undefined,
  read: (row: Row) => Value,
): ReadRows<Value> {
  const values: Value[] = []
  const unreadable: UnreadableRow[] = []
  for (const row of rows) {
    try {
      values.push(read(row))
    } catch (error) {
      if (!(error instanceof RowUnreadable)) throw error
      const dossierCode = codeOf(row)?.trim()
      unreadable.push({ ...(dossierCode ? { dossierCode } : {}), reason: `Trường ${error.field} ${error.rule}.` })
    }
  }
  return { values, unreadable }
}

/** As it was written, for a digest is of that; an empty element says the same as an absent one. */
export const told = (text: string | undefined): string | undefined => (text === undefined || text.trim() === '' ? undefined : text)

export const required = (text: string | undefined, field: string): string => {
  const value = told(text)
  if (value === undefined) throw new RowUnreadable(field, 'không có giá trị')
  return value
}

/** A code or a figure: white space around it is no part of it. */
export const readWord = (text: string | undefined, field: string): string => required(text, field).trim()

/** No system's are nearly so long, and what is found is kept under its code. */
const LONGEST_CODE = 60

/** Mã hồ sơ, as that side has it. */
export const readCode = (text: string | undefined, field: string): string => {
  const code = readWord(text, field)
  if (code.length > LONGEST_CODE) throw new RowUnreadable(field, 'dài quá 60 ký tự')
  return code
}

export const readInstant = (text: string | undefined, field: string, timeZone: string): string => {
  const instant = parseWireInstant(required(text, field), timeZone)
  if (instant === null) throw new RowUnreadable(field, 'không phải là thời điểm hợp lệ, hoặc trước năm 1990')
  return instant
}

/** Local day of an instant on the wire. */
export const readLocalDay = (text: string | undefined, field: string, timeZone: string): string =>
  localDate(readInstant(text, field, timeZone), timeZone)

/** An xs:date may carry an offset: the day is what stands there. */
export const readDate = (text: string | undefined, field: string): string => {
  const day = /^(\d{4}-\d{2}-\d{2})(?:Z|[+-]\d{2}:\d{2})?$/.exec(readWord(text, field))?.[1]
  if (day === undefined || parseWireInstant(`${day}T12:00:00`, 'UTC') === null)
    throw new RowUnreadable(field, 'không phải là ngày hợp lệ, hoặc trước năm 1990')
  return day
}

export const readStatus = (text: string | undefined, field: string): DossierStatus => {
  const code = readWord(text, field)
  const status = /^\d{1,2}$/.test(code) ? statusOfNationalCode(Number(code)) : undefined
  if (status === undefined) throw new RowUnreadable(field, 'ngoài danh mục trạng thái 1 đến 10')
  return status
}

export const readSha256 = (text: string | undefined, field: string): string => {
  const digest = readWord(text, field).toLowerCase()
  if (!/^[0-9a-f]{64}$/.test(digest)) throw new RowUnreadable(field, 'không phải là mã băm SHA-256')
  return digest
}

export const readCount = (text: string | undefined, field: string): number => {
  const count = readWord(text, field)
  if (!/^\d{1,9}$/.test(count)) throw new RowUnreadable(field, 'không phải là số nguyên không âm')
  return Number(count)
}

/** Exact, in đồng, without leading zeros; what is not told is the empty text, never 0. */
export const readAmount = (text: string | undefined, field: string): string => {
  const amount = told(text)?.trim()
  if (amount === undefined) return ''
  if (!/^\d{1,18}$/.test(amount)) throw new RowUnreadable(field, 'không phải là số tiền')
  return BigInt(amount).toString()
}

export const readBucket = (text: string | undefined, field: string): string => {
  const bucket = readWord(text, field)
  if (!/^[0-9a-f]{2}$/.test(bucket)) throw new RowUnreadable(field, 'không phải là 00 đến ff')
  return bucket
}
