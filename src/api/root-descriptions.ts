import type { GraphQLSchema } from 'graphql'

/** What the roots of the schema are; type-graphql makes them without a word. */
export const describeRoots = (schema: GraphQLSchema): GraphQLSchema => {
  const roots = [
    [schema.getQueryType(), 'Truy vấn - what can be read. A part that a foreign system has to tell says how fresh it is.'],
    [
      schema.getMutationType(),
      'Thao tác - what can be done. Each carries a `clientKey` of the caller: sent again it is done once; an expected refusal is a member of its result union.',
    ],
    [
      schema.getSubscriptionType(),
      'Theo dõi - committed changes as they happen, over graphql-ws on the same address; a client that comes back with its last event id misses none.',
    ],
  ] as const
  for (const [root, description] of roots) if (root) root.description = description
  return schema
}
