import { type Choice, type ComplexType, type ElementType, type ScalarType, scalarOf, XSI } from './schema-type.js'
import { parseXml, type XmlHandler, type XmlLimits, type XmlRefusalReason, XmlRefused, type XmlTag } from './xml-parse.js'

export { type XmlLimits, type XmlRefusalReason, XmlRefused } from './xml-parse.js'

/**
 * Reads XML into plain objects by the WSDL's types; the shape of the result is told in `schema-type.ts`.
 *
 * Refused as WRONG_ELEMENT: another root, a declared name in another namespace, a required element or attribute that is missing, one that is there
 * more often than it may be, two branches of a choice or none. Refused as WRONG_TYPE: letters where a number is declared, a number out of its type's bounds, text
 * between elements, elements within text, content of what is nil.
 * The order of elements is not insisted on.
 */
export interface ReadOptions extends XmlLimits {
  /** What is not in the WSDL: read over (answers: systems add fields), or refused (requests: a misspelt field would be lost in silence). */
  readonly unknownElements?: 'SKIP' | 'REFUSE'
}

export interface XmlReader {
  /** Reads a document whose root is this element. Throws {@link XmlRefused} alone. */
  read(document: Uint8Array, options: ReadOptions): Promise<Record<string, unknown>>
}

export function readerOf(element: ElementType): XmlReader {
  return {
    async read(document, options) {
      const builder = new TypedBuilder(element, options.unknownElements ?? 'SKIP')
      await parseXml(document, options, builder)
      return builder.record()
    },
  }
}

/** An element that is open. Its path is made only when something is wrong with it. */
interface Frame {
  readonly element: ElementType
  readonly parent: Frame | undefined
  readonly values: Record<string, unknown>
  readonly nil: boolean
  text: string
}

/** Builds one value out of events that begin with the opening tag of its element. */
export class TypedBuilder implements XmlHandler {
  private current: Frame | undefined
  private skipping = 0
  private result: unknown
  done = false

  constructor(
    private readonly root: ElementType,
    private readonly unknownElements: 'SKIP' | 'REFUSE',
  ) {}

  open(tag: XmlTag): void {
    if (this.skipping > 0) {
      this.skipping++
      return
    }
    const element = this.current ? this.childElement(this.current, tag) : this.rootElement(tag)
    if (!element) {
      this.skipping = 1
      return
    }
    this.current = { element, parent: this.current, values: {}, nil: isNil(tag), text: '' }
    if (element.type.kind === 'COMPLEX') readAttributes(tag, element.type, this.current)
  }

  text(text: string): void {
    if (this.current && this.skipping === 0) this.current.text += text
  }

  close(): void {
    if (this.skipping > 0) {
      this.skipping--
      return
    }
    const frame = this.current
    if (!frame) return
    const value = frameValue(frame)
    this.current = frame.parent
    if (frame.parent) place(frame.parent.values, frame.element, value)
    else {
      this.result = value
      this.done = true
    }
  }

  /** The value as an object; an element of a simple type has its text under `$`. */
  record(): Record<string, unknown> {
    if (!this.done) throw new XmlRefused('MALFORMED', 'the document ended early')
    return isRecord(this.result) ? this.result : { $: this.result }
  }

  private rootElement(tag: XmlTag): ElementType {
    if (tag.local !== this.root.name || tag.uri !== this.root.uri) {
      throw new XmlRefused('WRONG_ELEMENT', `expected {${this.root.uri}}${this.root.name}`)
    }
    return this.root
  }

  private childElement(parent: Frame, tag: XmlTag): ElementType | undefined {
    const { type } = parent.element
    if (type.kind === 'SCALAR' || type.text) throw refuse('WRONG_TYPE', parent, 'has elements within its text')
    if (parent.nil) throw refuse('WRONG_TYPE', parent, 'is nil and has content')
    const child = type.byName.get(tag.local)
    if (!child) {
      if (this.unknownElements === 'SKIP') return undefined
      if (!NAME_TOLD.test(tag.local)) throw refuse('WRONG_ELEMENT', parent, 'has an element that the contract does not know')
      throw refuse('WRONG_ELEMENT', parent, 'is not known to the contract', tag.local)
    }
    if (child.uri !== tag.uri) throw refuse('WRONG_ELEMENT', parent, 'is not in the namespace of the contract', child.name)
    if (!Object.hasOwn(parent.values, child.name)) return child
    const before = parent.values[child.name]
    if (!child.many) throw refuse('WRONG_ELEMENT', parent, 'is there twice', child.name)
    if (child.most !== undefined && Array.isArray(before) && before.length >= child.most)
      throw refuse('WRONG_ELEMENT', parent, `is there more than ${child.most} times`, child.name)
    return child
  }
}

/** An unknown element's name is its sender's own: told as a field when it looks like one. */
const NAME_TOLD = /^[A-Za-z][\w.-]{0,59}$/

function place(values: Record<string, unknown>, element: ElementType, value: unknown): void {
  const list = values[element.name]
  if (!element.many) values[element.name] = value
  else if (Array.isArray(list)) list.push(value)
  else values[element.name] = [value]
}

function frameValue(frame: Frame): unknown {
  const { type, nillable } = frame.element
  if (frame.nil) {
    if (!nillable) throw refuse('WRONG_TYPE', frame, 'may not be nil')
    if (/[^ \t\r\n]/.test(frame.text)) throw refuse('WRONG_TYPE', frame, 'is nil and has content')
    return null
  }
  if (type.kind === 'SCALAR') return scalar(type, frame.text, frame)
  if (type.text) return { ...frame.values, $: scalar(type.text, frame.text, frame) }
  if (/[^ \t\r\n]/.test(frame.text)) throw refuse('WRONG_TYPE', frame, 'has text between its elements')
  for (const child of type.elements) {
    if (Object.hasOwn(frame.values, child.name)) continue
    if (child.required) throw refuse('WRONG_ELEMENT', frame, 'is missing', child.name)
    if (child.many) frame.values[child.name] = []
  }
  for (const choice of type.choices) checkChoice(choice, frame)
  return frame.values
}

function checkChoice({ required, branches }: Choice, frame: Frame): void {
  const chosen = branches.filter((names) => names.some((name) => Object.hasOwn(frame.values, name) && isThere(frame.values[name]))).length
  if (chosen > 1) throw refuse('WRONG_ELEMENT', frame, 'has two branches of a choice')
  if (chosen === 0 && required) throw refuse('WRONG_ELEMENT', frame, 'has no branch of a choice')
}

/** Of a list that is absent there are no entries. */
const isThere = (value: unknown): boolean => !(Array.isArray(value) && value.length === 0)

function scalar(type: ScalarType, text: string, frame: Frame, attribute?: string): string | number | boolean {
  const value = scalarOf(type, text)
  if (value === undefined) throw refuse('WRONG_TYPE', frame, 'is not of its declared type', attribute)
  return value
}

function readAttributes(tag: XmlTag, type: ComplexType, frame: Frame): void {
  for (const { name, required, ...attribute } of type.attributes) {
    const found = Object.values(tag.attributes).find(({ local, uri }) => local === name && uri === '')
    if (found) frame.values[`$${name}`] = scalar(attribute.type, found.value, frame, `$${name}`)
    else if (required) throw refuse('WRONG_ELEMENT', frame, 'is missing', `$${name}`)
  }
}

function isNil(tag: XmlTag): boolean {
  for (const name in tag.attributes) {
    const attribute = tag.attributes[name]
    if (attribute?.local === 'nil' && attribute.uri === XSI) return /^[ \t\r\n]*(?:true|1)[ \t\r\n]*$/.test(attribute.value)
  }
  return false
}

function refuse(reason: XmlRefusalReason, at: Frame, what: string, child?: string): XmlRefused {
  const path = child === undefined ? pathOf(at) : [pathOf(at), child].filter((part) => part !== '').join('.')
  return new XmlRefused(reason, `${path || at.element.name} ${what}`, path || undefined)
}

/** Names from below the root, '' for the root itself. */
function pathOf(frame: Frame): string {
  if (!frame.parent) return ''
  const above = pathOf(frame.parent)
  return above === '' ? frame.element.name : `${above}.${frame.element.name}`
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
