import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { compileSchemas } from './compile-schema.js'
import { type ElementType, XSD } from './schema-type.js'
import { attributeOf, childOf, childrenOf, readTreeNow, resolveQName, type XmlNode } from './xml-tree.js'

export type SoapVersion = '1.1' | '1.2'

export interface SoapOperation {
  readonly name: string
  readonly inputElement: string
  readonly outputElement: string
  readonly soapAction: string
  readonly soapVersion: SoapVersion
}

export interface ParsedWsdl {
  readonly targetNamespace: string
  readonly operations: ReadonlyMap<string, SoapOperation>
  /** Global elements by local name, and by `{uri}local`. */
  readonly elements: ReadonlyMap<string, ElementType>
  /** The target namespaces of its schemas. */
  readonly namespaces: readonly string[]
  readonly files: { readonly wsdl: string; readonly schemas: ReadonlyMap<string, string> }
}

const WSDL_NS = 'http://schemas.xmlsoap.org/wsdl/'
const BINDINGS: Readonly<Record<string, SoapVersion>> = {
  'http://schemas.xmlsoap.org/wsdl/soap/': '1.1',
  'http://schemas.xmlsoap.org/wsdl/soap12/': '1.2',
}
/** Our own files: the limits are only there against a mix-up. */
const FILE_LIMITS = { maxBytes: 16 * 1024 * 1024, maxDepth: 100 }

/** Reads a local WSDL 1.1 with its relative schemas. Nothing is fetched from a network. Throws an `Error` with what is wrong. */
export async function readWsdl(source: { wsdlPath: string; service?: string; port?: string }): Promise<ParsedWsdl> {
  const wsdl = await readFile(source.wsdlPath, 'utf8')
  const definitions = readTreeNow(wsdl, FILE_LIMITS)
  if (definitions.local !== 'definitions' || definitions.uri !== WSDL_NS) throw new Error('the root is not wsdl:definitions')
  if (childOf(definitions, 'import', WSDL_NS)) throw new Error('wsdl:import is not supported: put everything into one WSDL')
  const files = new Map<string, string>()
  const schemas: XmlNode[] = []
  for (const types of childrenOf(definitions, 'types', WSDL_NS)) {
    for (const schema of childrenOf(types, 'schema', XSD)) await collect(schema, dirname(source.wsdlPath), '', schemas, files)
  }
  const globalElement = compileSchemas(schemas)
  return {
    targetNamespace: attributeOf(definitions, 'targetNamespace') ?? '',
    operations: operationsOf(definitions, source, globalElement),
    elements: elementsOf(schemas, globalElement),
    namespaces: schemas.map((schema) => attributeOf(schema, 'targetNamespace') ?? ''),
    files: { wsdl, schemas: files },
  }
}

/** A schema and what it imports or includes, each file once. Files are named by the location that the WSDL uses. */
async function collect(schema: XmlNode, root: string, folder: string, into: XmlNode[], files: Map<string, string>): Promise<void> {
  into.push(schema)
  for (const link of [...childrenOf(schema, 'import', XSD), ...childrenOf(schema, 'include', XSD)]) {
    const location = attributeOf(link, 'schemaLocation')
    if (location === undefined) continue
    if (/^[a-z]+:/i.test(location)) throw new Error(`the schema ${location} is not a relative file`)
    const name = folder + location
    if (files.has(name)) continue
    const text = await readFile(resolve(root, name), 'utf8')
    files.set(name, text)
    const next = name.includes('/') ? name.slice(0, name.lastIndexOf('/') + 1) : ''
    await collect(readTreeNow(text, FILE_LIMITS), root, next, into, files)
  }
}

function elementsOf(schemas: readonly XmlNode[], globalElement: ReturnType<typeof compileSchemas>): Map<string, ElementType> {
  const elements = new Map<string, ElementType>()
  for (const schema of schemas) {
    const uri = attributeOf(schema, 'targetNamespace') ?? ''
    for (const node of childrenOf(schema, 'element', XSD)) {
      const element = globalElement(uri, attributeOf(node, 'name') ?? '')
      if (!element) continue
      if (!elements.has(element.name)) elements.set(element.name, element)
      elements.set(`{${uri}}${element.name}`, element)
    }
  }
  return elements
}

function operationsOf(
  definitions: XmlNode,
  source: { service?: string; port?: string },
  globalElement: ReturnType<typeof compileSchemas>,
): Map<string, SoapOperation> {
  const { binding, version } = chosenBinding(definitions, source)
  const portType = declared(definitions, 'portType', binding, attributeOf(binding, 'type'))
  const extension = childOf(binding, 'binding', uriOf(version))
  const style = extension && attributeOf(extension, 'style')
  const operations = new Map<string, SoapOperation>()
  for (const bound of childrenOf(binding, 'operation', WSDL_NS)) {
    const name = attributeOf(bound, 'name') ?? ''
    const details = childOf(bound, 'operation', uriOf(version))
    if (((details && attributeOf(details, 'style')) ?? style ?? 'document') !== 'document') {
      throw new Error(`the operation ${name} is not document style`)
    }
    const abstract = childrenOf(portType, 'operation', WSDL_NS).find((operation) => attributeOf(operation, 'name') === name)
    if (!abstract) throw new Error(`the operation ${name} is bound but not in the port type`)
    operations.set(name, {
      name,
      inputElement: messageElement(definitions, abstract, 'input', globalElement),
      outputElement: messageElement(definitions, abstract, 'output', globalElement),
      soapAction: (details && attributeOf(details, 'soapAction')) ?? '',
      soapVersion: version,
    })
  }
  if (operations.size === 0) throw new Error('the binding has no operation')
  return operations
}

/** The port asked for; without a wish the first port that speaks SOAP. */
function chosenBinding(definitions: XmlNode, wish: { service?: string; port?: string }): { binding: XmlNode; version: SoapVersion } {
  for (const service of childrenOf(definitions, 'service', WSDL_NS)) {
    if (wish.service !== undefined && attributeOf(service, 'name') !== wish.service) continue
    for (const port of childrenOf(service, 'port', WSDL_NS)) {
      if (wish.port !== undefined && attributeOf(port, 'name') !== wish.port) continue
      const binding = declared(definitions, 'binding', port, attributeOf(port, 'binding'))
      const version = binding.children.map((child) => (child.local === 'binding' ? BINDINGS[child.uri] : undefined)).find(Boolean)
      if (version) return { binding, version }
    }
  }
  throw new Error(`no SOAP port${wish.service ? ` in the service ${wish.service}` : ''}${wish.port ? ` named ${wish.port}` : ''}`)
}

function messageElement(
  definitions: XmlNode,
  operation: XmlNode,
  side: 'input' | 'output',
  globalElement: ReturnType<typeof compileSchemas>,
): string {
  const name = attributeOf(operation, 'name') ?? ''
  const end = childOf(operation, side, WSDL_NS)
  const message = end && declared(definitions, 'message', end, attributeOf(end, 'message'))
  const part = message && childOf(message, 'part', WSDL_NS)
  const element = part && attributeOf(part, 'element')
  if (element === undefined) throw new Error(`the ${side} of ${name} has no part that names an element`)
  const { uri, local } = resolveQName(part ?? operation, element)
  if (!globalElement(uri, local)) throw new Error(`the element ${element} of ${name} is not declared in the schemas`)
  return local
}

function declared(definitions: XmlNode, kind: string, scope: XmlNode, qname: string | undefined): XmlNode {
  const { local } = resolveQName(scope, qname ?? '')
  const found = childrenOf(definitions, kind, WSDL_NS).find((node) => attributeOf(node, 'name') === local)
  if (!found) throw new Error(`wsdl:${kind} ${qname ?? '(unnamed)'} is not declared`)
  return found
}

function uriOf(version: SoapVersion): string {
  return version === '1.1' ? 'http://schemas.xmlsoap.org/wsdl/soap/' : 'http://schemas.xmlsoap.org/wsdl/soap12/'
}
