import type { GraphQLError, GraphQLFieldResolver, GraphQLSchema } from 'graphql'
import { defaultFieldResolver, getNamedType, getNullableType, isLeafType, isListType, isObjectType } from 'graphql'
import type { AnswerStep } from './answer-steps.js'
import { RequestContext } from './request-context.js'

type Resolve = GraphQLFieldResolver<unknown, unknown>

const counting =
  (resolve: Resolve): Resolve =>
  (source, args, context, info) => {
    if (!(context instanceof RequestContext)) return resolve(source, args, context, info)
    context.rows.goOn()
    return context.rows.read(() => resolve(source, args, context, info), info)
  }

const stopping =
  (resolve: Resolve): Resolve =>
  (source, args, context, info) => {
    if (context instanceof RequestContext) context.rows.goOn()
    return resolve(source, args, context, info)
  }

/**
 * Has the rows of a schema's answers counted, and its answers end. Only lists of objects are counted, not every field, and objects alone are no longer asked for in an
 * answer that has ended: their fields go with them. Acts are left as they are: each of a mutation's fields is done or refused for itself.
 */
export const countRows = (schema: GraphQLSchema): GraphQLSchema => {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__') || type === schema.getMutationType()) continue
    for (const field of Object.values(type.getFields())) {
      if (isLeafType(getNamedType(field.type))) continue
      const resolve = field.resolve ?? defaultFieldResolver
      field.resolve = isListType(getNullableType(field.type)) ? counting(resolve) : stopping(resolve)
    }
  }
  return schema
}

const keepOneOfEach = (errors: readonly GraphQLError[]): void => {
  const each = new Set(errors)
  // Apollo formats what is left in its list.
  if (each.size < errors.length) (errors as GraphQLError[]).splice(0, errors.length, ...each)
}

/** The one error of an answer that has ended stands at each field that is missing for it, and is told once. */
export const endOnce: AnswerStep = {
  didEncounterErrors: ({ errors }) => keepOneOfEach(errors),
  didEncounterSubsequentErrors: (_context, errors) => keepOneOfEach(errors),
}
