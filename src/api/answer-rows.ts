import type { GraphQLFieldResolver, GraphQLSchema } from 'graphql'
import { defaultFieldResolver, getNamedType, getNullableType, isLeafType, isListType, isObjectType } from 'graphql'
import { tooCostly } from './query-limits.js'
import { RequestContext } from './request-context.js'

/** Counts what a list has brought, and throws once the answer has more rows than fields are allowed it. */
const counted = (context: RequestContext, rows: unknown): unknown => {
  if (Array.isArray(rows)) context.rows += rows.length
  if (context.rows > context.deps.limits.query.maxCost) throw tooCostly()
  return rows
}

const counting =
  (resolve: GraphQLFieldResolver<unknown, unknown>): GraphQLFieldResolver<unknown, unknown> =>
  (source, args, context, info) => {
    const rows = resolve(source, args, context, info)
    if (!(context instanceof RequestContext)) return rows
    return rows instanceof Promise ? rows.then((loaded) => counted(context, loaded)) : counted(context, rows)
  }

/**
 * Số dòng của một câu trả lời. Before a query runs nobody knows how long a list without `first` will be (`query-limits.ts` takes it to have a few rows),
 * and lists that lead back into each other (`transfers { dossier { transfers { … } } }`) multiply: five of them, of a dossier with thirty transfers,
 * are millions of rows. So rows are counted while they are read, and an answer ends where it has more of them than `maxCost` allows it fields.
 * Only lists of objects are looked at, not every field.
 */
export const countRows = (schema: GraphQLSchema): GraphQLSchema => {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue
    for (const field of Object.values(type.getFields()))
      if (isListType(getNullableType(field.type)) && !isLeafType(getNamedType(field.type)))
        field.resolve = counting(field.resolve ?? defaultFieldResolver)
  }
  return schema
}
