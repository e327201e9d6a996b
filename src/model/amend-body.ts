import { type AnyFields, fieldsOf, type LeafField } from './body-fields.js'
import type { UnitRef } from './dossier-content.js'
import type { TransferBody } from './transfer-body.js'

/**
 * Sửa nội dung: a frozen body as a flat form (one line a value, by its dotted path), and the body that comes of other values on some of these lines. Lines
 * of a list bear their number: nothing is added to a list and nothing taken out.
 */
export interface FormLine {
  /** `dossier.parcels.0.areaM2`, as a refusal names it. */
  readonly path: string
  readonly label: string
  /** Of the group or list item that it stands in; null: at the top. */
  readonly group: string | null
  readonly field: LeafField
  readonly optional: boolean
  /** As text; null: absent. */
  readonly value: string | null
}

/** One field of an amended transfer. `before`: as its source said when it was amended. */
export interface Difference {
  readonly field: string
  readonly before: string | null
  readonly after: string | null
}

export const formOf = (body: TransferBody): FormLine[] => linesOf(fieldsOf(body.operation), body, '', null)

const linesOf = (fields: AnyFields, value: object, path: string, group: string | null): FormLine[] =>
  Object.entries(fields).flatMap(([name, field]): FormLine[] => {
    const within = path === '' ? name : `${path}.${name}`
    const own: unknown = Reflect.get(value, name)
    if (field.kind === 'GROUP') return typeof own === 'object' && own !== null ? linesOf(field.fields, own, within, field.vi) : []
    if (field.kind === 'LIST')
      return Array.isArray(own)
        ? own.flatMap((item: object, index) => linesOf(field.fields, item, `${within}.${index}`, `${field.vi} ${index + 1}`))
        : []
    return [{ path: within, label: field.vi, group, field, optional: field.optional === true, value: textOf(own) }]
  })

const textOf = (value: unknown): string | null => {
  if (value === undefined || value === null) return null
  if (typeof value === 'object') return 'code' in value ? String(value.code) : null
  return String(value)
}

/** What a line may be given: a text, a count, a commune, or nothing. */
export type LineValue = string | number | UnitRef | undefined

/** The same body with other values on these lines, each of which it has. */
export const withValues = (body: TransferBody, values: ReadonlyMap<string, LineValue>): TransferBody => {
  const amended = structuredClone(body)
  for (const [path, value] of values) {
    const names = path.split('.')
    const last = names.pop() ?? ''
    const owner = names.reduce<object>((of, name) => Reflect.get(of, name), amended)
    if (value === undefined) Reflect.deleteProperty(owner, last)
    else Reflect.set(owner, last, value)
  }
  return amended
}

/** In which lines a body differs from what its source says, in their order. Lines that stand in one of them alone are not compared. */
export const differencesOf = (source: TransferBody, body: TransferBody): Difference[] => {
  const told = new Map(formOf(source).map(({ path, value }) => [path, value]))
  return formOf(body).flatMap(({ path, value }) => {
    const before = told.get(path)
    return before === undefined || before === value ? [] : [{ field: path, before, after: value }]
  })
}
