import type { GraphQLSchema } from 'graphql'
import { PERMISSIONS, type Permission, requirePermission } from '../access/permissions.js'
import type { RequestContext } from './request-context.js'

const isPermission = (name: string): name is Permission => Object.hasOwn(PERMISSIONS, name)

/**
 * Quyền trước, nội dung sau: each mutation needs the permission of its own name, asked for before anything that was sent with it is looked at. Who may not do a thing
 * is told that, and not what is wrong with how they asked for it. A mutation without a permission of its name is refused at start.
 */
export const requireRights = (schema: GraphQLSchema): GraphQLSchema => {
  for (const field of Object.values(schema.getMutationType()?.getFields() ?? {})) {
    const { name, resolve } = field
    if (!isPermission(name) || !resolve) throw new Error(`the mutation ${name} has no permission of its name, or nothing that does it`)
    field.resolve = (source, args, context: RequestContext, info) => {
      requirePermission(context.caller, name)
      return resolve(source, args, context, info)
    }
  }
  return schema
}
