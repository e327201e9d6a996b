import { Arg, Args, Ctx, FieldResolver, ID, Int, Query, Resolver, Root, Subscription } from 'type-graphql'
import { requirePermission } from '../access/permissions.js'
import { invalidInput, notFound } from '../errors.js'
import { type ReplayPlanState, remainingSecondsOf } from '../model/replay-plan.js'
import { countPlans, findPlan, PLAN_ORDER, searchPlans } from '../operator/replay-plan-repository.js'
import { countByState, countRows, type PlanCounts, readRows } from '../operator/replay-row-repository.js'
import { COUNT_LIMIT, isUuid, totalCount } from '../platform/keyset.js'
import { countTransfersUpTo } from '../transfer/transfer-search-repository.js'
import { connectionOf, PageArgs } from './connection.type.js'
import { ReplayPlanStateEnum } from './enums.js'
import { followByLooking } from './follow-by-looking.js'
import { ReplayPlanRowArgs } from './replay-plan.input.js'
import {
  ReplayForecastCount,
  ReplayPlan,
  ReplayPlanConnection,
  ReplayPlanPreview,
  ReplayPlanRow,
  ReplayPlanRowConnection,
  ReplayResultCount,
} from './replay-plan.type.js'
import type { RequestContext } from './request-context.js'
import { TransferFilterInput } from './transfer.input.js'
import { readTransferFilter, requireTransfer } from './transfer.resolver.js'
import { Transfer } from './transfer.type.js'

export const requirePlan = async ({ deps, present }: RequestContext, id: string): Promise<ReplayPlan> => {
  if (!isUuid(id)) throw invalidInput('PLAN_ID_INVALID', 'id', 'Mã kế hoạch không đúng dạng.')
  const row = await findPlan(deps.db, id)
  if (!row) throw notFound(`kế hoạch gửi lại ${id}`)
  return present.replayPlan(row)
}

const counted = new WeakMap<ReplayPlan, Promise<PlanCounts>>()
/** Counted once for all fields of one answer. */
const countsOf = (plan: ReplayPlan, { deps }: RequestContext): Promise<PlanCounts> => {
  const known = counted.get(plan) ?? countRows(deps.db, plan.id)
  counted.set(plan, known)
  return known
}

const cursorOf = (position: number): string => Buffer.from(`row|${position}`).toString('base64url')

const positionOf = (cursor: string | null | undefined): number => {
  if (cursor == null) return 0
  const [name, position = ''] = Buffer.from(cursor, 'base64url').toString().split('|')
  if (name !== 'row' || !/^\d{1,9}$/.test(position)) throw invalidInput('CURSOR_INVALID', 'after', 'Vị trí trang không hợp lệ.')
  return Number(position)
}

/** Looks every second: no event tells of a plan, whose rows change by the hundred. */
const followPlan = async ({ args, context }: { readonly args: { readonly id: string }; readonly context: RequestContext }) => {
  requirePermission(context.caller, 'replayPlanChanged')
  await requirePlan(context, args.id)
  return followByLooking(async () => {
    const plan = await requirePlan(context, args.id)
    // How long ago something was is another each second.
    const { lately: _, ...counts } = await countsOf(plan, context)
    return { payload: plan, mark: JSON.stringify([plan.version, counts, plan.outsideWindow]) }
  })
}

@Resolver(() => ReplayPlan)
export class ReplayPlanResolver {
  @Query(() => ReplayPlanConnection, { description: 'Danh sách kế hoạch gửi lại - newest first' })
  async replayPlans(
    @Arg('states', () => [ReplayPlanStateEnum], { nullable: true, description: 'Trạng thái' }) given: ReplayPlanState[] | null,
    @Args(() => PageArgs) { first, after }: PageArgs,
    @Ctx() context: RequestContext,
  ): Promise<ReplayPlanConnection> {
    requirePermission(context.caller, 'replayPlans')
    const { db } = context.deps
    const states = given ?? undefined
    return connectionOf({
      page: await searchPlans(db, states, { first, after: after ?? undefined }),
      order: PLAN_ORDER,
      at: (row) => row.createdAt,
      after,
      node: (row) => context.present.replayPlan(row),
      count: async () => totalCount(await countPlans(db, states, COUNT_LIMIT)),
    })
  }

  @Query(() => ReplayPlan, { nullable: true, description: 'Kế hoạch gửi lại theo khóa. NOT_FOUND when there is none.' })
  async replayPlan(@Arg('id', () => ID, { description: 'Khóa' }) id: string, @Ctx() context: RequestContext): Promise<ReplayPlan> {
    requirePermission(context.caller, 'replayPlan')
    return requirePlan(context, id)
  }

  @Query(() => ReplayPlanPreview, { description: 'Xem trước: how many transfers a filter would freeze now' })
  async replayPlanPreview(
    @Arg('filter', () => TransferFilterInput, { description: 'Điều kiện' }) input: TransferFilterInput,
    @Ctx() context: RequestContext,
  ): Promise<ReplayPlanPreview> {
    requirePermission(context.caller, 'replayPlanPreview')
    const { db, replayPlans } = context.deps
    const filter = await readTransferFilter(input, context)
    const found = await countTransfersUpTo(db, context.scope, filter, replayPlans.maxRows)
    return {
      count: Math.min(found, replayPlans.maxRows),
      countIsExact: found <= replayPlans.maxRows,
      approvalAbove: replayPlans.approvalAbove,
      byOutcome: await countByState(db, context.scope, filter, replayPlans.maxRows),
    }
  }

  @FieldResolver(() => String, {
    description: 'Điều kiện bằng lời; persons are hidden from who may not see them, and a cause is told by its title',
  })
  async filterText(@Root() { causeIds, filterIn }: ReplayPlan, @Ctx() { loaders, present }: RequestContext): Promise<string> {
    const causes = await Promise.all(causeIds.map((id) => loaders.causes.load(id.toLowerCase())))
    return filterIn(causeIds.map((id, at) => (causes[at] ? `“${present.cause(causes[at]).title}”` : id)))
  }

  @FieldResolver(() => [ReplayForecastCount], { description: 'Số lượt theo dự báo của lần chạy thử' })
  async forecasts(@Root() plan: ReplayPlan, @Ctx() context: RequestContext): Promise<readonly ReplayForecastCount[]> {
    return (await countsOf(plan, context)).forecasts
  }

  @FieldResolver(() => [ReplayResultCount], { description: 'Số lượt theo kết quả' })
  async results(@Root() plan: ReplayPlan, @Ctx() context: RequestContext): Promise<readonly ReplayResultCount[]> {
    return (await countsOf(plan, context)).results
  }

  @FieldResolver(() => Int, {
    nullable: true,
    description: 'Còn khoảng bao lâu, seconds, of the dry run or the run, as it goes since it last stood still; null: nobody can say',
  })
  async remainingSeconds(@Root() plan: ReplayPlan, @Ctx() context: RequestContext): Promise<number | null> {
    if (plan.outsideWindow) return null
    const { results, unseen, lately } = await countsOf(plan, context)
    const open = results.reduce((sum, { result, count }) => sum + (result === 'WAITING' || result === 'QUEUED' ? count : 0), 0)
    const elapsedS = (plan.now.getTime() - plan.lastActAt.getTime()) / 1_000
    return remainingSecondsOf({ ...plan, unseen, open, lately, elapsedS })
  }

  @FieldResolver(() => ReplayPlanRowConnection, { description: 'Các lượt, in the order in which they go' })
  async rows(
    @Root() plan: ReplayPlan,
    @Args(() => ReplayPlanRowArgs) { first, after, forecast, result }: ReplayPlanRowArgs,
    @Ctx() { deps, present }: RequestContext,
  ): Promise<ReplayPlanRowConnection> {
    const asked = { after: positionOf(after), forecast: forecast ?? undefined, result: result ?? undefined }
    const rows = await readRows(deps.db, plan.id, { ...asked, first: first + 1 })
    const edges = rows.slice(0, first).map((row) => ({ cursor: cursorOf(row.position), node: present.replayRow(plan.id, row) }))
    return {
      edges,
      pageInfo: {
        hasNextPage: rows.length > first,
        hasPreviousPage: after != null,
        startCursor: edges[0]?.cursor ?? null,
        endCursor: edges.at(-1)?.cursor ?? null,
      },
    }
  }

  @Subscription(() => ReplayPlan, {
    description: 'Theo dõi kế hoạch - as it is now, and again whenever it or its counts have changed, once a second at most',
    subscribe: (data) => followPlan(data as Parameters<typeof followPlan>[0]),
  })
  replayPlanChanged(
    @Root() plan: ReplayPlan,
    @Arg('id', () => ID, { description: 'Khóa' }) _id: string,
    @Ctx() context: RequestContext,
  ): ReplayPlan {
    context.renewLoaders()
    return plan
  }
}

@Resolver(() => ReplayPlanRow)
export class ReplayPlanRowResolver {
  @FieldResolver(() => Transfer, { description: 'Lượt liên thông, as it is now' })
  async transfer(@Root() { transferId }: ReplayPlanRow, @Ctx() context: RequestContext): Promise<Transfer> {
    return requireTransfer(context, transferId)
  }

  @FieldResolver(() => String, { nullable: true, description: 'Vì sao dự báo như vậy, personal data masked as in the transfer' })
  async forecastReason(@Root() row: ReplayPlanRow, @Ctx() context: RequestContext): Promise<string | null> {
    return reasonOf(row, row.told.forecast, context)
  }

  @FieldResolver(() => String, { nullable: true, description: 'Vì sao có kết quả như vậy, personal data masked as in the transfer' })
  async resultReason(@Root() row: ReplayPlanRow, @Ctx() context: RequestContext): Promise<string | null> {
    return reasonOf(row, row.told.result, context)
  }
}

/** It may quote the other side, so it is shown as the transfer's own last error is. */
const reasonOf = async ({ transferId }: ReplayPlanRow, told: string | null, context: RequestContext): Promise<string | null> => {
  if (told === null) return null
  const { applicantName } = await requireTransfer(context, transferId)
  return context.present.failure(told, applicantName)
}
