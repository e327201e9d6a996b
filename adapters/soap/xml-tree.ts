import { parseXmlNow, type XmlHandler, type XmlLimits, XmlRefused, type XmlTag } from './xml-parse.js'

/** An element without a schema: header blocks, fault details, WSDL files. */
export interface XmlNode {
  readonly local: string
  /** Namespace URI, '' for none. */
  readonly uri: string
  readonly attributes: readonly XmlAttribute[]
  readonly children: XmlNode[]
  /** All text directly inside, exact. */
  text: string
  readonly parent: XmlNode | undefined
  /** Prefixes declared on this very element. */
  readonly declares: Readonly<Record<string, string>>
}

export interface XmlAttribute {
  readonly local: string
  readonly uri: string
  readonly value: string
}

/**
 * Builds trees out of events; `finished` is the last element that was closed with nothing around it. A tree takes a hundred times the
 * memory of its text: what others send is given a `mostNodes`, beyond which it is refused as TOO_LARGE.
 */
export class TreeBuilder implements XmlHandler {
  finished: XmlNode | undefined
  private current: XmlNode | undefined
  private nodes = 0

  constructor(private readonly mostNodes = Number.POSITIVE_INFINITY) {}

  open(tag: XmlTag): void {
    if (++this.nodes > this.mostNodes)
      throw new XmlRefused('TOO_LARGE', `more than ${this.mostNodes} elements in a header block or a fault`)
    const node: XmlNode = {
      local: tag.local,
      uri: tag.uri,
      attributes: Object.values(tag.attributes),
      children: [],
      text: '',
      parent: this.current,
      declares: tag.ns,
    }
    this.current?.children.push(node)
    this.current = node
  }

  text(text: string): void {
    if (this.current) this.current.text += text
  }

  close(): void {
    const closed = this.current
    this.current = closed?.parent
    if (this.current === undefined) this.finished = closed
  }
}

/** For files of our own disk, at start. */
export function readTreeNow(document: string, limits: XmlLimits): XmlNode {
  const builder = new TreeBuilder()
  parseXmlNow(document, limits, builder)
  return rootOf(builder)
}

function rootOf(builder: TreeBuilder): XmlNode {
  if (!builder.finished) throw new Error('the parser ended without a root element')
  return builder.finished
}

/** One without a namespace. */
export function attributeOf(node: XmlNode, local: string): string | undefined {
  return node.attributes.find((attribute) => attribute.local === local && attribute.uri === '')?.value
}

export function childOf(node: XmlNode, local: string, uri?: string): XmlNode | undefined {
  return node.children.find((child) => child.local === local && (uri === undefined || child.uri === uri))
}

export function childrenOf(node: XmlNode, local: string, uri?: string): XmlNode[] {
  return node.children.filter((child) => child.local === local && (uri === undefined || child.uri === uri))
}

/** All text within, joined; for messages to people. */
export function textWithin(node: XmlNode): string {
  return [node.text.trim(), ...node.children.map(textWithin)].filter((part) => part !== '').join(' ')
}

/** `prefix:local` in the scope of the node. Without a prefix the default namespace counts. */
export function resolveQName(node: XmlNode, qname: string): { uri: string; local: string } {
  const colon = qname.indexOf(':')
  const prefix = colon < 0 ? '' : qname.slice(0, colon)
  for (let scope: XmlNode | undefined = node; scope; scope = scope.parent) {
    const uri = scope.declares[prefix]
    if (uri !== undefined) return { uri, local: qname.slice(colon + 1) }
  }
  return { uri: '', local: qname.slice(colon + 1) }
}
