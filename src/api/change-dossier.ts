import { findDossierByCode } from '../dossier/dossier-reads-repository.js'
import type { DossierRow } from '../dossier/dossier-row.js'
import { readNow } from '../dossier/reference-reads-repository.js'
import { GatewayError, inDoubt } from '../errors.js'
import { digestOf } from '../model/digest.js'
import type { InboundPayload } from '../model/inbound.js'
import type { CheckedDocument } from './document-intake.js'
import { requireDossier } from './dossier-query.resolver.js'
import type { DossierChangeAnswer } from './mutation-result.type.js'
import { ClientKeyReused, DossierAccepted, InputRefused } from './mutation-result.type.js'
import type { RequestContext } from './request-context.js'

/** What a front-end application wants changed, in the words of the inbox. */
export interface DossierChange {
  /** Name of the mutation. */
  readonly operation: string
  readonly clientKey: string
  readonly dossierCode: string
  readonly payload: InboundPayload
  readonly documents: readonly CheckedDocument[]
}

/** How the event ids of one caller begin. A subject may hold a slash, and so may a key: written so, no two callers' ids are the same. */
export const eventIdsOf = (subject: string): string => `${encodeURIComponent(subject)}/`

/**
 * A change from a front-end application goes the way of everything that a system tells us: its attachments are kept, then one
 * message is stored in the inbox, once for the client's key. The event's identity is that key, so that a repetition after
 * a lost answer finds what was stored.
 */
export const changeDossier = async (context: RequestContext, change: DossierChange): Promise<DossierChangeAnswer> => {
  const { deps, caller } = context
  const digest = digestOf({ operation: change.operation, dossierCode: change.dossierCode, payload: change.payload })
  const once = await deps.once({ caller: caller.subject, key: change.clientKey, digest }, async () => {
    for (const document of change.documents) await deps.keepDocument(document.bytes)
    const receipt = await deps.receive({
      source: 'GATEWAY',
      channel: 'API',
      operation: change.operation,
      externalEventId: `${eventIdsOf(caller.subject)}${change.clientKey}`,
      dossierCode: change.dossierCode,
      eventAt: (await readNow(deps.db)).toISOString(),
      payload: change.payload,
      raw: JSON.stringify(change.payload),
      correlationId: context.correlationId,
    })
    return receipt.kind === 'REFUSED'
      ? { messageId: receipt.messageId, reason: receipt.reason, message: receipt.message, field: receipt.field ?? null }
      : { messageId: receipt.messageId, reason: null, message: null, field: null }
  })
  if (once.kind === 'KEY_REUSED') return new ClientKeyReused()
  const { messageId, reason, message, field } = once.answer
  if (reason !== null && message !== null) return new InputRefused({ reason, message, field })
  const row = await findDossierByCode(deps.db, context.scope, change.dossierCode).catch((error: unknown) => {
    throw inDoubt(error)
  })
  return new DossierAccepted({
    dossierCode: change.dossierCode,
    messageId: messageId ?? '',
    repeated: once.repeated,
    dossier: row && context.present.dossier(row),
  })
}

/** The dossier that a change is for, or why there is none for this caller. */
export const dossierToChange = async (context: RequestContext, code: string): Promise<DossierRow | InputRefused> => {
  try {
    return await requireDossier(context, code)
  } catch (error) {
    if (!(error instanceof GatewayError) || (error.code !== 'NOT_FOUND' && error.code !== 'INVALID_INPUT')) throw error
    return new InputRefused({ reason: error.detail.reason ?? 'DOSSIER_NOT_FOUND', field: 'dossierCode', message: error.message })
  }
}
