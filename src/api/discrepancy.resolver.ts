import { Arg, Args, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql'
import { may, requirePermission } from '../access/permissions.js'
import { invalidInput, notFound } from '../errors.js'
import { DISCREPANCY_ACTS } from '../model/discrepancy.js'
import { notOfferedInEnglish } from '../model/refusals-english.js'
import { searchAuditEntries } from '../operator/audit-search-repository.js'
import { isUuid } from '../platform/keyset.js'
import {
  countDiscrepancies,
  DISCREPANCY_ORDER,
  type DiscrepancyFilter,
  searchDiscrepancies,
  showDiscrepancy,
} from '../reconciliation/discrepancy-search-repository.js'
import { AuditEntry } from './audit.type.js'
import { connectionOf, PageArgs } from './connection.type.js'
import { DiscrepancyFilterInput } from './discrepancy.input.js'
import { AllowedDiscrepancyAct, Discrepancy, DiscrepancyConnection } from './discrepancy.type.js'
import { Dossier } from './dossier.type.js'
import { readDossierConditions } from './read-dossier-conditions.js'
import type { RequestContext } from './request-context.js'
import { withoutNulls } from './without-nulls.js'

/** Throws NOT_FOUND when there is none that the caller may see. */
export const requireDiscrepancy = async ({ deps, scope, present }: RequestContext, id: string, field = 'id'): Promise<Discrepancy> => {
  if (!isUuid(id)) throw invalidInput('DISCREPANCY_ID_INVALID', field, 'Mã sai lệch không đúng dạng.')
  const row = await showDiscrepancy(deps.db, id, scope)
  if (!row) throw notFound(`sai lệch đối soát ${id}`)
  return present.discrepancy(row)
}

/** Throws INVALID_INPUT. */
export const readDiscrepancyFilter = (input: DiscrepancyFilterInput | null, context: RequestContext): DiscrepancyFilter => {
  const given = withoutNulls(input ?? new DiscrepancyFilterInput())
  if (given.runId !== undefined && !isUuid(given.runId))
    throw invalidInput('RUN_ID_INVALID', 'filter.runId', 'Mã lượt đối soát không đúng dạng.')
  if (given.batchId !== undefined && !isUuid(given.batchId))
    throw invalidInput('BATCH_ID_INVALID', 'filter.batchId', 'Mã đợt xử lý không đúng dạng.')
  const { procedureCode, textFindsPersons } = readDossierConditions(
    {
      ...(given.text !== undefined && { text: given.text }),
      ...(given.procedureCode !== undefined && { procedureCode: given.procedureCode }),
    },
    context,
  )
  const { procedureCode: _full, dossierCode, ...others } = given
  return {
    ...others,
    textFindsPersons,
    ...(procedureCode !== undefined && { procedureCode }),
    ...(dossierCode !== undefined && { dossierCode: dossierCode.trim() }),
  }
}

/** Acts of one discrepancy that are shown with it. */
const AUDIT_SHOWN = 50

@Resolver(() => Discrepancy)
export class DiscrepancyResolver {
  @Query(() => DiscrepancyConnection, {
    description: 'Danh sách sai lệch đối soát - newest first, of communes that the caller may see',
  })
  async discrepancies(
    @Arg('filter', () => DiscrepancyFilterInput, { nullable: true, description: 'Điều kiện' }) input: DiscrepancyFilterInput | null,
    @Args(() => PageArgs) { first, after }: PageArgs,
    @Ctx() context: RequestContext,
  ): Promise<DiscrepancyConnection> {
    requirePermission(context.caller, 'discrepancies')
    const { deps, scope, present } = context
    const filter = readDiscrepancyFilter(input, context)
    return connectionOf({
      page: await searchDiscrepancies(deps.db, filter, scope, { first, after: after ?? undefined }),
      order: DISCREPANCY_ORDER,
      at: (row) => row.createdAt,
      after,
      node: (row) => present.discrepancy(row),
      count: () => countDiscrepancies(deps.db, filter, scope),
    })
  }

  @Query(() => Discrepancy, {
    nullable: true,
    description: 'Sai lệch đối soát theo khóa. NOT_FOUND when there is none that the caller may see.',
  })
  async discrepancy(@Arg('id', () => ID, { description: 'Khóa' }) id: string, @Ctx() context: RequestContext): Promise<Discrepancy> {
    requirePermission(context.caller, 'discrepancy')
    return requireDiscrepancy(context, id)
  }

  @FieldResolver(() => Dossier, { nullable: true, description: 'Hồ sơ; null: the gateway has none' })
  async dossier(@Root() { dossierId }: Discrepancy, @Ctx() { loaders, present }: RequestContext): Promise<Dossier | null> {
    const row = dossierId === null ? null : await loaders.dossiers.load(dossierId)
    return row && present.dossier(row)
  }

  @FieldResolver(() => [AllowedDiscrepancyAct], { description: 'Các thao tác, and why one is not allowed now' })
  async acts(@Root() { id }: Discrepancy, @Ctx() context: RequestContext): Promise<AllowedDiscrepancyAct[]> {
    const { caller, loaders, language } = context
    if (!may(caller, 'repairHere'))
      return DISCREPANCY_ACTS.map((act) => ({
        act,
        allowed: false,
        reasonCode: 'FORBIDDEN',
        reason: context.spoken({ reason: 'FORBIDDEN', message: 'Tài khoản của bạn không có quyền dùng chức năng này.' }),
        operations: [],
      }))
    return (await loaders.discrepancyActs.load(id)).map(({ act, refusal, operations }) => ({
      act,
      allowed: refusal === undefined,
      reasonCode: refusal?.reason ?? null,
      reason: refusal ? (language === 'en' ? notOfferedInEnglish(refusal) : refusal.message) : null,
      operations,
    }))
  }

  @FieldResolver(() => [AuditEntry], { nullable: true, description: 'Nhật ký thao tác, the newest 50; null: not for this role' })
  async audit(@Root() { id }: Discrepancy, @Ctx() { caller, deps, present }: RequestContext): Promise<AuditEntry[] | null> {
    if (!may(caller, 'Discrepancy.audit')) return null
    const page = await searchAuditEntries(deps.db, { discrepancyId: id }, { first: AUDIT_SHOWN, after: undefined })
    return page.rows.map((row) => present.auditEntry(row))
  }
}

@Resolver(() => Dossier)
export class DossierDiscrepancyResolver {
  @FieldResolver(() => [Discrepancy], {
    nullable: true,
    description: 'Sai lệch đối soát chưa đóng của hồ sơ, newest first; null: not for this role',
  })
  async discrepancies(@Root() { id }: Dossier, @Ctx() { caller, loaders, present }: RequestContext): Promise<Discrepancy[] | null> {
    if (!may(caller, 'Dossier.discrepancies')) return null
    return (await loaders.discrepancies.load(id)).map((row) => present.discrepancy(row))
  }
}
