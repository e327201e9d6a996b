import { type GraphQLSchema, getNullableType, isUnionType } from 'graphql'
import { ArgumentValidationError } from 'type-graphql'
import { GatewayError } from '../errors.js'
import { readViolation } from './error-mapping.js'
import { InputRefused } from './mutation-result.type.js'

const refusalOf = (error: unknown): InputRefused | undefined => {
  if (error instanceof ArgumentValidationError) return new InputRefused(readViolation(error))
  if (!(error instanceof GatewayError) || error.code !== 'INVALID_INPUT') return undefined
  const { reason, field } = error.detail
  return new InputRefused({ reason: reason ?? error.code, field: field ?? null, message: error.message })
}

/**
 * Dữ liệu gửi lên trái quy định: what a mutation's input may not be, by a declared rule or by what the resolver makes of it, is an expected refusal. Its caller gets a
 * member of the result's union, with the field and the sentence; `errors` is for what GraphQL itself cannot read and for faults.
 */
export const refuseInputs = (schema: GraphQLSchema): GraphQLSchema => {
  for (const field of Object.values(schema.getMutationType()?.getFields() ?? {})) {
    const type = getNullableType(field.type)
    const { resolve } = field
    if (!resolve || !isUnionType(type) || !type.getTypes().some(({ name }) => name === InputRefused.name)) continue
    field.resolve = async (...request) => {
      try {
        return await resolve(...request)
      } catch (error) {
        const refused = refusalOf(error)
        if (!refused) throw error
        return refused
      }
    }
  }
  return schema
}
