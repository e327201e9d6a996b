import { buildSubgraphSchema } from '@apollo/subgraph'
import type { DocumentNode, GraphQLFieldResolver, GraphQLResolveInfo, GraphQLSchema, ValidationRule } from 'graphql'
import { GraphQLError, graphqlSync, Kind, parse, printSchema, visit } from 'graphql'
import { createResolversMap } from 'type-graphql'
import { CACHE_HINTS } from './cache-hints.js'
import { entityReferences, isReference, unknownEntity } from './entity-references.js'

/**
 * The schema as a Federation 2 subgraph: `_service` and `_entities` beside what front ends ask, so that a router composes dossiers and land with
 * other services' graphs (fees, archives). What a representation reaches is what the same caller's query reaches (`entity-references.ts`).
 * What others need not know of stays out of the public SDL (`schema/gateway.graphql`); `npm run schema:subgraph` prints the one with keys.
 */
const LINKS = parse(`
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@shareable"])
  directive @cacheControl(maxAge: Int, scope: CacheControlScope, inheritMaxAge: Boolean) on FIELD_DEFINITION | OBJECT | INTERFACE | UNION
  enum CacheControlScope { PUBLIC PRIVATE }
`)
const MARKS = parse(`
  extend type Dossier @key(fields: "code") @key(fields: "id")
  extend type Parcel @key(fields: "communeCode mapSheetNumber parcelNumber")
  extend type Certificate @key(fields: "serialNumber")
  extend type PageInfo @shareable
  ${CACHE_HINTS}
`)

/** Marks stand at the types' own definitions: `@shareable` at an extension would count for the fields of that extension alone. */
const marked = (document: DocumentNode): DocumentNode => {
  const marks = new Map(
    MARKS.definitions.flatMap((node) => (node.kind === Kind.OBJECT_TYPE_EXTENSION ? [[node.name.value, node.directives] as const] : [])),
  )
  return visit(document, {
    ObjectTypeDefinition: (node) => ({ ...node, directives: [...(node.directives ?? []), ...(marks.get(node.name.value) ?? [])] }),
  })
}

/** What the builder takes; type-graphql writes the same map down in wider types. */
type Resolvers = Exclude<Extract<Parameters<typeof buildSubgraphSchema>[0], readonly unknown[]>[number], DocumentNode>['resolvers']

/** Where one of the entities stands in the answer. */
const entryOf = (info: GraphQLResolveInfo, place: number): GraphQLResolveInfo => ({
  ...info,
  path: { prev: info.path, key: place, typename: undefined },
})

export const asSubgraph = (schema: GraphQLSchema): GraphQLSchema => {
  const subgraph = buildSubgraphSchema([
    { typeDefs: marked(parse(printSchema(schema), { noLocation: true })), resolvers: createResolversMap(schema) as Resolvers },
    { typeDefs: LINKS, resolvers: entityReferences },
  ])
  const entities = subgraph.getQueryType()?.getFields()._entities
  const resolveAll = entities?.resolve as GraphQLFieldResolver<unknown, unknown, unknown, readonly unknown[]> | undefined
  if (!entities || !resolveAll) throw new Error('the subgraph has no entities')
  // One at a time within one turn of the loop: a bad reference fails alone, and the loaders still see all of them together.
  entities.resolve = (source, { representations }: { representations: readonly unknown[] }, context, info) =>
    representations.map((reference, place) =>
      isReference(reference) ? resolveAll(source, { representations: [reference] }, context, entryOf(info, place))[0] : unknownEntity(),
    )
  return subgraph
}

/** What a router's operator composes from: the SDL with keys, as `_service` answers it. */
export const printSubgraph = (subgraph: GraphQLSchema): string => {
  const { data, errors } = graphqlSync({ schema: subgraph, source: '{ _service { sdl } }' })
  if (errors?.[0]) throw errors[0]
  return (data as { _service: { sdl: string } })._service.sdl
}

/** `_service` tells the whole schema: closed where introspection is. */
export const noSubgraphSdl: ValidationRule = (context) => ({
  Field: (node) => {
    if (node.name.value !== '_service' || context.getParentType() !== context.getSchema().getQueryType()) return
    context.reportError(
      new GraphQLError('Cổng này không cho đọc lược đồ.', {
        nodes: [node],
        extensions: { code: 'INVALID_INPUT', reason: 'QUERY_INTROSPECTION_OFF' },
      }),
    )
  },
})
