import { ApolloArmor } from '@escape.tech/graphql-armor'
import type {
  DocumentNode,
  FieldNode,
  GraphQLResolveInfo,
  GraphQLSchema,
  OperationDefinitionNode,
  ValidationContext,
  ValidationRule,
} from 'graphql'
import { BREAK, GraphQLError, getArgumentValues, getVariableValues, Kind, responsePathAsArray, visit } from 'graphql'
import type { QueryLimits } from './dependencies.js'
import { costOf, ENTITIES, fragmentsOf, valueWith, writtenValue } from './query-cost.js'
import { textRule } from './readable-text.js'

const refusalOf = (reason: string, figures: Readonly<Record<string, number>> = {}) => ({
  extensions: { code: 'INVALID_INPUT', reason, ...figures, http: { status: 400 } },
})
const refusal = (reason: string, message: string, figures?: Readonly<Record<string, number>>): GraphQLError =>
  new GraphQLError(message, refusalOf(reason, figures))

const inWords = (count: number): string => new Intl.NumberFormat('vi-VN').format(count)

const tooCostly = (cost: number, maxCost: number): GraphQLError =>
  refusal(
    'QUERY_TOO_COSTLY',
    `Câu truy vấn có thể lấy đến ${inWords(cost)} trường, nhiều nhất là ${inWords(maxCost)}: hãy giảm số dòng (first), số trường hoặc số danh sách lồng nhau.`,
    { cost, maxCost },
  )

/**
 * Of an answer that turns out to be too much (`answer-rows.ts`). It stands where the answer was found to be: one that has its place is passed on by GraphQL as it is,
 * and not made anew for each field that is missing.
 */
export const tooManyRows = ({ rows, maxCost }: { rows: number; maxCost: number }, { fieldNodes, path }: GraphQLResolveInfo): GraphQLError =>
  new GraphQLError(
    `Câu trả lời đã có ${inWords(rows)} dòng, nhiều nhất là ${inWords(maxCost)}: hãy giảm số dòng (first) hoặc số danh sách lồng nhau.`,
    { ...refusalOf('QUERY_TOO_COSTLY', { rows, maxCost }), nodes: fieldNodes, path: responsePathAsArray(path) },
  )

const costRule =
  (maxCost: number): ValidationRule =>
  (context: ValidationContext) => {
    const queried = {
      schema: context.getSchema(),
      fragment: (name: string) => context.getFragment(name),
      valueOf: writtenValue,
      representations: () => 1,
    }
    return {
      OperationDefinition: (operation) => {
        const cost = costOf(operation, queried)
        if (cost > maxCost) context.reportError(tooCostly(cost, maxCost))
      },
    }
  }

/** Documents are kept when they have been read once, and looked at once. */
const known = new WeakMap<DocumentNode, boolean>()

/** Whether what it costs hangs on its variables: it asks for entities, or the size of a list stands in one. */
const hangsOnVariables = (document: DocumentNode): boolean => {
  let hangs = known.get(document)
  if (hangs !== undefined) return hangs
  hangs = false
  const found = (): typeof BREAK => {
    hangs = true
    return BREAK
  }
  visit(document, {
    Field: ({ name }) => (name.value === ENTITIES ? found() : undefined),
    Argument: ({ name, value }) => (name.value === 'first' && value.kind === Kind.VARIABLE ? found() : undefined),
  })
  known.set(document, hangs)
  return hangs
}

/**
 * What no rule can see before an operation runs: what it costs with its variables, and how many entities it asks for. Throws the refusal. Variables that do not fit
 * are refused where they are used.
 */
export const checkCost = (
  { schema, document, operation }: { schema: GraphQLSchema; document: DocumentNode; operation: OperationDefinitionNode },
  variables: Readonly<Record<string, unknown>>,
  { maxCost, maxRepresentations }: QueryLimits,
): void => {
  if (!hangsOnVariables(document)) return
  const { coerced } = getVariableValues(schema, operation.variableDefinitions ?? [], variables)
  const entities = schema.getQueryType()?.getFields()[ENTITIES]
  if (!coerced) return
  const fragments = fragmentsOf(document)
  let asked = 0
  const representations = (field: FieldNode): number => {
    const { length } = entities ? (getArgumentValues(entities, field, coerced).representations as readonly unknown[]) : []
    asked += length
    return length
  }
  const cost = costOf(operation, { schema, fragment: (name) => fragments.get(name), valueOf: valueWith(coerced), representations })
  if (asked > maxRepresentations)
    throw refusal('QUERY_TOO_MANY_REPRESENTATIONS', `Một câu truy vấn tra cứu theo khóa nhiều nhất ${maxRepresentations} mục.`, {
      asked,
      maxRepresentations,
    })
  if (cost > maxCost) throw tooCostly(cost, maxCost)
}

/**
 * Rules that refuse a query before it runs: depth, aliases and directives by graphql-armor, cost by a count of ours (armor's does not
 * know a list by its type). Tokens are counted by the parser (`maxTokens`).
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
