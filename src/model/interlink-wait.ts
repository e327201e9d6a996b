import type { CauseSide } from './cause-side.js'
import type { DiscrepancyClass } from './discrepancy.js'
import type { DossierStatus } from './dossier-status.js'
import { lowerFirst, upperFirst } from './first-letter.js'
import type { Operation, SystemId } from './system.js'
import { describeOperation, SYSTEM_IN_SENTENCE } from './system.js'
import type { TransferState } from './transfer-state.js'

/**
 * Khoảng chờ liên thông: from when to when what one system had to know did not come to it, or what it told did not come to us. A sending waits from its first
 * failed attempt, or from its planning when nobody tried it within `TRANSIT_MS` (a breaker, a pause, one before it in the order), until it was delivered or a
 * person gave it up. What arrives at the first attempt has not waited. A wait that a newer transfer takes over goes on in that one.
 *
 * Not every wait holds the dossier up. It does where the next party cannot go on without it (`HOLDS`): the registry without the dossier or its supplement, the
 * applicant who does not know that he must hand in or pay, the desk without the result. News for the portal that came late held nobody up: such a wait runs beside
 * the work of others, is shown apart and never counts as lost time.
 */
export type WaitKind = 'SENDING' | 'TOLD_LATE' | 'DRIFT'

export interface InterlinkWait {
  readonly kind: WaitKind
  readonly systemId: SystemId
  /** DRIFT: what was found. */
  readonly found?: DiscrepancyClass
  /** Null: found by reconciliation. */
  readonly operation: Operation | null
  readonly transferId: string | null
  readonly from: Date
  /** Null: still waiting. */
  readonly to: Date | null
  readonly holds: boolean
  /** Bởi phía nào, as its first failure says. */
  readonly side: CauseSide
  /** Who brought it to its end; null: still waiting, or nobody (it was given up). */
  readonly endedBy: 'MACHINE' | 'PERSON' | null
}

/** Longer than any delivery takes that nothing stands in the way of. */
const TRANSIT_MS = 120_000
/** Clocks of two systems, and the interval at which one is asked for news. */
export const TOLD_LATE_MS = 300_000

/** Một lượt liên thông, as far as waiting is concerned. */
export interface SentTransfer {
  readonly id: string
  readonly systemId: SystemId
  readonly operation: Operation
  readonly mode: 'LIVE' | 'ADOPT'
  readonly state: TransferState
  /** Status that its body tells. */
  readonly status: DossierStatus | null
  readonly createdAt: Date
  readonly firstAttemptAt: Date | null
  readonly firstFailedAt: Date | null
  readonly settledAt: Date | null
  readonly supersedesId: string | null
  readonly side: CauseSide | null
  /** A person has acted upon it, or an answer of theirs left the machine nothing to try. */
  readonly neededPerson: boolean
}

/** ALWAYS, NEVER, or while the dossier gets into one of these statuses. */
const HOLDS: Record<Operation, 'ALWAYS' | 'NEVER' | readonly DossierStatus[]> = {
  REGISTER: 'NEVER',
  POST_SUPPLEMENT: 'NEVER',
  UPDATE_STATUS: ['SUPPLEMENT_REQUIRED', 'FINANCIAL_OBLIGATION_REQUIRED'],
  POST_TAX_NOTICES: 'ALWAYS',
  POST_RESULT: 'ALWAYS',
  RECEIVE: 'ALWAYS',
  SUPPLEMENT: 'ALWAYS',
  WITHDRAW: 'NEVER',
  CONFIRM_RETURN: 'NEVER',
  SYNC_DOSSIER: 'NEVER',
  SYNC_PROGRESS: 'NEVER',
}

const DONE: readonly TransferState[] = ['DELIVERED', 'ABANDONED', 'SUPERSEDED']

const holdsUp = ({ operation, status }: SentTransfer): boolean => {
  const rule = HOLDS[operation]
  return rule === 'ALWAYS' || (rule !== 'NEVER' && status !== null && rule.includes(status))
}

const startOf = (transfer: SentTransfer, now: Date): Date | null => {
  const { firstFailedAt, firstAttemptAt, createdAt, settledAt } = transfer
  const takenUpAt = firstAttemptAt ?? (DONE.includes(transfer.state) ? settledAt : null) ?? now
  const late = takenUpAt.getTime() - createdAt.getTime() > TRANSIT_MS
  return late ? createdAt : firstFailedAt
}

/** Các khoảng chờ của những lượt gửi đi of one dossier, in the order in which they began. */
export const waitsOfTransfers = (transfers: readonly SentTransfer[], now: Date): InterlinkWait[] => {
  const waits = new Map<string, InterlinkWait>()
  const arrivedAt = Math.min(
    ...transfers
      .filter(({ operation, state }) => operation === 'RECEIVE' && state === 'DELIVERED')
      .map(({ settledAt }) => +(settledAt ?? now)),
  )
  for (const transfer of [...transfers].sort((a, b) => +a.createdAt - +b.createdAt)) {
    if (transfer.mode === 'ADOPT') continue
    const before = transfer.supersedesId === null ? undefined : waits.get(transfer.supersedesId)
    const from = before ? transfer.createdAt : startOf(transfer, now)
    if (!from) continue
    const { id, systemId, operation, state, settledAt, side, neededPerson } = transfer
    // A later version of a dossier that the registry has holds nobody up.
    const isAmendment = operation === 'RECEIVE' && +transfer.createdAt > arrivedAt
    waits.set(id, {
      kind: 'SENDING',
      systemId,
      operation,
      transferId: id,
      from,
      to: DONE.includes(state) ? settledAt : null,
      holds: holdsUp(transfer) && !isAmendment,
      side: side ?? before?.side ?? 'UNKNOWN',
      endedBy: state === 'DELIVERED' ? (neededPerson || before ? 'PERSON' : 'MACHINE') : null,
    })
  }
  return [...waits.values()].sort((a, b) => +a.from - +b.from)
}

const DRIFTS: Partial<Record<DiscrepancyClass, (name: string) => string>> = {
  MISSING_THERE: (name) => `hồ sơ bị thiếu ở ${name}`,
  DUPLICATE_THERE: (name) => `hồ sơ bị trùng ở ${name}`,
  RESULT_NOT_RETURNED: (name) => `hồ sơ đã xong ở một bên mà chưa xong ở bên kia (cổng liên thông, ${name})`,
  LATE_APPLIED: (name) => `tin giữa cổng liên thông và ${name} đến muộn, không khớp thứ tự`,
}

/** Sai lệch nào, within a sentence. */
export const describeDrift = ({ systemId, found = 'DIFFERS' }: Pick<InterlinkWait, 'systemId' | 'found'>): string => {
  const name = SYSTEM_IN_SENTENCE[systemId]
  return DRIFTS[found]?.(name) ?? `số liệu ở ${name} khác với hồ sơ`
}

/** Vì sao chờ, in words without a full stop. */
export const describeWait = (wait: Pick<InterlinkWait, 'kind' | 'systemId' | 'found' | 'operation'>): string => {
  const { kind, systemId, operation } = wait
  const name = SYSTEM_IN_SENTENCE[systemId]
  if (kind === 'DRIFT') return `${upperFirst(describeDrift(wait))}, chờ sửa`
  if (kind === 'TOLD_LATE') return `Tin của ${name} đến muộn`
  return operation ? `Chờ ${name}: ${lowerFirst(describeOperation(operation))}` : `Chờ liên thông với ${name}`
}
