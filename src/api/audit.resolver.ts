import { Arg, Args, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql'
import { requirePermission } from '../access/permissions.js'
import { invalidInput } from '../errors.js'
import { AUDIT_ORDER, countAuditEntries, searchAuditEntries } from '../operator/audit-search-repository.js'
import { isUuid } from '../platform/keyset.js'
import { AuditEntry, AuditEntryConnection, AuditFilterInput } from './audit.type.js'
import { FailureCause } from './cause.type.js'
import { connectionOf, PageArgs } from './connection.type.js'
import { checkActs } from './read-audit-filter.js'
import type { RequestContext } from './request-context.js'
import { withoutNulls } from './without-nulls.js'

@Resolver(() => AuditEntry)
export class AuditResolver {
  @Query(() => AuditEntryConnection, { description: 'Nhật ký thao tác - newest first; the same as a file: GET /export/audit.csv' })
  async auditEntries(
    @Arg('filter', () => AuditFilterInput, { nullable: true, description: 'Điều kiện' }) input: AuditFilterInput | null,
    @Args(() => PageArgs) { first, after }: PageArgs,
    @Ctx() { caller, deps, present }: RequestContext,
  ): Promise<AuditEntryConnection> {
    requirePermission(caller, 'auditEntries')
    const filter = withoutNulls(input ?? new AuditFilterInput())
    checkActs(filter.acts)
    if (filter.transferId !== undefined && !isUuid(filter.transferId))
      throw invalidInput('TRANSFER_ID_INVALID', 'filter.transferId', 'Mã lượt liên thông không đúng dạng.')
    if (filter.planId !== undefined && !isUuid(filter.planId))
      throw invalidInput('PLAN_ID_INVALID', 'filter.planId', 'Mã kế hoạch không đúng dạng.')
    if (filter.causeId !== undefined && !isUuid(filter.causeId))
      throw invalidInput('CAUSE_ID_INVALID', 'filter.causeId', 'Mã nguyên nhân không đúng dạng.')
    if (filter.discrepancyId !== undefined && !isUuid(filter.discrepancyId))
      throw invalidInput('DISCREPANCY_ID_INVALID', 'filter.discrepancyId', 'Mã sai lệch không đúng dạng.')
    if (filter.reconciliationRunId !== undefined && !isUuid(filter.reconciliationRunId))
      throw invalidInput('RUN_ID_INVALID', 'filter.reconciliationRunId', 'Mã lượt đối soát không đúng dạng.')
    return connectionOf({
      page: await searchAuditEntries(deps.db, filter, { first, after: after ?? undefined }),
      order: AUDIT_ORDER,
      at: (row) => row.at,
      after,
      node: (row) => present.auditEntry(row),
      count: () => countAuditEntries(deps.db, filter),
    })
  }

  @FieldResolver(() => FailureCause, { nullable: true, description: 'Nguyên nhân lỗi, as `causeId` names it' })
  async cause(@Root() { causeId }: AuditEntry, @Ctx() { loaders, present }: RequestContext): Promise<FailureCause | null> {
    const row = causeId === null ? undefined : await loaders.causes.load(causeId)
    return row ? present.cause(row) : null
  }
}
