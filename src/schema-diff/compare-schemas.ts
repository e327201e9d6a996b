import { ChangeType, CriticalityLevel, diff } from '@graphql-inspector/core'
import type { GraphQLSchema } from 'graphql'
import { promisedParts } from './promised-parts.js'

/** BREAKING: a client that works may fail. ANNOUNCED: it would, and its day of removal has come. DANGEROUS: a client may meet what it does not know. */
export type Severity = 'BREAKING' | 'ANNOUNCED' | 'DANGEROUS' | 'SAFE'

export interface SchemaChange {
  readonly severity: Severity
  /** Path in the schema, such as `Dossier.dueAt`. */
  readonly path: string
  readonly message: string
  /** Why it is of that severity, where the comparison says it. */
  readonly reason?: string
}

const REMOVALS: ReadonlySet<string> = new Set([
  ChangeType.FieldRemoved,
  ChangeType.FieldArgumentRemoved,
  ChangeType.InputFieldRemoved,
  ChangeType.EnumValueRemoved,
  ChangeType.TypeRemoved,
])

/** Nothing that an operation could notice: a deprecation is told by a change of its own. */
const isUnseen = (type: string): boolean => type.includes('DESCRIPTION') || type.startsWith('DIRECTIVE_USAGE')

const WHOLES: ReadonlySet<string> = new Set([ChangeType.TypeAdded, ChangeType.FieldAdded])

/** What stands within something new is new with it. */
const withoutPartsOfNew = (changes: readonly (SchemaChange & { readonly type: string })[]): readonly SchemaChange[] => {
  const added = changes.filter(({ type }) => WHOLES.has(type)).map(({ path }) => `${path}.`)
  return changes
    .filter(({ severity, path }) => severity !== 'SAFE' || !added.some((whole) => path.startsWith(whole)))
    .map(({ type: _type, ...change }) => change)
}

const ORDER: readonly Severity[] = ['BREAKING', 'ANNOUNCED', 'DANGEROUS', 'SAFE']

/** Every change from `before` to `after` that an operation could notice, the gravest first. `today`: `yyyy-MM-dd` in Viet Nam. */
export const compareSchemas = async (before: GraphQLSchema, after: GraphQLSchema, today: string): Promise<readonly SchemaChange[]> => {
  const promised = promisedParts(before, today)
  const severityOf = (type: string, level: CriticalityLevel, path: string): Severity => {
    if (level === CriticalityLevel.Dangerous) return 'DANGEROUS'
    if (level !== CriticalityLevel.Breaking) return 'SAFE'
    return REMOVALS.has(type) && !promised.has(path) ? 'ANNOUNCED' : 'BREAKING'
  }
  const changes = (await diff(before, after))
    .filter(({ type }) => !isUnseen(type))
    .map(({ type, path = '', message, criticality: { level, reason } }) => ({
      type,
      severity: severityOf(type, level, path),
      path,
      message,
      ...(reason !== undefined && { reason }),
    }))
  return [...withoutPartsOfNew(changes)].sort(
    (a, b) => ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity) || a.path.localeCompare(b.path),
  )
}
