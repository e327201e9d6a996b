import { Arg, Ctx, Mutation, Resolver } from 'type-graphql'
import type { Permission } from '../access/permissions.js'
import { invalidInput } from '../errors.js'
import { type PlanAct, windowFaultOf } from '../model/replay-plan.js'
import { isUuid } from '../platform/keyset.js'
import { actOnce } from './answer-once.js'
import { CreateReplayPlanInput, ReplayPlanActInput } from './replay-plan.input.js'
import { requirePlan } from './replay-plan.resolver.js'
import { type ReplayPlanActAnswer, ReplayPlanActDone, ReplayPlanActResult } from './replay-plan.type.js'
import type { RequestContext } from './request-context.js'
import { readTransferFilter } from './transfer.resolver.js'
import { withoutNulls } from './without-nulls.js'

const act = async (
  context: RequestContext,
  operation: Permission,
  planAct: PlanAct,
  { clientKey, planId, reason, version }: ReplayPlanActInput,
): Promise<ReplayPlanActAnswer> => {
  if (!isUuid(planId)) throw invalidInput('PLAN_ID_INVALID', 'planId', 'Mã kế hoạch không đúng dạng.')
  return actOnce(
    context,
    { operation, clientKey, body: { planId, reason, version } },
    {
      perform: (by) => context.deps.replayPlans.act({ planId, reason, version, ...by }, planAct),
      answer: async (repeated) => new ReplayPlanActDone({ plan: await requirePlan(context, planId), repeated }),
    },
  )
}

@Resolver()
export class ReplayPlanActResolver {
  @Mutation(() => ReplayPlanActResult, {
    description:
      'Lập kế hoạch gửi lại - freezes all transfers that the filter matches now, each with its digest and state; refused with how many when there are too many',
  })
  async createReplayPlan(
    @Arg('input', () => CreateReplayPlanInput, { description: 'Nội dung' }) input: CreateReplayPlanInput,
    @Ctx() context: RequestContext,
  ): Promise<ReplayPlanActAnswer> {
    const { clientKey, filter, everything, ...plan } = input
    const fault = windowFaultOf(plan.windowFrom ?? null, plan.windowTo ?? null)
    if (fault) throw invalidInput(fault.reason, fault.field, fault.message)
    // As JSON keeps it: instants are texts.
    const asked = JSON.parse(JSON.stringify(withoutNulls(filter))) as Record<string, unknown>
    return actOnce(
      context,
      { operation: 'createReplayPlan', clientKey, body: { ...plan, filter: asked, ...(everything && { everything }) } },
      {
        perform: async (by) =>
          context.deps.replayPlans.create({
            plan: {
              name: plan.name,
              reason: plan.reason,
              kind: plan.kind,
              perSecond: plan.perSecond ?? null,
              windowFrom: plan.windowFrom ?? null,
              windowTo: plan.windowTo ?? null,
              stopAtFailureShare: plan.stopAtFailureShare ?? null,
              stopAfterSettled: plan.stopAfterSettled,
            },
            filter: await readTransferFilter(filter, context),
            asked,
            everything,
            scope: context.scope,
            ...by,
          }),
        keep: ({ planId }) => ({ planId }),
        answer: async (repeated, { planId }) => new ReplayPlanActDone({ plan: await requirePlan(context, planId), repeated }),
      },
    )
  }

  @Mutation(() => ReplayPlanActResult, {
    description: 'Chạy thử - what would become of each transfer, without sending anything; takes an approval away',
  })
  async dryRunReplayPlan(
    @Arg('input', () => ReplayPlanActInput, { description: 'Nội dung' }) input: ReplayPlanActInput,
    @Ctx() context: RequestContext,
  ): Promise<ReplayPlanActAnswer> {
    return act(context, 'dryRunReplayPlan', 'DRY_RUN', input)
  }

  @Mutation(() => ReplayPlanActResult, { description: 'Duyệt kế hoạch - by another person than who has made it' })
  async approveReplayPlan(
    @Arg('input', () => ReplayPlanActInput, { description: 'Nội dung' }) input: ReplayPlanActInput,
    @Ctx() context: RequestContext,
  ): Promise<ReplayPlanActAnswer> {
    return act(context, 'approveReplayPlan', 'APPROVE', input)
  }

  @Mutation(() => ReplayPlanActResult, {
    description: 'Cho chạy - acts on what the dry run has found fit, by due date; the rest is left out with its reason',
  })
  async startReplayPlan(
    @Arg('input', () => ReplayPlanActInput, { description: 'Nội dung' }) input: ReplayPlanActInput,
    @Ctx() context: RequestContext,
  ): Promise<ReplayPlanActAnswer> {
    return act(context, 'startReplayPlan', 'START', input)
  }

  @Mutation(() => ReplayPlanActResult, { description: 'Tạm dừng - no further transfer goes; what is queued comes to its end' })
  async pauseReplayPlan(
    @Arg('input', () => ReplayPlanActInput, { description: 'Nội dung' }) input: ReplayPlanActInput,
    @Ctx() context: RequestContext,
  ): Promise<ReplayPlanActAnswer> {
    return act(context, 'pauseReplayPlan', 'PAUSE', input)
  }

  @Mutation(() => ReplayPlanActResult, {
    description: 'Cho chạy tiếp - a paused plan, or one that has stopped itself; its failures are counted anew',
  })
  async resumeReplayPlan(
    @Arg('input', () => ReplayPlanActInput, { description: 'Nội dung' }) input: ReplayPlanActInput,
    @Ctx() context: RequestContext,
  ): Promise<ReplayPlanActAnswer> {
    return act(context, 'resumeReplayPlan', 'RESUME', input)
  }

  @Mutation(() => ReplayPlanActResult, {
    description: 'Hủy kế hoạch - what has not gone does not go any more; what has gone keeps its result',
  })
  async cancelReplayPlan(
    @Arg('input', () => ReplayPlanActInput, { description: 'Nội dung' }) input: ReplayPlanActInput,
    @Ctx() context: RequestContext,
  ): Promise<ReplayPlanActAnswer> {
    return act(context, 'cancelReplayPlan', 'CANCEL', input)
  }
}
