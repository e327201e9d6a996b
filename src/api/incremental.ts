import type { ApolloServerOptions } from '@apollo/server'
import { execute as executeIncrementally } from '@graphql-tools/executor'
import type { DocumentNode } from 'graphql'
import { DirectiveLocation, execute, GraphQLBoolean, GraphQLDirective, GraphQLError, GraphQLNonNull, GraphQLString } from 'graphql'
import type { AnswerStep } from './answer-steps.js'
import type { RequestContext } from './request-context.js'

/**
 * Trả lời từng phần: `@defer` on a fragment lets what stands in it come later, in a part of its own (multipart/mixed), so that what a slow system has to tell
 * holds nobody up. It is obeyed for callers who accept `multipart/mixed; deferSpec=20220824`; all others get the whole answer at once. graphql-js 16 knows nothing of
 * it, so such a query runs on another executor, and no other query does.
 */
export const deferDirective = new GraphQLDirective({
  name: 'defer',
  description:
    'Trả sau: what stands in this fragment comes in a later part of the answer, when the caller accepts `multipart/mixed; deferSpec=20220824`; otherwise it has no effect',
  locations: [DirectiveLocation.FRAGMENT_SPREAD, DirectiveLocation.INLINE_FRAGMENT],
  args: {
    if: { type: new GraphQLNonNull(GraphQLBoolean), defaultValue: true, description: 'Có hoãn hay không' },
    label: { type: GraphQLString, description: 'Tên của phần: comes with it' },
  },
})

/** By its text: a word in a string or comment costs a slower executor, and nothing else. */
const mayDefer = ({ loc }: DocumentNode): boolean => loc === undefined || loc.source.body.includes('@defer')

/** Called by Apollo only for callers who accept parts. */
export const executeInParts: NonNullable<ApolloServerOptions<RequestContext>['legacyExperimentalExecuteIncrementally']> = (args) =>
  mayDefer(args.document) ? executeIncrementally<Record<string, unknown>>(args) : execute(args)

/** A mutation's fields run one after the other and its failure is told by the HTTP status: neither could hold for a part that comes later. */
export const deferOnlyInQueries: AnswerStep = {
  didResolveOperation: ({ operation, document }) => {
    if (operation?.operation !== 'mutation' || !mayDefer(document)) return
    throw new GraphQLError('@defer chỉ dùng được trong câu truy vấn đọc.', {
      extensions: { code: 'INVALID_INPUT', reason: 'QUERY_DEFERS_MUTATION', http: { status: 400 } },
    })
  },
}
