/**
 * What the reader and the serialiser know of an XML type: compiled once from the WSDL's schemas (`compile-schema.ts`), the same for both
 * directions.
 *
 * How XML becomes a plain object, and back:
 * - an element is a key by its local name; absent is `undefined`, `xsi:nil` is `null`; `maxOccurs` > 1 is an array, `[]` when absent;
 * - xs:string is kept to the last space; xs:int, xs:short, xs:byte and their unsigned kin up to 32 bits are numbers;
 * - xs:long, xs:integer, xs:decimal and the rest of their kin are strings of digits as written: no digit is lost;
 * - xs:boolean is a boolean; dates and everything else are strings as written;
 * - an attribute is `$name`; the text of an element that has attributes is `$`;
 * - of a choice the chosen branch is there, the others are absent.
 */
export type ScalarKind = 'TEXT' | 'INT' | 'DIGITS' | 'DECIMAL' | 'BOOLEAN' | 'AS_WRITTEN'

export interface ScalarType {
  readonly kind: 'SCALAR'
  readonly scalar: ScalarKind
  /** Bounds of an INT. */
  readonly min?: number
  readonly max?: number
  /** Bounds of DIGITS, where the type has any. */
  readonly least?: bigint
  readonly most?: bigint
  /** Checked when we write; what others write is read as it is. */
  readonly enumeration?: readonly string[]
  readonly maxLength?: number
}

export interface ComplexType {
  readonly kind: 'COMPLEX'
  /** In the order of the schema. Filled after creation, because types may contain themselves. */
  readonly elements: ElementType[]
  readonly byName: Map<string, ElementType>
  readonly attributes: AttributeType[]
  readonly choices: Choice[]
  /** The type of the text, when the content is text with attributes. */
  text: ScalarType | undefined
}

/** One of its branches is there and no other, each known by the elements that it may hold. */
export interface Choice {
  readonly required: boolean
  readonly branches: readonly (readonly string[])[]
}

export interface AttributeType {
  readonly name: string
  readonly type: ScalarType
  readonly required: boolean
}

export interface ElementType {
  readonly name: string
  /** Namespace URI, '' for an unqualified element. */
  readonly uri: string
  /** False for what has minOccurs 0 and for the branches of a choice. */
  readonly required: boolean
  readonly many: boolean
  /** Of what is there many times: no more often than so; unbounded without. */
  readonly most?: number
  readonly nillable: boolean
  type: ScalarType | ComplexType
}

export const XSD = 'http://www.w3.org/2001/XMLSchema'
export const XSI = 'http://www.w3.org/2001/XMLSchema-instance'

const INT_BOUNDS: Readonly<Record<string, readonly [number, number]>> = {
  int: [-2147483648, 2147483647],
  short: [-32768, 32767],
  byte: [-128, 127],
  unsignedInt: [0, 4294967295],
  unsignedShort: [0, 65535],
  unsignedByte: [0, 255],
}
const DIGITS: Readonly<Record<string, Pick<ScalarType, 'least' | 'most'>>> = {
  long: { least: -(2n ** 63n), most: 2n ** 63n - 1n },
  integer: {},
  unsignedLong: { least: 0n, most: 2n ** 64n - 1n },
  nonNegativeInteger: { least: 0n },
  positiveInteger: { least: 1n },
  nonPositiveInteger: { most: 0n },
  negativeInteger: { most: -1n },
}
const TEXTS = new Set(['string', 'normalizedString', 'token', 'anyType', 'anySimpleType'])

/** One of XML Schema's own types. */
export function builtInType(local: string): ScalarType {
  const bounds = INT_BOUNDS[local]
  if (bounds) return { kind: 'SCALAR', scalar: 'INT', min: bounds[0], max: bounds[1] }
  const digits = DIGITS[local]
  if (digits) return { kind: 'SCALAR', scalar: 'DIGITS', ...digits }
  if (local === 'decimal') return { kind: 'SCALAR', scalar: 'DECIMAL' }
  if (local === 'boolean') return { kind: 'SCALAR', scalar: 'BOOLEAN' }
  return { kind: 'SCALAR', scalar: TEXTS.has(local) ? 'TEXT' : 'AS_WRITTEN' }
}

const PATTERN: Readonly<Partial<Record<ScalarKind, RegExp>>> = {
  INT: /^[+-]?[0-9]+$/,
  DIGITS: /^[+-]?[0-9]+$/,
  DECIMAL: /^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)$/,
  BOOLEAN: /^(true|false|1|0)$/,
}

/** The value of a text, or `undefined` when the text is not of the type. White space around anything but a string does not count. */
export function scalarOf(type: ScalarType, text: string): string | number | boolean | undefined {
  if (type.scalar === 'TEXT') return text
  const written = text.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, '')
  if (PATTERN[type.scalar]?.test(written) === false) return undefined
  if (type.scalar === 'BOOLEAN') return written === 'true' || written === '1'
  if (type.scalar === 'DIGITS') return isWithin(type, written) ? written : undefined
  if (type.scalar !== 'INT') return written
  const number = Number(written)
  return number < (type.min ?? number) || number > (type.max ?? number) ? undefined : number
}

/** More digits than any bound of a declared type has. */
const BOUND_DIGITS = 20

function isWithin({ least, most }: ScalarType, written: string): boolean {
  if (least === undefined && most === undefined) return true
  const isNegative = written.startsWith('-')
  const digits = written.replace(/^[+-]?0*(?=[0-9])/, '')
  if (digits.length > BOUND_DIGITS) return isNegative ? least === undefined : most === undefined
  const value = isNegative ? -BigInt(digits) : BigInt(digits)
  return (least === undefined || value >= least) && (most === undefined || value <= most)
}
