import { maskAddress, maskEmail, maskName, maskNumber, textMasker } from '../../src/access/masking.js'
import type { ShowHow } from '../../src/ports/show-evidence.js'
import { escapeText } from './request-body.js'
import { ENVELOPE_FIELDS, type Shown, type ShownFields } from './shown-fields.js'
import { parseXmlNow, type XmlHandler, XmlRefused, type XmlTag } from './xml-parse.js'

/**
 * Chứng cứ cho người đọc: what was on the wire, one element a line. Masked, it shows what each element is known to hold, and hides the rest. An attempt
 * may have made several calls; each message is shown for itself. What is broken or was cut is shown down to the place where it can be read no more: beyond
 * it nobody can say which element a text belongs to, so masked it is left out.
 */
const LIMITS = { maxBytes: Number.POSITIVE_INFINITY, maxDepth: 64 }
const HIDDEN = '***'
/** Of a message that tells of more people than this the free text is hidden: to look for each of them in it would take too long. */
const MOST_NAMES = 200
/** Nothing but a number that is nobody's, a time, or a yes or no. */
const HARMLESS = /^(?:true|false|[-+]?\d{1,8}(?:[.,]\d{1,6})?|\d{4}-\d\d-\d\d(?:T[\d:.]+(?:Z|[+-]\d\d:\d\d)?)?)$/i
/** Behind an envelope, and before the declaration of another one. */
const BETWEEN_MESSAGES = /(?<=<\/(?:[\w.-]+:)?Envelope>)\s*(?=<)|(?<=>)\s*(?=<\?xml\b)/

/** What is shown of a value in the element or attribute of this name; `path`: the names of the elements around it, itself the last. */
type Show = (local: string, path: readonly string[], value: string) => string

export function showEvidence(text: string, fields: ShownFields, { clear, names }: ShowHow): string {
  const messages = text.split(BETWEEN_MESSAGES).filter((message) => message.trim() !== '')
  const known = clear ? names : [...new Set([...names, ...messages.flatMap((message) => namesIn(message, fields))])]
  const maskText = known.length > MOST_NAMES ? () => HIDDEN : textMasker(known)
  const show: Show = (local, path, value) => (clear ? value : masked(shownAs(local, path, fields), value, maskText))
  return messages.map((message) => pretty(message, show, clear)).join('\n\n')
}

/** The last of `path` is the element itself, or the one that bears the attribute. */
const shownAs = (local: string, path: readonly string[], fields: ShownFields): Shown | undefined =>
  fields.get(local) ?? (isOfEnvelope(path) ? ENVELOPE_FIELDS.get(local) : undefined)

/**
 * Whether SOAP itself says what an element holds: in the header, in a fault but for its details, and on a proxy's page. In the body of a message an element that
 * happens to bear such a name (`Value`, `id`) is the other side's own, and may hold anything.
 */
function isOfEnvelope(path: readonly string[]): boolean {
  const [root, part, content] = path
  if (root !== 'Envelope') return root?.toLowerCase() === 'html'
  if (part !== 'Body' || content === undefined) return true
  return content === 'Fault' && !path.some((name) => name.toLowerCase() === 'detail')
}

function masked(shown: Shown | undefined, value: string, maskText: (text: string) => string): string {
  switch (shown) {
    case 'PLAIN':
      return value
    case 'TEXT':
      return maskText(value)
    case 'NAME':
      return maskName(value)
    case 'NUMBER':
      return maskNumber(value)
    case 'EMAIL':
      return maskEmail(value)
    case 'ADDRESS':
      return maskAddress(value)
    case 'SECRET':
      return HIDDEN
    case undefined:
      return HARMLESS.test(value) ? value : HIDDEN
  }
}

/** Reads as far as it can be read; false: there was more. */
function parsed(message: string, handler: XmlHandler): boolean {
  try {
    parseXmlNow(message.trim(), LIMITS, handler)
    return true
  } catch (error) {
    if (error instanceof XmlRefused) return false
    throw error
  }
}

/** Names that stand in elements of their own stand in free text as well. */
function namesIn(message: string, fields: ShownFields): string[] {
  const names: string[] = []
  let text = ''
  const path: string[] = []
  parsed(message, {
    open: ({ local }) => {
      path.push(local)
      text = ''
    },
    text: (piece) => {
      text += piece
    },
    close: ({ local }) => {
      if (shownAs(local, path, fields) === 'NAME' && text.trim() !== '') names.push(text.trim())
      path.pop()
      text = ''
    },
  })
  return names
}

function pretty(message: string, show: Show, clear: boolean): string {
  const writer = new PrettyWriter(show)
  if (parsed(message, writer)) return writer.lines.join('\n')
  if (clear) return message.trim()
  const shown = writer.lines.length === 0 ? [] : [writer.lines.join('\n')]
  return [...shown, `<!-- Không đọc được tiếp (bị cắt hoặc sai cấu trúc), phần còn lại được che: ${message.length} ký tự tất cả. -->`].join(
    '\n',
  )
}

/** One element a line, two spaces a level; the text of an element beside its tags, as it came. */
class PrettyWriter implements XmlHandler {
  readonly lines: string[] = []
  private opened: string | undefined
  private readonly path: string[] = []
  private pending = ''

  constructor(private readonly show: Show) {}

  open(tag: XmlTag): void {
    const value = this.take()
    const indent = '  '.repeat(this.path.length)
    if (this.opened !== undefined) this.lines.push(`${indent.slice(2)}${this.opened}>`)
    if (value !== '') this.lines.push(`${indent}${value}`)
    this.path.push(tag.local)
    const attributes = Object.values(tag.attributes).map((attribute) => {
      const isName = attribute.prefix === 'xmlns' || attribute.name === 'xmlns'
      return ` ${attribute.name}="${escapeText(isName ? attribute.value : this.show(attribute.local, this.path, attribute.value)).replaceAll('"', '&quot;')}"`
    })
    this.opened = `<${tag.name}${attributes.join('')}`
  }

  text(piece: string): void {
    this.pending += piece
  }

  close(tag: XmlTag): void {
    const value = this.take()
    this.path.pop()
    const indent = '  '.repeat(this.path.length)
    if (this.opened === undefined) {
      if (value !== '') this.lines.push(`${indent}  ${value}`)
      this.lines.push(`${indent}</${tag.name}>`)
    } else this.lines.push(value === '' ? `${indent}${this.opened}/>` : `${indent}${this.opened}>${value}</${tag.name}>`)
    this.opened = undefined
  }

  private take(): string {
    const value = this.pending.trim()
    this.pending = ''
    return value === '' ? '' : escapeText(this.show(this.path.at(-1) ?? '', this.path, value))
  }
}
