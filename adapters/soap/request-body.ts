import { FILE_MARK } from './file-contents.js'
import { type ComplexType, type ElementType, type ScalarType, scalarOf } from './schema-type.js'
import { base64Chars } from './without-contents.js'

/** A value that the contract does not allow: nothing is sent. The message names the field and the rule, never the value. */
export class BodyInvalid extends Error {
  readonly field: string

  constructor(field: string, rule: string) {
    super(`${field} ${rule}`)
    this.name = 'BodyInvalid'
    this.field = field
  }
}

/** Under this key node-soap looks for attributes; no element can be called so. */
export const ATTRIBUTES_KEY = '$attributes'

/**
 * Checks a value against its declared type and gives the object that node-soap serialises: in the schema's order, each key with its prefix,
 * every text escaped. `undefined` is absent, `null` is `xsi:nil` where that is allowed and else absent. A `Uint8Array` is the content of a file: it
 * is put into `files` and leaves a mark.
 *
 * Nothing is left to node-soap's own lookup: it loses the namespace of what an extended type inherits, writes a text that looks like a CDATA
 * section as it is, and takes keys that begin with `$` for its own.
 */
export function bodyFor(element: ElementType, value: unknown, writing: Writing): unknown {
  return written(element, value, '', writing)
}

export interface Writing {
  /** Prefix of each namespace. */
  readonly prefixes: ReadonlyMap<string, string>
  readonly files: Uint8Array[]
}

function written(element: ElementType, value: unknown, path: string, writing: Writing): unknown {
  const { type } = element
  if (type.kind === 'SCALAR') return value instanceof Uint8Array ? fileMark(type, value, path, writing) : scalarText(type, value, path)
  if (!isPlain(value)) throw new BodyInvalid(path || element.name, 'must be an object')
  const stranger = Object.keys(value).find((key) => value[key] !== undefined && !isKnown(type, key))
  if (stranger !== undefined) throw new BodyInvalid(within(path, stranger), 'is not in the contract')
  return { ...attributes(type, value, path), ...content(type, value, path, writing) }
}

function isKnown({ byName, attributes, text }: ComplexType, key: string): boolean {
  if (byName.has(key)) return true
  return key.startsWith('$') && (key === '$' ? text !== undefined : attributes.some(({ name }) => name === key.slice(1)))
}

function content(type: ComplexType, value: Record<string, unknown>, path: string, writing: Writing): Record<string, unknown> {
  if (type.text) return { $xml: scalarText(type.text, value.$, within(path, '$')) }
  const out: Record<string, unknown> = {}
  for (const child of type.elements) {
    const field = within(path, child.name)
    const given = value[child.name]
    const key = `${writing.prefixes.get(child.uri) ?? ''}:${child.name}`
    if (child.many) {
      const list = given ?? []
      if (!Array.isArray(list)) throw new BodyInvalid(field, 'must be an array')
      if (list.length === 0 && child.required) throw new BodyInvalid(field, 'must have at least one entry')
      if (list.length > 0) out[key] = list.map((entry, index) => oneOf(child, entry, `${field}[${index}]`, writing))
    } else if (given !== undefined && (given !== null || child.nillable)) {
      out[key] = oneOf(child, given, field, writing)
    } else if (child.required) {
      throw new BodyInvalid(field, 'is missing')
    }
  }
  return out
}

function oneOf(element: ElementType, value: unknown, field: string, writing: Writing): unknown {
  if (value !== null) return written(element, value, field, writing)
  if (!element.nillable) throw new BodyInvalid(field, 'may not be null')
  return null
}

function attributes(type: ComplexType, value: Record<string, unknown>, path: string): Record<string, unknown> {
  const out: Record<string, string> = {}
  for (const attribute of type.attributes) {
    const key = `$${attribute.name}`
    const given = value[key]
    // Attributes are escaped by node-soap itself, all but what looks like CDATA.
    if (given !== undefined && given !== null) out[attribute.name] = attributeText(attribute.type, given, within(path, key))
    else if (attribute.required) throw new BodyInvalid(within(path, key), 'is missing')
  }
  return Object.keys(out).length > 0 ? { [ATTRIBUTES_KEY]: out } : {}
}

/** Base64 is a text, also where a site's own WSDL declares no more than that. */
function fileMark(type: ScalarType, file: Uint8Array, field: string, { files }: Writing): string {
  if ((type.scalar !== 'TEXT' && type.scalar !== 'AS_WRITTEN') || type.enumeration) throw new BodyInvalid(field, 'cannot hold a file')
  if (type.maxLength !== undefined && base64Chars(file.byteLength) > type.maxLength)
    throw new BodyInvalid(field, `is longer than ${type.maxLength}`)
  files.push(file)
  return FILE_MARK
}

function attributeText(type: ScalarType, value: unknown, field: string): string {
  const text = lexical(type, value, field)
  if (text.startsWith('<![CDATA[')) throw new BodyInvalid(field, 'may not look like a CDATA section')
  return text
}

function scalarText(type: ScalarType, value: unknown, field: string): string {
  return escapeText(lexical(type, value, field))
}

function lexical(type: ScalarType, value: unknown, field: string): string {
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean' && typeof value !== 'bigint') {
    throw new BodyInvalid(field, 'must be a text, a number or a boolean')
  }
  const text = String(value)
  // Past 2^53 a JavaScript number is already not what was meant, and 1e21 is no lexical form of xs:decimal.
  if (typeof value === 'number' && (!Number.isFinite(value) || Math.abs(value) > Number.MAX_SAFE_INTEGER)) {
    throw new BodyInvalid(field, 'is too large for a number: give it as text')
  }
  if (scalarOf(type, text) === undefined) throw new BodyInvalid(field, 'is not of its declared type')
  if (type.enumeration && !type.enumeration.includes(text)) throw new BodyInvalid(field, 'is not one of the declared values')
  if (type.maxLength !== undefined && [...text].length > type.maxLength) throw new BodyInvalid(field, `is longer than ${type.maxLength}`)
  if (NOT_XML.test(text)) throw new BodyInvalid(field, 'has a character that XML cannot carry')
  return text
}

/** Control characters, lone surrogates and the two non-characters: no escaping carries them in XML 1.0. */
const NOT_XML = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\r': '&#xD;' }

/** Text as element content or attribute value. A carriage return would come out as a line feed if it were not escaped. */
export function escapeText(text: string): string {
  return text.replace(/[&<>"\r]/g, (character) => ESCAPES[character] ?? character)
}

function within(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date)
}
