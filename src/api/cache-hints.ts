import type { ApolloServerPlugin, GraphQLRequestContextExecutionDidStart, GraphQLRequestListener } from '@apollo/server'
import { ApolloServerPluginCacheControl } from '@apollo/server/plugin/cacheControl'
import type { GraphQLNamedType } from 'graphql'
import { getNamedType, Kind } from 'graphql'
import type { RequestContext } from './request-context.js'

/**
 * Which answers may be kept, and for how long: those of reference data alone, which is the same for everyone and names nobody. Every
 * other answer is `no-store`: a part of it without a hint, an error in it, a deferred part.
 */
export const CACHE_HINTS = `
  extend type Procedure @cacheControl(maxAge: 3600, scope: PUBLIC)
  extend type AdministrativeUnit @cacheControl(maxAge: 3600, scope: PUBLIC)
  extend type UnitSuccession @cacheControl(maxAge: 3600, scope: PUBLIC)
`

const hasHint = (type: GraphQLNamedType): boolean => type.astNode?.directives?.some(({ name }) => name.value === 'cacheControl') ?? false

/** A field at the root without a hint, or a fragment there, makes the whole answer one that is not kept. */
const mayBeKept = ({ operation, schema }: GraphQLRequestContextExecutionDidStart<RequestContext>): boolean => {
  const fields = schema.getRootType(operation.operation)?.getFields() ?? {}
  return operation.selectionSet.selections.every((selection) => {
    if (selection.kind !== Kind.FIELD) return false
    const field = fields[selection.name.value]
    return field === undefined || hasHint(getNamedType(field.type))
  })
}

/**
 * Apollo's plugin, asked only about answers that may be kept: it looks at every single field, which would cost a list of 100 dossiers half
 * as much again to be told that it may not be. What it says nothing of must not be kept (`answer-headers.ts`).
 */
export const cacheHints = (): ApolloServerPlugin<RequestContext> => {
  const apollos: ApolloServerPlugin<RequestContext> = ApolloServerPluginCacheControl()
  return {
    ...apollos,
    requestDidStart: async (request) => {
      let listener: GraphQLRequestListener<RequestContext> | undefined
      return {
        executionDidStart: async (started) => {
          if (!mayBeKept(started)) return
          listener = (await apollos.requestDidStart?.(request)) ?? {}
          return listener.executionDidStart?.(started)
        },
        willSendResponse: async (answered) => listener?.willSendResponse?.(answered),
      }
    },
  }
}
