import { may } from '../access/permissions.js'
import { breakerStateOf } from '../model/circuit-breaker.js'
import { upperFirst } from '../model/first-letter.js'
import type { Language } from '../model/language.js'
import { SYSTEM_NAMES, systemInSentence } from '../model/system.js'
import { CLAIMABLE_STATES, type TransferState } from '../model/transfer-state.js'
import { describeInstant } from '../model/working-calendar.js'
import type { GateRow } from '../transfer/gate-reads-repository.js'
import type { RequestContext } from './request-context.js'
import type { Transfer, WaitingFor } from './transfer.type.js'

/** What stands between a transfer and its system's gate. `since`: null when nobody knows. */
interface Shut {
  readonly kind: 'PAUSE' | 'BREAKER' | 'MAINTENANCE'
  /** Of a maintenance: its planned end. */
  readonly until?: Date
  readonly since: Date | null
  /** For who keeps the interlink running. */
  readonly detail: string | null
}

const shutBy = ({ paused, maintenance, breakers, now }: GateRow, { state, mode }: Pick<Transfer, 'state' | 'mode'>): Shut | null => {
  if (maintenance) return { kind: 'MAINTENANCE', since: maintenance.from, until: maintenance.until, detail: maintenance.reason }
  if (paused) return { kind: 'PAUSE', since: paused.since, detail: [paused.by, paused.reason].filter(Boolean).join(': ') || null }
  const asked = state === 'INDETERMINATE' || mode === 'ADOPT' ? 'INQUIRE' : 'SEND'
  const breaker = breakers.find(({ operationClass }) => operationClass === asked)
  return breaker && breakerStateOf(breaker, now) !== 'CLOSED' ? { kind: 'BREAKER', since: breaker.openedAt, detail: breaker.cause } : null
}

/** Only what waits to be called waits for a gate. */
export const shutOf = async (transfer: Transfer, { caller, loaders }: RequestContext): Promise<Shut | null> => {
  if (!may(caller, 'Transfer.lastError') || !(CLAIMABLE_STATES as readonly TransferState[]).includes(transfer.state)) return null
  const gate = await loaders.gates.load(transfer.systemId)
  return gate && shutBy(gate, transfer)
}

const sentenceOf = ({ kind, until }: Shut, language: Language): string => {
  if (language === 'en') {
    if (kind === 'PAUSE') return 'was paused by an operator'
    return kind === 'BREAKER'
      ? 'is not called for now, because the latest calls have all failed'
      : `is under maintenance until ${until ? describeInstant(until, 'en') : 'it is done'}`
  }
  if (kind === 'PAUSE') return 'đang được người vận hành tạm dừng'
  return kind === 'BREAKER'
    ? 'tạm không được gọi vì các lần gọi gần đây đều hỏng'
    : `bảo trì đến ${until ? describeInstant(until) : 'khi xong'}`
}

/** What a transfer that nothing stands before waits for: itself, when its system is not called now. */
export const waitingForGate = async (transfer: Transfer, context: RequestContext): Promise<WaitingFor | null> => {
  const shut = await shutOf(transfer, context)
  if (!shut) return null
  const { language, present } = context
  // Of a pause a person has written it.
  const detail = shut.kind === 'BREAKER' ? present.recorded(shut.detail) : shut.detail
  const why = detail !== null && may(context.caller, 'systems.gate') ? ` (${detail.replace(/\.$/, '')})` : ''
  return {
    kind: shut.kind,
    transfer,
    systemId: transfer.systemId,
    stateLabel: transfer.stateLabel,
    reason: `${language === 'en' ? upperFirst(systemInSentence(transfer.systemId, 'en')) : SYSTEM_NAMES[transfer.systemId]} ${sentenceOf(shut, language)}${why}.`,
    since: shut.since ?? transfer.createdAt,
  }
}
