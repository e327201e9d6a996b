import { readInstant, type TimeField, type WireZones } from './wire-times.js'

/** Số thập phân chính xác, as ViLIS writes areas in its messages: no sign, no bare point. */
const DECIMAL = /^\d{1,15}(\.\d{1,6})?$/

const UNSIGNED = /^\+?(\d*)(?:\.(\d*))?$/

/** Any xs:decimal that is not less than nothing, with every digit behind the point, as `12.50`: its land book may hold `+012.50`, `.5` or `12.`; undefined: it is none. */
export const canonicalDecimal = (text: string): string | undefined => {
  const [, whole = '', rest = ''] = UNSIGNED.exec(text.trim()) ?? []
  if (whole === '' && rest === '') return undefined
  const digits = whole.replace(/^0+(?=\d)/, '') || '0'
  return rest === '' ? digits : `${digits}.${rest}`
}

/** A message of ViLIS that cannot be taken: what is wrong with which of its fields. The sentence never holds a value. */
export class Unreadable extends Error {
  constructor(
    readonly field: string,
    /** A sentence in Vietnamese for the officers of the other side. */
    readonly sentence: string,
  ) {
    super(`${field} is not readable`)
  }
}

/**
 * Reads the fields of one message. What must be there and is not, or is no number, instant or choice, throws {@link Unreadable}: a
 * message is refused as a whole, and nothing becomes 0, now or year 1.
 */
export class WireFields {
  constructor(
    private readonly operation: string,
    private readonly values: Readonly<Record<string, unknown>>,
    private readonly path = '',
  ) {}

  optional(name: string): string | undefined {
    const value = this.values[name]
    return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined
  }

  /** '' when it is not there: for remarks. */
  remark(name: string): string {
    return this.optional(name) ?? ''
  }

  required(name: string): string {
    return this.optional(name) ?? this.fail(name, 'phải có giá trị')
  }

  optionalInstant(name: string, zones: WireZones): string | undefined {
    const text = this.optional(name)
    if (text === undefined) return undefined
    return readInstant(`${this.operation}.${name}` as TimeField, text, zones) ?? this.fail(name, 'không phải là thời điểm hợp lệ')
  }

  instant(name: string, zones: WireZones): string {
    this.required(name)
    return this.optionalInstant(name, zones) as string
  }

  boolean(name: string): boolean {
    const text = this.required(name)
    if (text === 'true' || text === '1') return true
    return text === 'false' || text === '0' ? false : this.fail(name, 'phải là true hoặc false')
  }

  /** Digits without leading zeros, exact; undefined when it is not there. */
  optionalDigits(name: string): string | undefined {
    const text = this.optional(name)
    if (text === undefined) return undefined
    return /^\d{1,15}$/.test(text) ? BigInt(text).toString() : this.fail(name, 'không phải là số nguyên không âm')
  }

  count(name: string, absent: number): number {
    const digits = this.optionalDigits(name)
    return digits === undefined ? absent : Number(digits)
  }

  /** An exact decimal as written, `120.50`. */
  optionalDecimal(name: string): string | undefined {
    const text = this.optional(name)
    if (text === undefined || DECIMAL.test(text)) return text
    return this.fail(name, 'không phải là số thập phân')
  }

  choice<T extends string>(name: string, table: Readonly<Record<string, T>>, absent?: T): T {
    const text = this.optional(name)
    if (text === undefined && absent !== undefined) return absent
    const chosen = text === undefined ? undefined : Object.hasOwn(table, text) ? table[text] : undefined
    return chosen ?? this.fail(name, `phải là một trong ${Object.keys(table).join(', ')}`)
  }

  has(name: string): boolean {
    return typeof this.values[name] === 'object' && this.values[name] !== null
  }

  group(name: string): WireFields {
    return this.has(name) ? this.inner(name, this.values[name]) : this.fail(name, 'phải có')
  }

  /** The entries of a list element (`DanhSachTapTin/TapTin`); none when the list is not there. */
  list(name: string, entry: string): WireFields[] {
    const entries = this.has(name) ? (this.values[name] as Record<string, unknown>)[entry] : undefined
    return Array.isArray(entries) ? entries.map((value, index) => this.inner(`${name}.${entry}[${index}]`, value)) : []
  }

  fail(name: string, rule: string): never {
    const field = this.path === '' ? name : `${this.path}.${name}`
    throw new Unreadable(field, `Trường ${field} của ${this.operation} ${rule}.`)
  }

  private inner(name: string, value: unknown): WireFields {
    const path = this.path === '' ? name : `${this.path}.${name}`
    return new WireFields(this.operation, value as Record<string, unknown>, path)
  }
}
