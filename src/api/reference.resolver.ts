import { Arg, Ctx, Query, Resolver } from 'type-graphql'
import { requirePermission } from '../access/permissions.js'
import { listProcedures, listUnits, readToday } from '../dossier/reference-reads-repository.js'
import { AdministrativeUnit, Procedure } from './reference.type.js'
import type { RequestContext } from './request-context.js'
import { LocalDateScalar } from './scalars.js'

@Resolver()
export class ReferenceResolver {
  @Query(() => [Procedure], { description: 'Danh mục thủ tục hành chính' })
  async procedures(@Ctx() { caller, deps }: RequestContext): Promise<Procedure[]> {
    requirePermission(caller, 'procedures')
    return listProcedures(deps.db)
  }

  @Query(() => [AdministrativeUnit], { description: 'Danh mục đơn vị hành chính có hiệu lực vào một ngày' })
  async administrativeUnits(
    @Arg('on', () => LocalDateScalar, { nullable: true, description: 'Ngày; mặc định hôm nay' }) on: string | null,
    @Ctx() { caller, deps }: RequestContext,
  ): Promise<AdministrativeUnit[]> {
    requirePermission(caller, 'administrativeUnits')
    return listUnits(deps.db, on ?? (await readToday(deps.db)))
  }
}
