import { Arg, Ctx, Mutation, Resolver } from 'type-graphql'
import type { InboundPayload } from '../model/inbound.js'
import { changeDossier, dossierToChange } from './change-dossier.js'
import type { CheckedDocument } from './document-intake.js'
import { checkDocuments } from './document-intake.js'
import { ConfirmResultReturnedInput, SubmitDossierInput, SupplementDossierInput, WithdrawDossierInput } from './dossier-change.input.js'
import type { DossierChangeAnswer } from './mutation-result.type.js'
import {
  ConfirmResultReturnedResult,
  InputRefused,
  SubmitDossierResult,
  SupplementDossierResult,
  WithdrawDossierResult,
} from './mutation-result.type.js'
import type { RequestContext } from './request-context.js'
import { submitDossier } from './submit-dossier.js'

interface Change {
  readonly operation: string
  readonly clientKey: string
  readonly dossierCode: string
  readonly payload: InboundPayload
  readonly documents?: readonly CheckedDocument[]
}

const changeKnown = async (context: RequestContext, change: Change): Promise<DossierChangeAnswer> => {
  const dossier = await dossierToChange(context, change.dossierCode)
  if (dossier instanceof InputRefused) return dossier
  const { payload } = change
  if (payload.kind === 'SUPPLEMENT_HANDED_IN' && payload.newDueAt !== undefined && new Date(payload.newDueAt) <= dossier.receivedAt)
    return new InputRefused({ reason: 'DUE_BEFORE_RECEPTION', field: 'newDueAt', message: 'Ngày hẹn trả mới phải sau ngày tiếp nhận.' })
  return changeDossier(context, { ...change, dossierCode: dossier.code, documents: change.documents ?? [] })
}

@Resolver()
export class DossierMutationResolver {
  @Mutation(() => SubmitDossierResult, { description: 'Nộp hồ sơ - hands a dossier in, or a newer version of it' })
  async submitDossier(
    @Arg('input', () => SubmitDossierInput, { description: 'Nội dung' }) input: SubmitDossierInput,
    @Ctx() context: RequestContext,
  ): Promise<DossierChangeAnswer> {
    return submitDossier(context, input)
  }

  @Mutation(() => SupplementDossierResult, { description: 'Nộp bổ sung - hands in what was asked for' })
  async supplementDossier(
    @Arg('input', () => SupplementDossierInput, { description: 'Nội dung' }) input: SupplementDossierInput,
    @Ctx() context: RequestContext,
  ): Promise<DossierChangeAnswer> {
    const documents = checkDocuments(input.documents, context.deps.limits.maxDocumentBytes)
    if (documents instanceof InputRefused) return documents
    const payload: InboundPayload = {
      kind: 'SUPPLEMENT_HANDED_IN',
      note: input.note,
      documents: documents.map((document) => document.content),
      ...(input.supplementNo != null && { supplementNo: input.supplementNo }),
      ...(input.newDueAt != null && { newDueAt: input.newDueAt.toISOString() }),
    }
    return changeKnown(context, {
      operation: 'supplementDossier',
      clientKey: input.clientKey,
      dossierCode: input.dossierCode,
      payload,
      documents,
    })
  }

  @Mutation(() => WithdrawDossierResult, { description: 'Rút hồ sơ theo yêu cầu của công dân' })
  async withdrawDossier(
    @Arg('input', () => WithdrawDossierInput, { description: 'Nội dung' }) input: WithdrawDossierInput,
    @Ctx() context: RequestContext,
  ): Promise<DossierChangeAnswer> {
    const payload: InboundPayload = { kind: 'WITHDRAWN', reason: input.reason }
    return changeKnown(context, { operation: 'withdrawDossier', clientKey: input.clientKey, dossierCode: input.dossierCode, payload })
  }

  @Mutation(() => ConfirmResultReturnedResult, { description: 'Xác nhận đã trả kết quả' })
  async confirmResultReturned(
    @Arg('input', () => ConfirmResultReturnedInput, { description: 'Nội dung' }) input: ConfirmResultReturnedInput,
    @Ctx() context: RequestContext,
  ): Promise<DossierChangeAnswer> {
    const payload: InboundPayload = { kind: 'RESULT_RETURNED', method: input.method, note: input.note }
    return changeKnown(context, { operation: 'confirmResultReturned', clientKey: input.clientKey, dossierCode: input.dossierCode, payload })
  }
}
