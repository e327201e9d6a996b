import { ApolloArmor } from '@escape.tech/graphql-armor'
import type { FragmentDefinitionNode, SelectionSetNode, ValidationContext, ValidationRule } from 'graphql'
import { GraphQLError, Kind } from 'graphql'
import type { QueryLimits } from './dependencies.js'

const refusal = (reason: string, message: string): GraphQLError =>
  new GraphQLError(message, { extensions: { code: 'INVALID_INPUT', reason, http: { status: 400 } } })

/** A list's size: its `first`, 20 when it is left out, the most that is allowed when it stands in a variable. */
const DEFAULT_FIRST = 20
const LARGEST_FIRST = 100

/** Fields that an answer can have. A fragment's cost is worked out once, so that fragments within fragments cost no time here. */
class CostCount {
  private readonly fragments = new Map<string, number>()

  constructor(private readonly fragment: (name: string) => FragmentDefinitionNode | null | undefined) {}

  of(set: SelectionSetNode): number {
    let cost = 0
    for (const selection of set.selections) {
      if (selection.kind === Kind.FRAGMENT_SPREAD) cost += this.ofFragment(selection.name.value)
      else if (selection.kind === Kind.INLINE_FRAGMENT) cost += this.of(selection.selectionSet)
      else if (!selection.name.value.startsWith('__')) {
        const inner = selection.selectionSet ? this.of(selection.selectionSet) : 0
        const isConnection =
          selection.selectionSet?.selections.some((child) => child.kind === Kind.FIELD && child.name.value === 'edges') ?? false
        const first = selection.arguments?.find((argument) => argument.name.value === 'first')
        const size =
          first?.value.kind === Kind.INT ? Math.max(1, Number(first.value.value)) : first ? LARGEST_FIRST : isConnection ? DEFAULT_FIRST : 1
        cost += 1 + inner * size
      }
    }
    return cost
  }

  private ofFragment(name: string): number {
    const known = this.fragments.get(name)
    if (known !== undefined) return known
    this.fragments.set(name, 0)
    const definition = this.fragment(name)
    const cost = definition ? this.of(definition.selectionSet) : 0
    this.fragments.set(name, cost)
    return cost
  }
}

const costRule =
  (maxCost: number): ValidationRule =>
  (context: ValidationContext) => {
    const count = new CostCount((name) => context.getFragment(name))
    return {
      OperationDefinition: (operation) => {
        if (count.of(operation.selectionSet) > maxCost)
          context.reportError(refusal('QUERY_TOO_COSTLY', 'Câu truy vấn lấy quá nhiều dữ liệu, hãy giảm số dòng hoặc số trường.'))
      },
    }
  }

/**
 * Rules that refuse a query before it runs: depth, aliases and directives by graphql-armor, cost by a count of ours (armor's does not
 * see a `first` that stands in a variable). Tokens are counted by the parser (`maxTokens`).
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
  return [...armor.protect().validationRules, costRule(limits.maxCost)]
}
