import { inDoubt } from '../errors.js'
import type { InboundMessage } from '../model/inbound.js'
import { isRefusedByServer } from '../platform/database.js'
import type { InboundReceipt, ReceiveInbound } from '../ports/inbound.js'
import {
  type Applied,
  type ApplyDependencies,
  applyPending,
  readRefusal,
  UNWRITABLE_REFUSAL,
  UNWRITABLE_SENTENCE,
} from './apply-pending.js'
import { readMessageState, type StoredMessage, storeMessage, storeUnreadable } from './inbox-repository.js'

/**
 * Nhận thông điệp: the one way in, for callbacks, pushes, polls and our own mutations. First stored and committed, then applied at
 * once in a second transaction. When that one fails (a deadlock, a lost connection) the message stays STORED and the
 * sweep applies it: the sender is told "received" all the same, since it is. When storing fails this throws, unless no column can hold what it says: the
 * sender is told so, for it would send the same again and again, and what a system has told is kept as it came.
 */
export interface ReceiveDependencies extends ApplyDependencies {
  /** Told after each application: the relay has work. */
  readonly onApplied: () => void
  readonly onApplyError: (error: unknown, messageId: string) => void
}

export const createReceiver =
  (deps: ReceiveDependencies): ReceiveInbound =>
  async (message) => {
    const stored = await storeOrKeepRaw(deps, message)
    if (!stored) return { kind: 'REFUSED', messageId: '', ...readRefusal(UNWRITABLE_REFUSAL) }
    let applied: Applied | undefined
    if (stored.state === 'STORED') {
      try {
        applied = (await applyPending(deps, message.dossierCode)).get(stored.id)
        deps.onApplied()
      } catch (error) {
        deps.onApplyError(error, stored.id)
        return { kind: 'STORED', messageId: stored.id }
      }
    }
    return receiptOf(message, stored, applied ?? (await readState(deps, stored.id)))
  }

/** Of one that was not applied here and now: somebody else has, or had before. */
const readState = ({ db }: ReceiveDependencies, id: string): Promise<Applied> =>
  readMessageState(db, id).catch((error: unknown) => {
    throw inDoubt(error)
  })

const storeOrKeepRaw = async (deps: ReceiveDependencies, message: InboundMessage): Promise<StoredMessage | undefined> => {
  try {
    return await storeMessage(deps.db, message)
  } catch (error) {
    if (!isRefusedByServer(error)) throw error
    const { source, channel, operation, raw, externalEventId, correlationId } = message
    if (channel !== 'API' && source !== 'GATEWAY')
      await storeUnreadable(deps.db, { source, channel, operation, raw, externalEventId, correlationId, reason: UNWRITABLE_SENTENCE })
    return undefined
  }
}

const receiptOf = ({ channel }: InboundMessage, { id: messageId, fresh }: StoredMessage, { state, reason }: Applied): InboundReceipt => {
  const refused = state === 'REFUSED' || ((state === 'CONFLICT' || state === 'DISMISSED') && channel !== 'POLL')
  if (refused) return { kind: 'REFUSED', messageId, ...readRefusal(reason) }
  return { kind: fresh ? 'STORED' : 'DUPLICATE', messageId }
}
