import { findDossierByCode } from '../dossier/dossier-reads-repository.js'
import type { DossierRow } from '../dossier/dossier-row.js'
import { readNow } from '../dossier/reference-reads-repository.js'
import { GatewayError } from '../errors.js'
import type { InboundPayload } from '../model/inbound.js'
import { answerOnce } from './answer-once.js'
import type { CheckedDocument } from './document-intake.js'
import { requireDossier } from './dossier-query.resolver.js'
import type { DossierChangeAnswer } from './mutation-result.type.js'
import { DossierAccepted, InputRefused } from './mutation-result.type.js'
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
  const { operation, clientKey, dossierCode, payload, documents } = change
  return answerOnce(
    context,
    { operation, clientKey, body: { dossierCode, payload } },
    {
      perform: async () => {
        for (const document of documents) await deps.keepDocument(document.bytes)
        return deps.receive({
          source: 'GATEWAY',
          channel: 'API',
          operation,
          externalEventId: `${eventIdsOf(caller.subject)}${clientKey}`,
          dossierCode,
          eventAt: (await readNow(deps.db)).toISOString(),
          payload,
          raw: JSON.stringify(payload),
          correlationId: context.correlationId,
        })
      },
      keep: ({ messageId }) => ({ messageId }),
      refuse: ({ reason, message, field }) => new InputRefused({ reason, message, field }),
      answer: async (repeated, { messageId }) => {
        const row = await findDossierByCode(deps.db, context.scope, dossierCode)
        return new DossierAccepted({ dossierCode, messageId, repeated, dossier: row && context.present.dossier(row) })
      },
    },
  )
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
