import { Arg, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql'
import { may } from '../access/permissions.js'
import { invalidInput } from '../errors.js'
import {
  Amendment,
  AmendmentChangeInput,
  AmendmentCheck,
  type AmendmentDifference,
  AmendmentForm,
  AmendmentInvalid,
  AmendmentRevealed,
  type AmendTransferAnswer,
  AmendTransferInput,
  AmendTransferResult,
  type FieldFault,
  type RevealAmendmentAnswer,
  RevealAmendmentInput,
  RevealAmendmentResult,
} from './amendment.type.js'
import { actOnce } from './answer-once.js'
import type { TransferActAnswer } from './mutation-result.type.js'
import { ActRefused, TransferActDone, TransferActResult } from './mutation-result.type.js'
import { actOnTransfer } from './operator.resolver.js'
import { presentDifference, presentFault, presentLine, shownTo } from './present-amendment.js'
import type { RequestContext } from './request-context.js'
import { TransferActInput } from './transfer.input.js'
import { requireTransfer } from './transfer.resolver.js'
import { Transfer } from './transfer.type.js'

const MOST_CHANGES = 100
const changesOf = (inputs: readonly AmendmentChangeInput[]) => inputs.map(({ field, value }) => ({ field, value: value ?? null }))

const differencesOf = async (
  transfer: Transfer,
  { deps, loaders }: RequestContext,
  to: ReturnType<typeof shownTo>,
): Promise<AmendmentDifference[]> => {
  const row = await loaders.amendments.load(transfer.id)
  if (!row) return []
  const compared = await deps.operator.amendments.compare(transfer.id, row.differences)
  return compared.map((one) => presentDifference(one, to))
}

/** Sửa và gửi lại: the form of a transfer, what would come of it, the act, and the second person's word. */
@Resolver(() => Transfer)
export class AmendmentResolver {
  @FieldResolver(() => Amendment, {
    nullable: true,
    description: 'Nội dung sửa; null: it says what the sources say, or is not for the caller',
  })
  async amendment(@Root() transfer: Transfer, @Ctx() context: RequestContext): Promise<Amendment | null> {
    const { caller, loaders, present } = context
    if (transfer.origin === 'SOURCE' || !may(caller, 'Transfer.amendment')) return null
    const row = await loaders.amendments.load(transfer.id)
    if (!row) return null
    const { applicantName } = transfer
    const earlier = await loaders.earlierAmendments.load(transfer.id)
    return {
      earlier: earlier.map(({ transferId, amendedByName, amendedAt, decision, decidedByName }) => ({
        transferId,
        amendedBy: amendedByName,
        amendedAt,
        decision,
        decidedBy: decidedByName,
      })),
      viewerAmendedEarlier: earlier.some(({ amendedBy }) => amendedBy === caller.subject),
      amendedBy: row.amendedByName,
      amendedAt: row.amendedAt,
      reason: present.failure(row.reason, applicantName) ?? '',
      needsApproval: row.needsApproval,
      decision: row.decision,
      decidedBy: row.decidedByName,
      decidedAt: row.decidedAt,
      decisionReason: present.failure(row.decisionReason, applicantName),
      differences: await differencesOf(transfer, context, shownTo(caller, applicantName, context.language)),
    }
  }

  @FieldResolver(() => AmendmentForm, {
    nullable: true,
    description:
      'Biểu mẫu để sửa và gửi lại: each field of the body, its kind and limits, and whether it may be amended; null: not for the caller',
  })
  async amendmentForm(@Root() transfer: Transfer, @Ctx() context: RequestContext): Promise<AmendmentForm | null> {
    const { caller, deps } = context
    if (!may(caller, 'amendTransfer')) return null
    const form = await deps.operator.amendments.form(transfer.id)
    if ('kind' in form) return { fields: [], reason: context.spoken(form) }
    const to = shownTo(caller, transfer.applicantName, context.language)
    return {
      reason: null,
      fields: form.filter(({ field }) => field.kind !== 'FIXED' || !field.hidden).map((line) => presentLine(line, to)),
    }
  }

  @FieldResolver(() => AmendmentCheck, {
    nullable: true,
    description:
      'Kiểm tra trước khi sửa: what would be refused, field by field, and what would differ from the source; null: not for the caller',
  })
  async amendmentCheck(
    @Root() transfer: Transfer,
    @Arg('changes', () => [AmendmentChangeInput], { description: 'Các giá trị mới' }) changes: AmendmentChangeInput[],
    @Ctx() context: RequestContext,
  ): Promise<AmendmentCheck | null> {
    const { caller, deps } = context
    if (!may(caller, 'amendTransfer')) return null
    if (changes.length > MOST_CHANGES) throw invalidInput('TOO_MANY_CHANGES', 'changes', `Một lần sửa nhiều nhất ${MOST_CHANGES} trường.`)
    const { refusal, faults, differences } = await deps.operator.amendments.check(transfer.id, changesOf(changes))
    const to = shownTo(caller, transfer.applicantName, context.language)
    return {
      faults: faults.map((fault) => presentFault(fault, context.language)),
      differences: differences.map((one) => presentDifference(one, to)),
      reason: refusal ? context.spoken(refusal) : null,
    }
  }

  @Mutation(() => AmendTransferResult, {
    description:
      'Sửa và gửi lại - a new transfer with these values takes the place of one that was refused, held, exhausted, waits or was given up; it is HELD until another person approves it; the answer is the new one',
  })
  async amendTransfer(
    @Arg('input', () => AmendTransferInput, { description: 'Nội dung' }) input: AmendTransferInput,
    @Ctx() context: RequestContext,
  ): Promise<AmendTransferAnswer> {
    const transfer = await requireTransfer(context, input.transferId, 'transferId')
    const { clientKey, ...body } = input
    return actOnce(
      context,
      { operation: 'amendTransfer', clientKey, body },
      {
        perform: (by) =>
          context.deps.operator.amend({
            transferId: transfer.id,
            reason: input.reason,
            changes: changesOf(input.changes),
            ...by,
            ...(input.expectedVersion != null && { expectedVersion: input.expectedVersion }),
          }),
        keep: (result) =>
          result.kind === 'INVALID'
            ? { faults: JSON.stringify(result.faults), replacedBy: null }
            : { faults: null, replacedBy: result.replacedBy ?? null },
        answer: async (repeated, { faults, replacedBy }) =>
          faults === null
            ? new TransferActDone({ transfer: await requireTransfer(context, replacedBy ?? transfer.id), repeated })
            : invalid((JSON.parse(faults) as FieldFault[]).map((fault) => presentFault(fault, context.language))),
      },
    )
  }

  @Mutation(() => TransferActResult, {
    description: 'Duyệt nội dung sửa - by another person than the one who has amended it; then it goes in its turn',
  })
  async approveAmendment(
    @Arg('input', () => TransferActInput, { description: 'Nội dung' }) input: TransferActInput,
    @Ctx() context: RequestContext,
  ): Promise<TransferActAnswer> {
    return actOnTransfer(context, 'approveAmendment', input, (request) => context.deps.operator.approveAmendment(request))
  }

  @Mutation(() => TransferActResult, {
    description:
      'Không duyệt nội dung sửa - it is not sent and stays HELD (AMENDMENT_DECLINED) until it is amended again, superseded or given up',
  })
  async declineAmendment(
    @Arg('input', () => TransferActInput, { description: 'Nội dung' }) input: TransferActInput,
    @Ctx() context: RequestContext,
  ): Promise<TransferActAnswer> {
    return actOnTransfer(context, 'declineAmendment', input, (request) => context.deps.operator.declineAmendment(request))
  }

  @Mutation(() => RevealAmendmentResult, { description: 'Xem rõ nội dung sửa, with a reason; each look is audited' })
  async revealAmendment(
    @Arg('input', () => RevealAmendmentInput, { description: 'Nội dung' }) { transferId, reason }: RevealAmendmentInput,
    @Ctx() context: RequestContext,
  ): Promise<RevealAmendmentAnswer> {
    const transfer = await requireTransfer(context, transferId, 'transferId')
    if (transfer.origin === 'SOURCE')
      return new ActRefused({ reason: 'NOT_AMENDED', message: 'Không ai sửa nội dung của lượt này.', possibleFrom: null })
    await context.deps.operator.revealAmendment({ transferId: transfer.id, reason, actor: context.caller })
    const to = { clear: true, applicantName: transfer.applicantName, language: context.language }
    return new AmendmentRevealed({ transferId: transfer.id, differences: await differencesOf(transfer, context, to) })
  }
}

const invalid = (faults: FieldFault[]): AmendmentInvalid => {
  const sentences = faults.map(({ field, message }) => (field === null ? message : `${field}: ${message}`))
  return new AmendmentInvalid({ faults, message: sentences.join(' ') })
}
