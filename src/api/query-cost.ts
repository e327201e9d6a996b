import type {
  DocumentNode,
  FieldNode,
  FragmentDefinitionNode,
  GraphQLNamedType,
  GraphQLOutputType,
  GraphQLSchema,
  OperationDefinitionNode,
  SelectionSetNode,
  ValueNode,
} from 'graphql'
import { getNamedType, getNullableType, isListType, isObjectType, Kind } from 'graphql'

/** A connection's size: its `first`, 20 when it is left out. A larger one than the largest is refused where it is used. */
const DEFAULT_FIRST = 20
const LARGEST_FIRST = 100
/**
 * Rows that a list without `first` (transfers, attempts, the timeline) is taken to have: a few, and more for a list within lists. What leads there three times
 * leads back (`transfers { dossier { transfers { … } } }`), and then each row above brings all of them again; a dossier may have twenty-five transfers.
 */
const USUAL_ROWS = [3, 5, 25] as const
const DEEPEST = USUAL_ROWS.length - 1
/** Entities that a router asks for by key: as many as there are keys. */
export const ENTITIES = '_entities'
/** A connection is a search of its own in the database, however few rows it shows. */
const SEARCH_COST = 100

/**
 * What is more work than one field: a text from the wire is read, masked and may be long; of each act it is found out whether it would be done; a
 * due date is computed from the whole timeline.
 */
const FIELD_COSTS: ReadonlyMap<string, number> = new Map([
  ['Attempt.requestXml', 50],
  ['Attempt.responseText', 50],
  ['Transfer.acts', 50],
  ['Discrepancy.acts', 50],
  ['Discrepancy.audit', 20],
  // Worked out from all that has happened to a dossier.
  ['Dossier.timeLedger', 20],
  ['Dossier.apologyProposal', 20],
  ['Dossier.deadline', 10],
])

/** Each deferred fragment is a part of its own, and each part that leaves looks at all that are still to come. */
const DEFER_COST = 20

/** What an operation is asked with; a value that is not known yet, or is none, is undefined. */
export type ValueOf = (value: ValueNode) => unknown

/** Before variables are known: what stands in one is counted as little as it can be, and again when they are (`query-limits.ts`). */
export const writtenValue: ValueOf = (value) => {
  if (value.kind === Kind.VARIABLE) return 1
  return value.kind === Kind.INT ? Number(value.value) : undefined
}

/** With the values of variables as GraphQL has read them: defaults among them. */
export const valueWith =
  (variables: Readonly<Record<string, unknown>>): ValueOf =>
  (value) =>
    value.kind === Kind.VARIABLE ? variables[value.name.value] : writtenValue(value)

interface Queried {
  readonly schema: GraphQLSchema
  fragment(name: string): FragmentDefinitionNode | null | undefined
  readonly valueOf: ValueOf
  /** Keys of an `_entities` field: counted once the variables are known, one before. */
  representations(field: FieldNode): number
}

const isList = (type: GraphQLOutputType): boolean => isListType(getNullableType(type))

/**
 * Fields that an answer can have, and the searches that it takes. What is a list is known by the schema, not by how the query is
 * written. A fragment's cost is worked out once for each number of lists that it stands in, so that fragments within fragments cost no time here.
 */
class CostCount {
  private readonly fragments = new Map<string, number>()

  constructor(private readonly queried: Queried) {}

  /** `lists`: how many lists without `first` it stands in, as far as that matters. */
  of(set: SelectionSetNode, on: GraphQLNamedType | null | undefined, lists = 0): number {
    let cost = 0
    for (const selection of set.selections) {
      if (selection.kind !== Kind.FIELD && selection.directives?.some(({ name }) => name.value === 'defer')) cost += DEFER_COST
      if (selection.kind === Kind.FRAGMENT_SPREAD) cost += this.ofFragment(selection.name.value, lists)
      else if (selection.kind === Kind.INLINE_FRAGMENT)
        cost += this.of(selection.selectionSet, selection.typeCondition ? this.type(selection.typeCondition.name.value) : on, lists)
      else if (!selection.name.value.startsWith('__')) cost += this.ofField(selection, on, lists)
    }
    return cost
  }

  private type(name: string): GraphQLNamedType | undefined {
    return this.queried.schema.getType(name)
  }

  private ofField(field: FieldNode, on: GraphQLNamedType | null | undefined, lists: number): number {
    const definition = isObjectType(on) ? on.getFields()[field.name.value] : undefined
    const own = FIELD_COSTS.get(`${on?.name}.${field.name.value}`) ?? 1
    if (!definition || !field.selectionSet) return own
    const type = getNamedType(definition.type)
    // The rows of a connection are counted by its `first`.
    if (isList(definition.type) && field.name.value !== 'edges' && field.name.value !== ENTITIES)
      return own + this.of(field.selectionSet, type, Math.min(lists + 1, DEEPEST)) * (USUAL_ROWS[lists] ?? 1)
    const inner = this.of(field.selectionSet, type, lists)
    if (definition.args.some(({ name }) => name === 'first')) return SEARCH_COST + inner * this.firstOf(field)
    return own + inner * (field.name.value === ENTITIES ? this.queried.representations(field) : 1)
  }

  private firstOf(field: FieldNode): number {
    const first = field.arguments?.find((argument) => argument.name.value === 'first')
    const rows = first && this.queried.valueOf(first.value)
    return typeof rows === 'number' ? Math.min(Math.max(1, rows), LARGEST_FIRST) : DEFAULT_FIRST
  }

  private ofFragment(name: string, lists: number): number {
    const key = `${name} ${lists}`
    const known = this.fragments.get(key)
    if (known !== undefined) return known
    this.fragments.set(key, 0)
    const definition = this.queried.fragment(name)
    const cost = definition ? this.of(definition.selectionSet, this.type(definition.typeCondition.name.value), lists) : 0
    this.fragments.set(key, cost)
    return cost
  }
}

/** What an operation costs; the unit is one field of an answer. */
export const costOf = ({ selectionSet, operation }: OperationDefinitionNode, queried: Queried): number =>
  new CostCount(queried).of(selectionSet, queried.schema.getRootType(operation))

export const fragmentsOf = ({ definitions }: DocumentNode): ReadonlyMap<string, FragmentDefinitionNode> =>
  new Map(definitions.flatMap((part) => (part.kind === Kind.FRAGMENT_DEFINITION ? [[part.name.value, part] as const] : [])))
