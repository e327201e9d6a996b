import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { WSDL } from 'soap'
import { UnusableConfiguration } from '../../src/errors.js'
import { type BodyXml, wholeText } from './file-contents.js'
import { readWsdl, type SoapOperation } from './read-wsdl.js'
import { ATTRIBUTES_KEY, bodyFor } from './request-body.js'
import { type ElementType, XSI } from './schema-type.js'
import { readerOf, type XmlReader } from './xml-reader.js'

export type { SoapOperation, SoapVersion } from './read-wsdl.js'

/**
 * A WSDL, read once at start. Of its parts node-soap serialises (document/literal); the types of its schemas are compiled by
 * `compile-schema.ts`, because a reader by node-soap trims strings and loses digits (see `schema-type.ts` for what ours keeps).
 */
export interface SoapContract {
  /** Short name for messages: the WSDL's file name. */
  readonly name: string
  readonly targetNamespace: string
  readonly operations: ReadonlyMap<string, SoapOperation>
  /** A global element of the WSDL's schemas, by its local name (or `{uri}local` where two share one). Throws when there is none. */
  element(elementName: string): ElementType
  /** XML of a body element, checked against the WSDL's types; a `Uint8Array` is a file's content. Throws `BodyInvalid` with the field. */
  compose(elementName: string, value: Record<string, unknown>): BodyXml
  /** The same as one text. */
  serialize(elementName: string, value: Record<string, unknown>): string
  /** A reader for documents with this root; for whole envelopes see `envelope.ts`. */
  readerFor(elementName: string): XmlReader
  /** Whether the WSDL declares this element. */
  has(elementName: string): boolean
  /** The WSDL as on disk, and the schemas that it imports by relative location. */
  readonly files: { readonly wsdl: string; readonly schemas: ReadonlyMap<string, string> }
}

interface ContractSource {
  readonly wsdlPath: string
  readonly service?: string
  readonly port?: string
}

const loaded = new Map<string, Promise<SoapContract>>()

/** The same contract for all in this process who name the same file. Throws a CONFIGURATION error with one sentence when the WSDL cannot be used. */
export function loadContract(source: ContractSource): Promise<SoapContract> {
  const key = JSON.stringify([source.wsdlPath, source.service, source.port])
  const contract = loaded.get(key) ?? readContract(source)
  loaded.set(key, contract)
  contract.catch(() => loaded.delete(key))
  return contract
}

async function readContract(source: ContractSource): Promise<SoapContract> {
  const name = basename(source.wsdlPath)
  try {
    const parsed = await readWsdl(source)
    const wsdl = await openWithNodeSoap(source.wsdlPath)
    return new ParsedContract(name, parsed, wsdl)
  } catch (error) {
    const why = error instanceof Error ? error.message : 'unreadable'
    throw new UnusableConfiguration(`Không dùng được WSDL ${name} (${why}).`, `The WSDL ${name} cannot be used (${why}).`)
  }
}

class ParsedContract implements SoapContract {
  readonly targetNamespace: string
  readonly operations: ReadonlyMap<string, SoapOperation>
  readonly files: SoapContract['files']
  private readonly readers = new Map<string, XmlReader>()
  /** Prefix of each namespace of the contract, the same in every body. */
  private readonly prefixes: ReadonlyMap<string, string>
  private readonly declarations: { name: string; value: string }[]

  constructor(
    readonly name: string,
    private readonly parsed: Awaited<ReturnType<typeof readWsdl>>,
    private readonly wsdl: WSDL,
  ) {
    this.targetNamespace = parsed.targetNamespace
    this.operations = parsed.operations
    this.files = parsed.files
    const namespaces = new Set([parsed.targetNamespace, ...parsed.namespaces].filter((uri) => uri !== ''))
    this.prefixes = new Map([...namespaces].map((uri, index) => [uri, `n${index}`]))
    this.declarations = [...this.prefixes, [XSI, 'xsi'] as const].map(([uri, prefix]) => ({ name: `xmlns:${prefix}`, value: uri }))
  }

  has(elementName: string): boolean {
    return this.parsed.elements.has(elementName)
  }

  element(elementName: string): ElementType {
    const found = this.parsed.elements.get(elementName)
    if (!found) throw new Error(`The WSDL ${this.name} declares no element ${elementName}`)
    return found
  }

  compose(elementName: string, value: Record<string, unknown>): BodyXml {
    const element = this.element(elementName)
    const files: Uint8Array[] = []
    const body = bodyFor(element, element.type.kind === 'SCALAR' ? value.$ : value, { prefixes: this.prefixes, files })
    const prefix = this.prefixes.get(element.uri) ?? ''
    this.wsdl.options.overrideRootElement = { namespace: prefix, xmlnsAttributes: this.declarations }
    return { marked: this.wsdl.objectToDocumentXML(element.name, body, prefix, element.uri), files }
  }

  serialize(elementName: string, value: Record<string, unknown>): string {
    return wholeText(this.compose(elementName, value))
  }

  readerFor(elementName: string): XmlReader {
    const known = this.readers.get(elementName)
    if (known) return known
    const reader = readerOf(this.element(elementName))
    this.readers.set(elementName, reader)
    return reader
  }
}

async function openWithNodeSoap(path: string): Promise<WSDL> {
  const text = await readFile(path, 'utf8')
  return new Promise((resolve, reject) => {
    const wsdl = new WSDL(text, path, { escapeXML: false })
    wsdl.options.attributesKey = ATTRIBUTES_KEY
    wsdl.onReady((error: Error | null) => (error ? reject(error) : resolve(wsdl)))
  })
}
