import { ApolloArmor } from '@escape.tech/graphql-armor'
import type {
  DocumentNode,
  FieldNode,
  FragmentDefinitionNode,
  GraphQLNamedType,
  GraphQLOutputType,
  GraphQLSchema,
  OperationDefinitionNode,
  SelectionSetNode,
  ValidationContext,
  ValidationRule,
} from 'graphql'
import { GraphQLError, getArgumentValues, getNamedType, getNullableType, getVariableValues, isListType, isObjectType, Kind } from 'graphql'
import type { QueryLimits } from './dependencies.js'
import { textRule } from './readable-text.js'

const refusal = (reason: string, message: string): GraphQLError =>
  new GraphQLError(message, { extensions: { code: 'INVALID_INPUT', reason, http: { status: 400 } } })

/** A connection's size: its `first`, 20 when it is left out, the most that is allowed when it stands in a variable. */
const DEFAULT_FIRST = 20
const LARGEST_FIRST = 100
/** Rows that a list without `first` (transfers, attempts, the timeline) is taken to have. */
const USUAL_ROWS = 3
/** Entities that a router asks for by key: as many as there are keys, which stand in a variable until it runs. */
const ENTITIES = '_entities'
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

const firstOf = (field: FieldNode): number => {
  const first = field.arguments?.find((argument) => argument.name.value === 'first')
  if (!first) return DEFAULT_FIRST
  return first.value.kind === Kind.INT ? Math.max(1, Number(first.value.value)) : LARGEST_FIRST
}

const isList = (type: GraphQLOutputType): boolean => isListType(getNullableType(type))

interface Queried {
  readonly schema: GraphQLSchema
  fragment(name: string): FragmentDefinitionNode | null | undefined
  /** Keys of an `_entities` field: counted once the variables are known, one before. */
  representations(field: FieldNode): number
}

/**
 * Fields that an answer can have, and the searches that it takes. What is a list is known by the schema, not by how the query is
 * written. A fragment's cost is worked out once, so that fragments within fragments cost no time here.
 */
class CostCount {
  private readonly fragments = new Map<string, number>()

  constructor(private readonly queried: Queried) {}

  of(set: SelectionSetNode, on: GraphQLNamedType | null | undefined): number {
    let cost = 0
    for (const selection of set.selections) {
      if (selection.kind !== Kind.FIELD && selection.directives?.some(({ name }) => name.value === 'defer')) cost += DEFER_COST
      if (selection.kind === Kind.FRAGMENT_SPREAD) cost += this.ofFragment(selection.name.value)
      else if (selection.kind === Kind.INLINE_FRAGMENT)
        cost += this.of(selection.selectionSet, selection.typeCondition ? this.type(selection.typeCondition.name.value) : on)
      else if (!selection.name.value.startsWith('__')) cost += this.ofField(selection, on)
    }
    return cost
  }

  private type(name: string): GraphQLNamedType | undefined {
    return this.queried.schema.getType(name)
  }

  private ofField(field: FieldNode, on: GraphQLNamedType | null | undefined): number {
    const definition = isObjectType(on) ? on.getFields()[field.name.value] : undefined
    const own = FIELD_COSTS.get(`${on?.name}.${field.name.value}`) ?? 1
    if (!definition || !field.selectionSet) return own
    const inner = this.of(field.selectionSet, getNamedType(definition.type))
    if (definition.args.some(({ name }) => name === 'first')) return SEARCH_COST + inner * firstOf(field)
    if (field.name.value === ENTITIES) return 1 + inner * this.queried.representations(field)
    // The rows of a connection are counted by its `first`.
    return own + inner * (isList(definition.type) && field.name.value !== 'edges' ? USUAL_ROWS : 1)
  }

  private ofFragment(name: string): number {
    const known = this.fragments.get(name)
    if (known !== undefined) return known
    this.fragments.set(name, 0)
    const definition = this.queried.fragment(name)
    const cost = definition ? this.of(definition.selectionSet, this.type(definition.typeCondition.name.value)) : 0
    this.fragments.set(name, cost)
    return cost
  }
}

/** Also of an answer that turns out to be too much (`answer-rows.ts`). */
export const tooCostly = (): GraphQLError =>
  refusal('QUERY_TOO_COSTLY', 'Câu truy vấn lấy quá nhiều dữ liệu, hãy giảm số dòng hoặc số trường.')

const costRule =
  (maxCost: number): ValidationRule =>
  (context: ValidationContext) => {
    const schema = context.getSchema()
    const count = new CostCount({ schema, fragment: (name) => context.getFragment(name), representations: () => 1 })
    return {
      OperationDefinition: (operation) => {
        if (count.of(operation.selectionSet, schema.getRootType(operation.operation)) > maxCost) context.reportError(tooCostly())
      },
    }
  }

const mayAskEntities = ({ selections }: SelectionSetNode): boolean =>
  selections.some((selection) => selection.kind !== Kind.FIELD || selection.name.value === ENTITIES)

/** What no rule can see before an operation runs: how many entities it asks for, and what they cost together. Throws the refusal. */
export const checkEntities = (
  { schema, document, operation }: { schema: GraphQLSchema; document: DocumentNode; operation: OperationDefinitionNode },
  variables: Readonly<Record<string, unknown>>,
  { maxCost, maxRepresentations }: QueryLimits,
): void => {
  if (operation.operation !== 'query' || !mayAskEntities(operation.selectionSet)) return
  const entities = schema.getQueryType()?.getFields()[ENTITIES]
  const { coerced } = getVariableValues(schema, operation.variableDefinitions ?? [], variables)
  // Variables that do not fit are refused where they are used.
  if (!entities || !coerced) return
  const fragments = new Map(
    document.definitions.flatMap((part) => (part.kind === Kind.FRAGMENT_DEFINITION ? [[part.name.value, part] as const] : [])),
  )
  let asked = 0
  const representations = (field: FieldNode): number => {
    const { length } = getArgumentValues(entities, field, coerced).representations as readonly unknown[]
    asked += length
    return length
  }
  const cost = new CostCount({ schema, fragment: (name) => fragments.get(name), representations }).of(
    operation.selectionSet,
    schema.getQueryType(),
  )
  if (asked > maxRepresentations)
    throw refusal('QUERY_TOO_MANY_REPRESENTATIONS', `Một câu truy vấn tra cứu theo khóa nhiều nhất ${maxRepresentations} mục.`)
  if (cost > maxCost) throw tooCostly()
}

/**
 * Rules that refuse a query before it runs: depth, aliases and directives by graphql-armor, cost by a count of ours (armor's does not
 * see a `first` that stands in a variable, nor a list by its type). Tokens are counted by the parser (`maxTokens`).
 */
export const limitRules = (limits: QueryLimits): ValidationRule[] => {
  const refuse = (reason: string, message: string) => ({
    propagateOnRejection: false,
    onReject: [(context: ValidationContext | null) => context?.reportError(refusal(reason, message))],
  })
  const armor = new ApolloArmor({
    maxDepth: { n: limits.maxDepth, flattenFragments: true, ...refuse('QUERY_TOO_DEEP', 'Câu truy vấn lồng quá nhiều tầng.') },
    maxAliases: { n: limits.maxAliases, ...refuse('QUERY_TOO_MANY_ALIASES', 'Câu truy vấn có quá nhiều bí danh.') },
    maxDirectives: { n: limits.maxDirectives, ...refuse('QUERY_TOO_MANY_DIRECTIVES', 'Câu truy vấn có quá nhiều chỉ thị.') },
    costLimit: { enabled: false },
    maxTokens: { enabled: false },
    blockFieldSuggestion: { enabled: false },
  })
  return [...armor.protect().validationRules, costRule(limits.maxCost), textRule]
}
