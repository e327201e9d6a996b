import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql'
import { may } from '../access/permissions.js'
import { explainTransfer } from '../model/explain-transfer.js'
import { notOfferedInEnglish } from '../model/refusals-english.js'
import { TRANSFER_ACTS } from '../model/transfer-acts.js'
import type { RequestContext } from './request-context.js'
import { shutOf } from './standing.js'
import { AllowedAct, TransferExplanation } from './standing.type.js'
import { Transfer } from './transfer.type.js'

/** How a transfer stands, for a person: what happened, and what he may do. */
@Resolver(() => Transfer)
export class StandingResolver {
  @FieldResolver(() => TransferExplanation, { description: 'Giải thích: what happened, whose side it is on, what to do' })
  async explanation(@Root() transfer: Transfer, @Ctx() context: RequestContext): Promise<TransferExplanation> {
    const { caller, loaders, language } = context
    const mayKnow = may(caller, 'Transfer.lastError')
    const [cause, ahead, shut] = await Promise.all([
      mayKnow && transfer.causeId !== null ? loaders.causeKeys.load(transfer.causeId) : null,
      loaders.firstBlockers.load(transfer.id),
      shutOf(transfer, context),
    ])
    return explainTransfer(
      { ...transfer, cause, ahead: ahead?.state ?? null, shut: shut?.kind ?? null, shutUntil: shut?.until ?? null },
      language,
    )
  }

  @FieldResolver(() => [AllowedAct], { description: 'Các thao tác, and whether each is allowed now; a person who acts is judged anew' })
  async acts(@Root() transfer: Transfer, @Ctx() context: RequestContext): Promise<AllowedAct[]> {
    const { caller, loaders } = context
    if (!may(caller, 'replayTransfer'))
      return TRANSFER_ACTS.map((act) => ({
        act,
        allowed: false,
        reasonCode: 'FORBIDDEN',
        reason: context.spoken({ reason: 'FORBIDDEN', message: 'Tài khoản của bạn không có quyền dùng chức năng này.' }),
        possibleFrom: null,
      }))
    const judged = await loaders.acts.load(transfer.id)
    return judged.map(({ act, refusal }) => ({
      act,
      allowed: refusal === undefined,
      reasonCode: refusal?.reason ?? null,
      reason: refusal ? (context.language === 'en' ? notOfferedInEnglish(refusal) : refusal.message) : null,
      possibleFrom: refusal?.possibleFrom === undefined ? null : new Date(refusal.possibleFrom),
    }))
  }
}
