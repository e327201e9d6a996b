/**
 * What node-soap's server makes of a request, with every simple value kept as the exact string of the wire (a twin's WSDL is
 * opened with deserialisers that return the text, see `soap-endpoint.ts`). An empty element may come as null or as ''; an
 * absent or nil one is not there; an element with attributes is `{ attributes, $value }`.
 */
export type WireValue = string | null | WireObject | readonly WireValue[]
export interface WireObject {
  readonly [name: string]: WireValue | undefined
}

/** The text of a child; undefined when it is absent, '' when it is there and empty. */
export function textOf(parent: WireObject | null | undefined, name: string): string | undefined {
  const value = parent?.[name]
  if (value === undefined) return undefined
  if (value === null) return ''
  if (typeof value === 'string') return value
  if (isGroup(value)) return textOf(value, '$value') ?? ''
  throw new Error(`${name} has several values`)
}

/** The child as a group of elements; undefined when it is absent or empty. */
export function groupOf(parent: WireObject | null | undefined, name: string): WireObject | undefined {
  const value = parent?.[name]
  return value !== undefined && value !== null && typeof value !== 'string' && isGroup(value) ? value : undefined
}

/** The children of that name as groups, whether the wire held none, one or many. */
export function groupsOf(parent: WireObject | null | undefined, name: string): WireObject[] {
  return valuesOf(parent, name).filter((value): value is WireObject => value !== null && typeof value !== 'string' && isGroup(value))
}

/** The children of that name as texts, whether the wire held none, one or many. */
export function textsOf(parent: WireObject | null | undefined, name: string): string[] {
  return valuesOf(parent, name).map((value) => textOf({ value }, 'value') ?? '')
}

function valuesOf(parent: WireObject | null | undefined, name: string): readonly WireValue[] {
  const value = parent?.[name]
  if (value === undefined) return []
  return isList(value) ? value : [value]
}

const isList = (value: WireValue): value is readonly WireValue[] => Array.isArray(value)
const isGroup = (value: WireObject | readonly WireValue[]): value is WireObject => !Array.isArray(value)
