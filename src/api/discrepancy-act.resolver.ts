import { Arg, Ctx, Mutation, Resolver } from 'type-graphql'
import type { Permission } from '../access/permissions.js'
import type { DiscrepancyActResult as Acted, DiscrepancyActRequest } from '../operator/act-on-discrepancy.js'
import { actOnce } from './answer-once.js'
import { DiscrepancyActInput } from './discrepancy.input.js'
import { requireDiscrepancy } from './discrepancy.resolver.js'
import { type DiscrepancyActAnswer, DiscrepancyActDone, DiscrepancyActResult } from './discrepancy.type.js'
import type { RequestContext } from './request-context.js'

/** Once for the client's key, on one that the caller may see. */
const act = async (
  context: RequestContext,
  operation: Permission,
  input: DiscrepancyActInput,
  perform: (request: DiscrepancyActRequest) => Promise<Acted>,
): Promise<DiscrepancyActAnswer> => {
  const { clientKey, discrepancyId, reason, expectedVersion } = input
  await requireDiscrepancy(context, discrepancyId, 'discrepancyId')
  return actOnce(
    context,
    { operation, clientKey, body: { discrepancyId, reason, expectedVersion } },
    {
      perform: (by) => perform({ discrepancyId, reason, version: expectedVersion, ...by }),
      answer: async (repeated) => new DiscrepancyActDone({ discrepancy: await requireDiscrepancy(context, discrepancyId), repeated }),
    },
  )
}

@Resolver()
export class DiscrepancyActResolver {
  @Mutation(() => DiscrepancyActResult, {
    description:
      'Sửa ở cổng liên thông - what they hold is taken as told by them, or their feed is read again; a later run verifies it. They are asked once more first: STALE_WRITE when they hold something else by now, the error UPSTREAM_UNAVAILABLE when they cannot be read (nothing was changed: send the same request again)',
  })
  async repairHere(
    @Arg('input', () => DiscrepancyActInput, { description: 'Nội dung' }) input: DiscrepancyActInput,
    @Ctx() context: RequestContext,
  ): Promise<DiscrepancyActAnswer> {
    return act(context, 'repairHere', input, (request) => context.deps.reconciliation.repairHere(request))
  }

  @Mutation(() => DiscrepancyActResult, {
    description:
      'Gửi lại cho bên kia - what we hold is sent as ordinary transfers; a later run verifies it. They are asked once more first, as for `repairHere`',
  })
  async repairThere(
    @Arg('input', () => DiscrepancyActInput, { description: 'Nội dung' }) input: DiscrepancyActInput,
    @Ctx() context: RequestContext,
  ): Promise<DiscrepancyActAnswer> {
    return act(context, 'repairThere', input, (request) => context.deps.reconciliation.repairThere(request))
  }

  @Mutation(() => DiscrepancyActResult, {
    description: 'Bỏ qua sai lệch - these values are let stand; other values make it a suspicion again',
  })
  async ignoreDiscrepancy(
    @Arg('input', () => DiscrepancyActInput, { description: 'Nội dung' }) input: DiscrepancyActInput,
    @Ctx() context: RequestContext,
  ): Promise<DiscrepancyActAnswer> {
    return act(context, 'ignoreDiscrepancy', input, (request) => context.deps.reconciliation.ignore(request))
  }
}
