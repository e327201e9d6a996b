import { Arg, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql'
import { requirePermission } from '../access/permissions.js'
import { listProcedures, listUnits, readToday } from '../dossier/reference-reads-repository.js'
import { resolveCommune } from '../dossier/resolve-commune.js'
import { invalidInput } from '../errors.js'
import {
  AdministrativeUnit,
  AdministrativeUnitAmbiguous,
  AdministrativeUnitFound,
  AdministrativeUnitResolution,
  AdministrativeUnitUnknown,
  Procedure,
  UnitSuccession,
} from './reference.type.js'
import type { RequestContext } from './request-context.js'
import { LocalDateScalar } from './scalars.js'
import { withoutNulls } from './without-nulls.js'

const LONGEST_NAME = 100

@Resolver(() => AdministrativeUnit)
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

  @Query(() => AdministrativeUnitResolution, {
    description:
      'Mã, tên ấy là đơn vị hành chính nào: by code, name and day, as many of them as are known. What means more than one unit is answered with all of them.',
  })
  async resolveAdministrativeUnit(
    @Arg('code', () => String, { nullable: true, description: 'Mã, old or new' }) code: string | null,
    @Arg('name', () => String, { nullable: true, description: 'Tên, old or new, compared as in `CommuneInput`' }) name: string | null,
    @Arg('on', () => LocalDateScalar, { nullable: true, description: 'Vào ngày; null: of all times' }) on: string | null,
    @Ctx() { caller, deps }: RequestContext,
  ): Promise<AdministrativeUnitFound | AdministrativeUnitAmbiguous | AdministrativeUnitUnknown> {
    requirePermission(caller, 'resolveAdministrativeUnit')
    const asked = withoutNulls({ code: code?.trim() || null, name: name?.trim() || null, on })
    if (asked.code === undefined && asked.name === undefined) throw invalidInput('COMMUNE_MISSING', 'code', 'Phải có mã xã hoặc tên xã.')
    if ((asked.name ?? asked.code ?? '').length > LONGEST_NAME) throw invalidInput('COMMUNE_TOO_LONG', 'name', 'Tên xã dài nhất 100 ký tự.')
    const found = await resolveCommune(deps.db, asked)
    if (found.kind === 'FOUND') return new AdministrativeUnitFound({ unit: found.unit, today: [...found.today] })
    if (found.kind === 'AMBIGUOUS') return new AdministrativeUnitAmbiguous({ reason: found.reason, candidates: [...found.candidates] })
    return new AdministrativeUnitUnknown({ message: 'Không có đơn vị hành chính nào như vậy trong danh mục.' })
  }

  @FieldResolver(() => [UnitSuccession], { description: 'Các đơn vị kế thừa: one, or several after a split; none while it is in force' })
  async successors(@Root() { id }: AdministrativeUnit, @Ctx() { loaders }: RequestContext): Promise<UnitSuccession[]> {
    return (await loaders.unitSuccessors.load(id)).map(({ rule, ...unit }) => new UnitSuccession({ unit, rule }))
  }

  @FieldResolver(() => [UnitSuccession], { description: 'Hình thành từ các đơn vị: each whole, or with the rule of its part' })
  async predecessors(@Root() { id }: AdministrativeUnit, @Ctx() { loaders }: RequestContext): Promise<UnitSuccession[]> {
    return (await loaders.unitPredecessors.load(id)).map(({ rule, ...unit }) => new UnitSuccession({ unit, rule }))
  }
}
