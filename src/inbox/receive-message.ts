import { inDoubt } from '../errors.js'
import type { InboundMessage } from '../model/inbound.js'
import type { InboundReceipt, ReceiveInbound } from '../ports/inbound.js'
import { type ApplyDependencies, applyPending, readRefusal } from './apply-pending.js'
import { readMessageState, storeMessage } from './inbox-repository.js'

/**
 * Nhận thông điệp: the one way in, for callbacks, pushes, polls and our own mutations. First stored and committed, then applied at
 * once in a second transaction. When that one fails (a deadlock, a lost connection) the message stays STORED and the
 * sweep applies it: the sender is told "received" all the same, since it is. When storing fails this throws.
 */
export interface ReceiveDependencies extends ApplyDependencies {
  /** Told after each application: the relay has work. */
  readonly onApplied: () => void
  readonly onApplyError: (error: unknown, messageId: string) => void
}

export const createReceiver =
  (deps: ReceiveDependencies): ReceiveInbound =>
  async (message) => {
    const stored = await storeMessage(deps.db, message)
    if (stored.state === 'STORED') {
      try {
        await applyPending(deps, message.dossierCode)
        deps.onApplied()
      } catch (error) {
        deps.onApplyError(error, stored.id)
        return { kind: 'STORED', messageId: stored.id }
      }
    }
    return receiptOf(deps, message, stored.id, stored.fresh).catch((error: unknown) => {
      throw inDoubt(error)
    })
  }

const receiptOf = async (
  deps: ReceiveDependencies,
  message: InboundMessage,
  messageId: string,
  fresh: boolean,
): Promise<InboundReceipt> => {
  const { state, reason } = await readMessageState(deps.db, messageId)
  const refused = state === 'REFUSED' || ((state === 'CONFLICT' || state === 'DISMISSED') && message.channel !== 'POLL')
  if (refused) return { kind: 'REFUSED', messageId, ...readRefusal(reason) }
  return { kind: fresh ? 'STORED' : 'DUPLICATE', messageId }
}
