import type { Language } from './language.js'
import type { InterlinkState, TransferState } from './transfer-state.js'
import { ATTENTION_STATES, PASSABLE_STATES, TRANSFER_STATES } from './transfer-state.js'

/** Bị chậm where its system is not called now: it waits for more than its turn. */
export const TURN_STATES = ['PLANNED', 'QUEUED'] as const satisfies readonly TransferState[]

/** Bị chậm whatever its system does: the machine tries again by itself, or asks first what became of the last sending. */
export const DELAYED_STATES = ['WAITING_RETRY', 'INDETERMINATE'] as const satisfies readonly TransferState[]

/** The weight of one transfer in its dossier's interlink state: what weighs most decides. */
const WEIGHT_OF: Record<TransferState, InterlinkState> = Object.fromEntries(
  TRANSFER_STATES.map((state): [TransferState, InterlinkState] => {
    if ((ATTENTION_STATES as readonly TransferState[]).includes(state)) return [state, 'NEEDS_ATTENTION']
    if ((DELAYED_STATES as readonly TransferState[]).includes(state)) return [state, 'DELAYED']
    return [state, (PASSABLE_STATES as readonly TransferState[]).includes(state) ? 'IN_SYNC' : 'IN_FLIGHT']
  }),
) as Record<TransferState, InterlinkState>

/** Trạng thái liên thông that this one transfer alone would give its dossier, its system being called. */
export const interlinkStateOf = (state: TransferState): InterlinkState => WEIGHT_OF[state]

const SENTENCES: Record<TransferState, string> = {
  PLANNED: 'Đã lên kế hoạch, đang chờ gửi',
  QUEUED: 'Đang chờ đến lượt gửi',
  SENDING: 'Đang gửi',
  WAITING_RETRY: 'Hệ thống nhận chưa sẵn sàng, sẽ tự gửi lại',
  INDETERMINATE: 'Chưa rõ bên nhận đã có hay chưa, đang tra cứu lại',
  HELD: 'Đang giữ lại, chờ người xử lý',
  DELIVERED: 'Đã nhận',
  REJECTED: 'Bên nhận từ chối',
  EXHAUSTED: 'Đã hết thời hạn thử lại',
  ABANDONED: 'Đã hủy theo quyết định của người vận hành',
  SUPERSEDED: 'Đã được thay bằng lượt khác',
}

const IN_ENGLISH: Record<TransferState, string> = {
  PLANNED: 'Planned, waits to be sent',
  QUEUED: 'Waits for its turn',
  SENDING: 'Being sent',
  WAITING_RETRY: 'The other side is not ready, it is sent again by itself',
  INDETERMINATE: 'Not known whether they have it, being asked for',
  HELD: 'Held, waits for a person',
  DELIVERED: 'Taken',
  REJECTED: 'Refused by the other side',
  EXHAUSTED: 'The time for retries has run out',
  ABANDONED: 'Given up by an operator',
  SUPERSEDED: 'Superseded by another transfer',
}

/** What a transfer's state means, for an officer. */
export const describeTransferState = (state: TransferState, language: Language = 'vi'): string =>
  (language === 'en' ? IN_ENGLISH : SENTENCES)[state]
