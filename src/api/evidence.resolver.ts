import { Arg, Ctx, FieldResolver, ID, Mutation, Resolver, Root } from 'type-graphql'
import { may } from '../access/permissions.js'
import { invalidInput, notFound } from '../errors.js'
import { isUuid } from '../platform/keyset.js'
import { actOnce } from './answer-once.js'
import { AttemptRevealed, type RevealAttemptAnswer, RevealAttemptInput, RevealAttemptResult } from './evidence.type.js'
import { ActRefused } from './mutation-result.type.js'
import type { RequestContext } from './request-context.js'
import { requireTransfer } from './transfer.resolver.js'
import { Attempt } from './transfer.type.js'

type Texts = 'requestXml' | 'responseText'

/** Masked for whoever asks: what is seen in clear is seen by an audited act. */
const maskedText = async (
  { id, systemId, applicantName }: Attempt,
  which: Texts,
  { caller, deps, loaders }: RequestContext,
): Promise<string | null> => {
  if (!may(caller, 'Attempt.evidence')) return null
  const text = (await loaders.evidence.load(id))?.[which]
  return text ? deps.showEvidence(systemId, text, { clear: false, names: [applicantName] }) : null
}

@Resolver(() => Attempt)
export class EvidenceResolver {
  @FieldResolver(() => ID, { nullable: true, description: 'Nguyên nhân; null: it has not failed' })
  causeId(@Root() { causeId }: Attempt, @Ctx() { caller }: RequestContext): string | null {
    return may(caller, 'causes') ? causeId : null
  }

  @FieldResolver(() => String, {
    nullable: true,
    description:
      'Yêu cầu đã gửi, one element a line, personal data masked (`revealAttempt` shows it); null: none was, its time is over, or it is not for the caller',
  })
  async requestXml(@Root() attempt: Attempt, @Ctx() context: RequestContext): Promise<string | null> {
    return maskedText(attempt, 'requestXml', context)
  }

  @FieldResolver(() => String, { nullable: true, description: 'Trả lời nhận được, shown in the same way' })
  async responseText(@Root() attempt: Attempt, @Ctx() context: RequestContext): Promise<string | null> {
    return maskedText(attempt, 'responseText', context)
  }

  @Mutation(() => RevealAttemptResult, { description: 'Xem nguyên văn một lần thử, with a reason; who has looked is audited' })
  async revealAttempt(
    @Arg('input', () => RevealAttemptInput, { description: 'Nội dung' }) input: RevealAttemptInput,
    @Ctx() context: RequestContext,
  ): Promise<RevealAttemptAnswer> {
    const { caller, deps, loaders, present } = context
    const { clientKey, reason } = input
    if (!isUuid(input.attemptId)) throw invalidInput('ATTEMPT_ID_INVALID', 'attemptId', 'Mã lần thử không đúng dạng.')
    const row = await loaders.attemptsById.load(input.attemptId.toLowerCase())
    if (!row) throw notFound(`lần thử ${input.attemptId}`)
    const transfer = await requireTransfer(context, row.transferId)
    let seen: Awaited<ReturnType<typeof deps.operator.revealAttempt>> | undefined
    const look = async () => {
      seen = await deps.operator.revealAttempt({ attemptId: row.id, reason, actor: caller })
      return seen
    }
    const clear = (text: string | null): string | null =>
      text === null ? null : deps.showEvidence(transfer.systemId, text, { clear: true, names: [] })
    return actOnce(
      context,
      { operation: 'revealAttempt', clientKey, body: { attemptId: row.id, reason } },
      {
        perform: look,
        answer: async (repeated) => {
          // What the key keeps are words of ours alone: a repetition is a look of its own, and in the audit as one.
          const shown = seen ?? (await look())
          if (shown.kind === 'REFUSED') return new ActRefused({ reason: shown.reason, message: shown.message, possibleFrom: null })
          const { requestXml, responseText } = shown
          return new AttemptRevealed({
            attempt: present.attempt(row, transfer),
            requestXml: clear(requestXml),
            responseText: clear(responseText),
            repeated,
          })
        },
      },
    )
  }
}
