import type { GraphQLNamedType, GraphQLSchema } from 'graphql'
import { getNamedType, isEnumType, isInputObjectType, isInterfaceType, isObjectType, isUnionType } from 'graphql'
import { removalDayOf } from './removal-day.js'

/**
 * What a schema promises on a day, as paths (`Dossier`, `Dossier.dueAt`, `Query.dossiers.first`): all that can be reached from its roots without
 * passing through something whose day of removal has come.
 */
export const promisedParts = (schema: GraphQLSchema, today: string): ReadonlySet<string> => {
  const parts = new Set<string>()
  const isPromised = ({ deprecationReason }: { readonly deprecationReason?: string | null }): boolean => {
    const day = removalDayOf(deprecationReason)
    return day === undefined || today < day
  }
  const visit = (type: GraphQLNamedType | null | undefined): void => {
    if (!type || parts.has(type.name)) return
    parts.add(type.name)
    if (isEnumType(type)) {
      for (const value of type.getValues()) if (isPromised(value)) parts.add(`${type.name}.${value.name}`)
    } else if (isUnionType(type)) for (const member of type.getTypes()) visit(member)
    else if (isInputObjectType(type)) {
      for (const field of Object.values(type.getFields()).filter(isPromised)) {
        parts.add(`${type.name}.${field.name}`)
        visit(getNamedType(field.type))
      }
    } else if (isObjectType(type) || isInterfaceType(type)) {
      for (const field of Object.values(type.getFields()).filter(isPromised)) {
        parts.add(`${type.name}.${field.name}`)
        visit(getNamedType(field.type))
        for (const argument of field.args.filter(isPromised)) {
          parts.add(`${type.name}.${field.name}.${argument.name}`)
          visit(getNamedType(argument.type))
        }
      }
      for (const one of type.getInterfaces()) visit(one)
      if (isInterfaceType(type)) for (const one of schema.getPossibleTypes(type)) visit(one)
    }
  }
  for (const root of [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()]) visit(root)
  return parts
}
