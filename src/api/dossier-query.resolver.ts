import { Arg, Args, Ctx, Query, Resolver } from 'type-graphql'
import { requirePermission } from '../access/permissions.js'
import { findDossierByCode } from '../dossier/dossier-reads-repository.js'
import type { DossierRow } from '../dossier/dossier-row.js'
import type { DossierFilter, DossierOrder } from '../dossier/dossier-search-repository.js'
import { countDossiers, DOSSIER_ORDERS, searchDossiers } from '../dossier/dossier-search-repository.js'
import { invalidInput, notFound } from '../errors.js'
import { isDossierCode } from '../model/dossier-code.js'
import { keepingPlans } from '../platform/kept-plans.js'
import { connectionOf, PageArgs } from './connection.type.js'
import { Dossier, DossierConnection } from './dossier.type.js'
import { DossierFilterInput, DossierOrderEnum } from './dossier-filter.input.js'
import { readCommunes } from './read-communes.js'
import { readDossierConditions } from './read-dossier-conditions.js'
import type { RequestContext } from './request-context.js'
import { withoutNulls } from './without-nulls.js'

const filterOf = async (input: DossierFilterInput, context: RequestContext): Promise<DossierFilter> => {
  const given = withoutNulls(input)
  return { ...given, ...readDossierConditions(given, context), ...(await readCommunes(given, context)), code: given.code?.trim() }
}

/** A page of dossiers within the caller's scope; every list of dossiers in the API is made here. */
export const listDossiers = async (
  context: RequestContext,
  filter: DossierFilter,
  order: DossierOrder,
  { first, after }: PageArgs,
): Promise<DossierConnection> => {
  const { db } = context.deps
  const page = await searchDossiers(db, context.scope, filter, order, { first, after: after ?? undefined })
  const byDueDate = order === 'DUE_AT_ASC' || order === 'DUE_AT_DESC'
  return connectionOf<DossierRow, Dossier>({
    page,
    order: DOSSIER_ORDERS[order],
    at: (row) => (byDueDate ? row.dueAt : row.receivedAt),
    after,
    node: (row) => context.present.dossier(row),
    count: () => countDossiers(db, context.scope, filter),
  })
}

/** The dossier of a code within the caller's scope. A code that is none and one that is not there are told apart. `field`: the caller's own name of the code. */
export const requireDossier = async (context: RequestContext, code: string, field = 'code'): Promise<DossierRow> => {
  const wanted = code.trim()
  const row = wanted.length <= 64 ? await findDossierByCode(keepingPlans(context.deps.db), context.scope, wanted) : null
  if (row) return row
  if (!isDossierCode(wanted))
    throw invalidInput('DOSSIER_CODE_INVALID', field, 'Mã hồ sơ không đúng dạng, ví dụ 000.00.22.H58-260315-0001 hoặc H58.22-260315-0001.')
  throw notFound(`hồ sơ ${wanted}`)
}

@Resolver()
export class DossierQueryResolver {
  @Query(() => Dossier, {
    nullable: true,
    description:
      'Hồ sơ theo mã - one dossier by its code, or by a code under which another system knows it. NOT_FOUND when there is none that the caller may see.',
  })
  async dossier(@Arg('code', () => String, { description: 'Mã hồ sơ' }) code: string, @Ctx() context: RequestContext): Promise<Dossier> {
    requirePermission(context.caller, 'dossier')
    return context.present.dossier(await requireDossier(context, code))
  }

  @Query(() => DossierConnection, { description: 'Danh sách hồ sơ - the dossiers that the caller may see, page by page' })
  async dossiers(
    @Arg('filter', () => DossierFilterInput, { nullable: true, description: 'Điều kiện' }) filter: DossierFilterInput | null,
    @Arg('orderBy', () => DossierOrderEnum, { defaultValue: 'RECEIVED_AT_DESC', description: 'Thứ tự' }) order: DossierOrder,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() context: RequestContext,
  ): Promise<DossierConnection> {
    requirePermission(context.caller, 'dossiers')
    return listDossiers(context, await filterOf(filter ?? new DossierFilterInput(), context), order, page)
  }
}
