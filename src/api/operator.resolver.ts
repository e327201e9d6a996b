import { Arg, Ctx, Mutation, Resolver } from 'type-graphql'
import { actOnce } from './answer-once.js'
import type { ActResult, TransferAct } from './dependencies.js'
import type { TransferActAnswer } from './mutation-result.type.js'
import { TransferActDone, TransferActResult } from './mutation-result.type.js'
import type { RequestContext } from './request-context.js'
import { ConfirmOutcomeInput, TransferActInput } from './transfer.input.js'
import { requireTransfer } from './transfer.resolver.js'

/** One act of a named person, once for the client's key, on a transfer within their scope. */
export const actOnTransfer = async (
  context: RequestContext,
  operation: 'replayTransfer' | 'confirmOutcome' | 'abandonTransfer' | 'supersedeTransfer' | 'approveAmendment' | 'declineAmendment',
  input: TransferActInput,
  perform: (request: TransferAct) => Promise<ActResult>,
): Promise<TransferActAnswer> => {
  const transfer = await requireTransfer(context, input.transferId, 'transferId')
  const { clientKey, ...body } = input
  return actOnce(
    context,
    { operation, clientKey, body },
    {
      perform: (by) =>
        perform({
          transferId: transfer.id,
          reason: input.reason,
          ...by,
          ...(input.expectedVersion != null && { expectedVersion: input.expectedVersion }),
        }),
      keep: ({ replacedBy }) => ({ replacedBy: replacedBy ?? null }),
      answer: async (repeated, { replacedBy }) =>
        new TransferActDone({ transfer: await requireTransfer(context, replacedBy ?? transfer.id), repeated }),
    },
  )
}

@Resolver()
export class OperatorResolver {
  @Mutation(() => TransferActResult, {
    description:
      'Gửi lại - puts a refused, exhausted, waiting or held transfer back in line; for an adoption that is not there (ADOPT_ABSENT) a sending is planned in its place, and answered',
  })
  async replayTransfer(
    @Arg('input', () => TransferActInput, { description: 'Nội dung' }) input: TransferActInput,
    @Ctx() context: RequestContext,
  ): Promise<TransferActAnswer> {
    return actOnTransfer(context, 'replayTransfer', input, (request) => context.deps.operator.replay(request))
  }

  @Mutation(() => TransferActResult, { description: 'Xác nhận kết quả - says what became of a sending that nobody could tell' })
  async confirmOutcome(
    @Arg('input', () => ConfirmOutcomeInput, { description: 'Nội dung' }) input: ConfirmOutcomeInput,
    @Ctx() context: RequestContext,
  ): Promise<TransferActAnswer> {
    const externalRef = input.externalRef ?? undefined
    return actOnTransfer(context, 'confirmOutcome', input, (request) =>
      context.deps.operator.confirm({ ...request, happened: input.happened, ...(externalRef && { externalRef }) }),
    )
  }

  @Mutation(() => TransferActResult, {
    description:
      'Hủy lượt liên thông - it is not sent any more and lets the next one pass; those that make no sense without it are held (PREDECESSOR_MISSING)',
  })
  async abandonTransfer(
    @Arg('input', () => TransferActInput, { description: 'Nội dung' }) input: TransferActInput,
    @Ctx() context: RequestContext,
  ): Promise<TransferActAnswer> {
    return actOnTransfer(context, 'abandonTransfer', input, (request) => context.deps.operator.abandon(request))
  }

  @Mutation(() => TransferActResult, {
    description:
      'Thay lượt liên thông - a new transfer with the dossier as its sources say it now takes the place of one that was refused, held, exhausted, waits or was given up; the answer is the new one',
  })
  async supersedeTransfer(
    @Arg('input', () => TransferActInput, { description: 'Nội dung' }) input: TransferActInput,
    @Ctx() context: RequestContext,
  ): Promise<TransferActAnswer> {
    return actOnTransfer(context, 'supersedeTransfer', input, (request) => context.deps.operator.supersede(request))
  }
}
