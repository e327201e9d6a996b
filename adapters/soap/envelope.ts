import { readFault, type SoapFault } from './faults.js'
import type { SoapVersion } from './read-wsdl.js'
import type { ElementType } from './schema-type.js'
import { parseXml, type XmlHandler, type XmlLimits, XmlRefused, type XmlTag } from './xml-parse.js'
import { type ReadOptions, TypedBuilder } from './xml-reader.js'
import { TreeBuilder, type XmlNode } from './xml-tree.js'

/**
 * SOAP envelopes of both versions, built and read. Reading is one pass: header blocks become trees, the body's element is read by its type,
 * a fault is read as a fault wherever one was sent.
 */
export const ENVELOPE_NS: Readonly<Record<SoapVersion, string>> = {
  '1.1': 'http://schemas.xmlsoap.org/soap/envelope/',
  '1.2': 'http://www.w3.org/2003/05/soap-envelope',
}

export const CONTENT_TYPE: Readonly<Record<SoapVersion, string>> = {
  '1.1': 'text/xml; charset=utf-8',
  '1.2': 'application/soap+xml; charset=utf-8',
}

/** Header blocks and body are XML as it is to stand there; the prefix `soap` is the envelope's. */
export function buildEnvelope(version: SoapVersion, headerBlocks: readonly string[], bodyXml: string): string {
  const header = headerBlocks.length > 0 ? `<soap:Header>${headerBlocks.join('')}</soap:Header>` : ''
  return `<?xml version="1.0" encoding="utf-8"?>\n<soap:Envelope xmlns:soap="${ENVELOPE_NS[version]}">${header}<soap:Body>${bodyXml}</soap:Body></soap:Envelope>`
}

export interface Envelope {
  readonly version: SoapVersion
  /** Header blocks, without schema. */
  readonly headers: readonly XmlNode[]
  readonly body:
    | { readonly kind: 'VALUE'; readonly element: ElementType; readonly value: Record<string, unknown> }
    | { readonly kind: 'FAULT'; readonly fault: SoapFault }
    | { readonly kind: 'EMPTY' }
}

/** Which type the body's element has; `undefined` refuses it as WRONG_ELEMENT. */
export type Expect = (uri: string, local: string) => ElementType | undefined

/** The usual expectation of a client: this element and no other. */
export function only(element: ElementType): Expect {
  return (uri, local) => (uri === element.uri && local === element.name ? element : undefined)
}

/** Throws {@link XmlRefused} alone. */
export async function readEnvelope(document: Uint8Array, expect: Expect, options: ReadOptions): Promise<Envelope> {
  const builder = new EnvelopeBuilder(expect, options.unknownElements ?? 'SKIP')
  await parseXml(document, options, builder)
  if (!builder.version) throw new XmlRefused('NOT_SOAP', 'the root is no SOAP envelope')
  if (!builder.sawBody) throw new XmlRefused('NOT_SOAP', 'the envelope has no body')
  return { version: builder.version, headers: builder.headers, body: builder.body }
}

/** A header block and where it stands: behind its opening tag and behind its closing tag. */
export type HeaderBlock = XmlNode & { readonly openEnd: number; readonly end: number }

export interface EnvelopeHead {
  readonly version: SoapVersion
  readonly headers: readonly HeaderBlock[]
  /** The body's element, unread. */
  readonly body: { readonly uri: string; readonly local: string } | undefined
}

/**
 * Reads no further than to the name of the body's element: who calls is known before what they send is looked at. Positions are in
 * UTF-16 units of the decoded document.
 */
export async function readEnvelopeHead(document: Uint8Array, limits: XmlLimits): Promise<EnvelopeHead> {
  const builder = new EnvelopeBuilder(undefined, 'SKIP')
  await parseXml(document, limits, builder)
  if (!builder.version || !builder.sawBody) throw new XmlRefused('NOT_SOAP', 'no SOAP envelope with a body')
  return { version: builder.version, headers: builder.positioned, body: builder.bodyName }
}

const VERSION_OF = new Map(Object.entries(ENVELOPE_NS).map(([version, uri]) => [uri, version === '1.1' ? '1.1' : '1.2'] as const))

/** Elements of one header block or one fault: far more than any has, and little memory. */
const MOST_NODES = 5_000

type Place = 'DOCUMENT' | 'ENVELOPE' | 'HEADER' | 'HEADER_BLOCK' | 'BODY' | 'BODY_VALUE' | 'BODY_FAULT'

class EnvelopeBuilder implements XmlHandler {
  version: SoapVersion | undefined
  readonly headers: XmlNode[] = []
  readonly positioned: HeaderBlock[] = []
  body: Envelope['body'] = { kind: 'EMPTY' }
  bodyName: { uri: string; local: string } | undefined
  sawBody = false
  satisfied = false
  private sawHeader = false
  private place: Place = 'DOCUMENT'
  private openEnd = 0
  private tree = new TreeBuilder(MOST_NODES)
  private typed: { element: ElementType; builder: TypedBuilder } | undefined

  constructor(
    private readonly expect: Expect | undefined,
    private readonly unknownElements: 'SKIP' | 'REFUSE',
  ) {}

  /** Header blocks are behind us when the body's element has come. */
  get awaitsHead(): boolean {
    return this.bodyName === undefined
  }

  open(tag: XmlTag, end: number): void {
    if (this.satisfied) return
    if (this.place === 'DOCUMENT') this.openEnvelope(tag)
    else if (this.place === 'ENVELOPE') this.openPart(tag)
    else if (this.place === 'HEADER') this.openBlock(tag, end)
    else if (this.place === 'HEADER_BLOCK' || this.place === 'BODY_FAULT') this.tree.open(tag)
    else if (this.place === 'BODY') this.openBodyElement(tag)
    else this.typed?.builder.open(tag)
  }

  text(text: string): void {
    if (this.place === 'HEADER_BLOCK' || this.place === 'BODY_FAULT') this.tree.text(text)
    else if (this.place === 'BODY_VALUE') this.typed?.builder.text(text)
    else if (!this.satisfied && /[^ \t\r\n]/.test(text)) throw new XmlRefused('NOT_SOAP', 'the envelope has text beside its elements')
  }

  close(_tag: XmlTag, end: number): void {
    if (this.satisfied) return
    if (this.place === 'HEADER_BLOCK') this.closeBlock(end)
    else if (this.place === 'BODY_FAULT') this.closeFault()
    else if (this.place === 'BODY_VALUE') this.closeValue()
    else if (this.place === 'HEADER' || this.place === 'BODY') this.place = 'ENVELOPE'
    // An empty body has no element to stop at.
    if (!this.expect && this.sawBody && this.place === 'ENVELOPE') this.satisfied = true
  }

  private openEnvelope(tag: XmlTag): void {
    this.version = VERSION_OF.get(tag.uri)
    if (tag.local !== 'Envelope' || !this.version) throw new XmlRefused('NOT_SOAP', 'the root is no SOAP envelope')
    this.place = 'ENVELOPE'
  }

  private openPart(tag: XmlTag): void {
    const known = this.version && tag.uri === ENVELOPE_NS[this.version]
    if (known && tag.local === 'Header' && !this.sawHeader && !this.sawBody) {
      this.sawHeader = true
      this.place = 'HEADER'
    } else if (known && tag.local === 'Body' && !this.sawBody) {
      this.sawBody = true
      this.place = 'BODY'
    } else {
      throw new XmlRefused('NOT_SOAP', 'the envelope has another part than one header and one body, in this order')
    }
  }

  private openBlock(tag: XmlTag, end: number): void {
    this.tree = new TreeBuilder(MOST_NODES)
    this.tree.open(tag)
    this.openEnd = end
    this.place = 'HEADER_BLOCK'
  }

  private closeBlock(end: number): void {
    this.tree.close()
    const block = this.tree.finished
    if (!block) return
    this.headers.push(block)
    this.positioned.push(Object.assign(block, { openEnd: this.openEnd, end }))
    this.place = 'HEADER'
  }

  private openBodyElement(tag: XmlTag): void {
    if (this.bodyName) throw new XmlRefused('WRONG_ELEMENT', 'the body has more than one element')
    this.bodyName = { uri: tag.uri, local: tag.local }
    if (!this.expect) {
      this.satisfied = true
      return
    }
    if (tag.local === 'Fault' && this.version && tag.uri === ENVELOPE_NS[this.version]) {
      this.tree = new TreeBuilder(MOST_NODES)
      this.tree.open(tag)
      this.place = 'BODY_FAULT'
      return
    }
    const element = this.expect(tag.uri, tag.local)
    if (!element) throw new XmlRefused('WRONG_ELEMENT', 'the body has another element than expected')
    this.typed = { element, builder: new TypedBuilder(element, this.unknownElements) }
    this.typed.builder.open(tag)
    this.place = 'BODY_VALUE'
  }

  private closeFault(): void {
    this.tree.close()
    if (!this.tree.finished || !this.version) return
    this.body = { kind: 'FAULT', fault: readFault(this.tree.finished, this.version) }
    this.place = 'BODY'
  }

  private closeValue(): void {
    if (!this.typed) return
    this.typed.builder.close()
    if (!this.typed.builder.done) return
    this.body = { kind: 'VALUE', element: this.typed.element, value: this.typed.builder.record() }
    this.place = 'BODY'
  }
}
