import { Ctx, Query, Resolver } from 'type-graphql'
import { requirePermission } from '../access/permissions.js'
import type { RequestContext } from './request-context.js'
import { SystemConnection } from './system-connection.type.js'

@Resolver()
export class SystemConnectionResolver {
  @Query(() => [SystemConnection], {
    description: 'Kiểm tra đường nối tới các hệ thống đang bật - looks at the address of each now, at most once in five seconds',
  })
  async systemConnections(@Ctx() { caller, deps }: RequestContext): Promise<readonly SystemConnection[]> {
    requirePermission(caller, 'systemConnections')
    return deps.probeSystems()
  }
}
