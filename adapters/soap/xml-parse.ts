import { setImmediate as nextTurn } from 'node:timers/promises'
import { TextDecoder } from 'node:util'
import { SaxesParser, type SaxesTagNS } from 'saxes'

/**
 * The one place where bytes of a foreign system become XML events. Strict and namespace-aware; a document type or an entity
 * declaration is refused before anything in it is looked at, so no entity is ever expanded but the five of XML itself.
 */
export interface XmlLimits {
  /** Size of the document in bytes. */
  readonly maxBytes: number
  /** Elements within elements, the root counted as 1. */
  readonly maxDepth: number
}

export type XmlRefusalReason = 'DTD' | 'TOO_LARGE' | 'TOO_DEEP' | 'MALFORMED' | 'WRONG_ELEMENT' | 'WRONG_TYPE' | 'NOT_SOAP'

/** A document that is not read. `detail` names places and rules, never values: it may be logged and shown. */
export class XmlRefused extends Error {
  readonly reason: XmlRefusalReason
  readonly detail: string
  /** Path of the field, when it is one field that is wrong (`HoSo.NgayHenTra`). */
  readonly field: string | undefined

  constructor(reason: XmlRefusalReason, detail: string, field?: string) {
    super(`${reason}: ${detail}`)
    this.name = 'XmlRefused'
    this.reason = reason
    this.detail = detail
    this.field = field
  }
}

export type XmlTag = SaxesTagNS

/** Receives the events. Text comes in pieces: CDATA and decoded entities are text like any other. */
export interface XmlHandler {
  /** `end` is the position behind the tag, in UTF-16 units of the decoded document. */
  open(tag: XmlTag, end: number): void
  text(text: string): void
  close(tag: XmlTag, end: number): void
  /** True when the rest of the document need not be read. */
  readonly satisfied?: boolean
  /** True while what has to come early has not come: it must, within the first {@link HEAD_BYTES}. */
  readonly awaitsHead?: boolean
}

/**
 * Enough for tokens with certificates and signatures. Header blocks and attributes take a hundred times their size in memory, and
 * they are read before it is known who sent them.
 */
const HEAD_BYTES = 256 * 1024

/** A millisecond of parsing or less, of tags; of a file's base64, which is nearly all of a large document, some hundredths of that. */
const SLICE_BYTES = 8 * 1024
/** After so long other requests of the process get their turn. By time and not by slices: a file of 20 MB has thousands, and a turn of a busy process takes its while. */
const OWN_TURN_MS = 1

/** Reads a whole document; resolves when the root is closed. Throws {@link XmlRefused} alone, or what the handler throws. */
export async function parseXml(document: Uint8Array, limits: XmlLimits, handler: XmlHandler): Promise<void> {
  if (document.byteLength > limits.maxBytes) throw new XmlRefused('TOO_LARGE', `larger than ${limits.maxBytes} bytes`)
  const parser = listen(limits, handler)
  let turnBeganAt = performance.now()
  for (let from = markBytes(document), to = 0; from < document.byteLength; from = to) {
    if (performance.now() - turnBeganAt > OWN_TURN_MS) {
      await nextTurn()
      turnBeganAt = performance.now()
    }
    to = endOfSlice(document, from + SLICE_BYTES)
    parser.write(decode(document.subarray(from, to)))
    if (handler.satisfied) return
    if (handler.awaitsHead && to >= HEAD_BYTES) throw new XmlRefused('TOO_LARGE', `a head of more than ${HEAD_BYTES} bytes`)
  }
  parser.close()
}

/** The same for a document of our own disk, read at start. */
export function parseXmlNow(document: string, limits: XmlLimits, handler: XmlHandler): void {
  listen(limits, handler)
    .write(document.replace(/^\uFEFF/, ''))
    .close()
}

/** Bytes that continue a character: 10xxxxxx. */
const isContinued = (byte: number | undefined): boolean => byte !== undefined && (byte & 0xc0) === 0x80

/** At most at `wanted`, and between two characters. A character has four bytes; what has more is no UTF-8, and is refused when it is decoded. */
function endOfSlice(document: Uint8Array, wanted: number): number {
  if (wanted >= document.byteLength) return document.byteLength
  let end = wanted
  while (end > wanted - 3 && isContinued(document[end])) end -= 1
  return end
}

/** A byte order mark is no part of the document. */
const markBytes = (document: Uint8Array): number => (document[0] === 0xef && document[1] === 0xbb && document[2] === 0xbf ? 3 : 0)

/** Each slice is whole for itself: a decoder that remembers where it was takes a slower road. */
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function decode(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes)
  } catch {
    throw new XmlRefused('MALFORMED', 'not valid UTF-8')
  }
}

/**
 * Six handlers and no more: with a seventh V8 keeps the parser's properties in a dictionary and parsing takes five times as long. So depth
 * and encoding are looked at when an element opens, not in handlers of their own.
 */
function listen(limits: XmlLimits, handler: XmlHandler): SaxesParser<{ xmlns: true; position: false }> {
  const parser = new SaxesParser({ xmlns: true, position: false })
  let depth = 0
  parser.on('error', (error) => {
    throw new XmlRefused('MALFORMED', describe(error))
  })
  parser.on('doctype', () => {
    throw new XmlRefused('DTD', 'a document type declaration is not accepted')
  })
  parser.on('opentag', (tag) => {
    if (++depth === 1) checkEncoding(parser.xmlDecl.encoding)
    if (depth > limits.maxDepth) throw new XmlRefused('TOO_DEEP', `more than ${limits.maxDepth} levels`)
    handler.open(tag, parser.position)
  })
  parser.on('text', (text) => handler.text(text))
  parser.on('cdata', (text) => handler.text(text))
  parser.on('closetag', (tag) => {
    depth--
    handler.close(tag, parser.position)
  })
  return parser
}

function checkEncoding(encoding: string | undefined): void {
  if (encoding !== undefined && !/^utf-?8$/i.test(encoding)) throw new XmlRefused('MALFORMED', 'only UTF-8 is read')
}

/** saxes quotes names and entities of the document in its messages; what may be quoted is cut to what is surely no value. */
function describe(error: Error): string {
  if (/undefined entity/.test(error.message)) return 'an entity that is not declared by XML itself'
  if (/unclosed|unexpected end/.test(error.message)) return 'truncated'
  if (/unbound namespace/.test(error.message)) return 'an undeclared namespace prefix'
  return 'not well-formed XML'
}
