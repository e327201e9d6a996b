import { PROVED_BY_INQUIRY } from '../model/failure-code.js'
import { describeTransferState } from '../model/interlink-state.js'
import { type ActName, describeLastAct, type LastAct } from '../model/transfer-acts.js'
import { isLegalTransferMove, type TransferState } from '../model/transfer-state.js'
import { describeInstant } from '../model/working-calendar.js'
import type { ActFacts, TransferFacts } from '../transfer/act-facts-repository.js'

/**
 * Thao tác nào được phép: what stands in the way of each act, as pure functions over one reading of the transfer. The acts ask them under its lock, and
 * whoever shows a transfer asks the same ones without it, so what is offered and what is done cannot differ.
 */
export interface ActRefusal {
  readonly kind: 'REFUSED'
  readonly reason: string
  /** A sentence in Vietnamese: what stands in the way and what to do. */
  readonly message: string
  /** ISO-8601 UTC: from then on the same act is no longer refused for this reason. */
  readonly possibleFrom?: string
  /** Who has brought it to the state in which it is. */
  readonly by?: LastAct
  /** What has the place of the transfer now. */
  readonly successor?: string
}

export type Rule = (transfer: ActFacts) => ActRefusal | undefined

/** The other side's declared longest processing time after a send of this operation. */
export type MaxProcessingMs = (transfer: Pick<TransferFacts, 'systemId' | 'operation'>) => number

export const refused = (reason: string, message: string): ActRefusal => ({ kind: 'REFUSED', reason, message })

/** Whether it happened over there is not known: neither sending again nor giving up is safe. */
const isUncertain = ({ state, heldReason }: TransferFacts): boolean =>
  state === 'INDETERMINATE' || (state === 'HELD' && heldReason === 'UNCERTAIN')

const uncertain = (before: string): ActRefusal =>
  refused('OUTCOME_UNCERTAIN', `Chưa biết bên nhận đã có hay chưa: hãy xác nhận kết quả trước khi ${before}.`)

const ACT_WORDS = { QUEUED: 'gửi lại', DELIVERED: 'xác nhận đã nhận cho', ABANDONED: 'hủy', SUPERSEDED: 'thay' } as const

/** Where to go on from one that is superseded. */
export const describeSuccessor = (successor: string | null): string => (successor === null ? '' : `, lượt thay nó là ${successor}`)

/** By whom it has come to the state in which it is: the second of two who act upon it is told, also without having said what he saw. */
const broughtBy = ({ lastAct, state }: ActFacts): LastAct | undefined => (lastAct?.state === state ? lastAct : undefined)

/** `sentence` is given what to say of it; `successor`: and where to go on. */
const refusedBy = (
  reason: string,
  by: LastAct | undefined,
  sentence: (because: string) => string,
  successor: string | null = null,
): ActRefusal => ({
  ...refused(reason, sentence(by ? ` (${describeLastAct(by)}${describeSuccessor(successor)})` : '')),
  ...(by && { by, ...(successor !== null && { successor }) }),
})

const ofMove = (transfer: ActFacts, to: keyof typeof ACT_WORDS & TransferState): ActRefusal | undefined => {
  if (!isLegalTransferMove(transfer.state, to, 'PERSON'))
    return refusedBy(
      'ILLEGAL_TRANSITION',
      broughtBy(transfer),
      (because) => `Không thể ${ACT_WORDS[to]} lượt liên thông đang ở trạng thái "${describeTransferState(transfer.state)}"${because}.`,
      // Who wants something else sent in its place goes on there.
      to === 'SUPERSEDED' ? transfer.supersededBy : null,
    )
  if (to === 'QUEUED' && transfer.predecessorMissing)
    return refused(
      'PREDECESSOR_MISSING',
      'Bên nhận chưa có hồ sơ này: hãy thay lượt giới thiệu đã hủy bằng lượt mới, hoặc xác nhận nó đã được nhập ở bên nhận, rồi lượt này tự đi.',
    )
  return undefined
}

/** What a person has amended and nobody has approved: nothing but the approval lets it go. */
const isUnapproved = ({ state, heldReason }: TransferFacts): boolean =>
  state === 'HELD' && (heldReason === 'AWAITING_APPROVAL' || heldReason === 'AMENDMENT_DECLINED')

const ofUnapproved = (transfer: TransferFacts): ActRefusal | undefined => {
  if (!isUnapproved(transfer)) return undefined
  return transfer.heldReason === 'AWAITING_APPROVAL'
    ? refused('NEEDS_APPROVAL', 'Nội dung đã được sửa và chưa được duyệt: một người vận hành khác phải duyệt trước khi gửi.')
    : refused('AMENDMENT_DECLINED', 'Nội dung sửa không được duyệt: hãy sửa lại, hoặc thay lượt này bằng nội dung hiện tại của nguồn.')
}

/** A person who replays an adoption that found nothing decides that it is sent: nothing of the order stands in its way. */
export const isAdoptionAbsent = ({ state, heldReason }: TransferFacts): boolean => state === 'HELD' && heldReason === 'ADOPT_ABSENT'

/**
 * They have something under our key that is not what we sent: what is sent again without asking could stand there a second time. So a replay asks first,
 * and sends what is not there any more.
 */
export const isInConflict = ({ state, heldReason }: TransferFacts): boolean => state === 'HELD' && heldReason === 'CONFLICT'

/** Not every system tells its files. */
const filesDiffer = (transfer: ActFacts): ActRefusal | undefined =>
  isInConflict(transfer) && !PROVED_BY_INQUIRY.has(transfer.causeCode)
    ? refused(
        'FILES_DIFFER',
        'Bên nhận giữ tập tin khác với tập tin đã gửi, và hỏi lại không cho biết chắc đã sửa hay chưa: hãy xem ở bên nhận, rồi xác nhận là đã có (khi đủ tập tin) hoặc chưa có (khi hồ sơ đó đã được bỏ: lượt này được gửi lại).',
      )
    : undefined

export const mayReplay: Rule = (transfer) => {
  if (isUncertain(transfer)) return uncertain('gửi lại')
  return isAdoptionAbsent(transfer) ? undefined : (ofUnapproved(transfer) ?? filesDiffer(transfer) ?? ofMove(transfer, 'QUEUED'))
}

const ofConfirming = (transfer: ActFacts, alsoRefused: boolean): ActRefusal | undefined => {
  const { state } = transfer
  const isOpenQuestion = state === 'HELD' || state === 'INDETERMINATE' || state === 'EXHAUSTED'
  const wasNotTaken = state === 'REJECTED' || state === 'ABANDONED'
  return isOpenQuestion || (wasNotTaken && alsoRefused)
    ? undefined
    : refusedBy(
        'NOTHING_TO_CONFIRM',
        broughtBy(transfer),
        (because) => `Lượt liên thông đang ở trạng thái "${describeTransferState(state)}"${because}, không có gì để xác nhận.`,
      )
}

/** What was refused or given up may have been entered there by hand. */
export const mayConfirmDelivered: Rule = (transfer) => ofConfirming(transfer, true) ?? ofMove(transfer, 'DELIVERED')

export const mayConfirmAbsent =
  (maxProcessingMs: MaxProcessingMs): Rule =>
  (transfer) =>
    ofConfirming(transfer, false) ?? ofUnapproved(transfer) ?? tooEarly(transfer, maxProcessingMs(transfer)) ?? ofMove(transfer, 'QUEUED')

/** Rounded up to the second that the sentence names. */
const tooEarly = ({ lastSendAt, now }: TransferFacts, maxProcessingMs: number): ActRefusal | undefined => {
  if (lastSendAt === null) return undefined
  const from = new Date(Math.ceil((lastSendAt.getTime() + maxProcessingMs) / 1_000) * 1_000)
  if (now >= from) return undefined
  return {
    kind: 'REFUSED',
    reason: 'TOO_EARLY',
    message: `Bên nhận có thể còn đang xử lý lần gửi trước: chỉ được xác nhận là chưa có từ ${describeInstant(from)}.`,
    possibleFrom: from.toISOString(),
  }
}

export const mayAbandon: Rule = (transfer) => (isUncertain(transfer) ? uncertain('hủy') : ofMove(transfer, 'ABANDONED'))

/** As far as the transfer itself goes; what it carries is judged by `supersede-transfer.ts`. */
export const maySupersede: Rule = (transfer) => {
  if (isUncertain(transfer)) return uncertain('thay bằng lượt khác')
  const illegal = ofMove(transfer, 'SUPERSEDED')
  if (illegal) return illegal
  return transfer.state !== 'ABANDONED' && transfer.restored
    ? refused(
        'OUTCOME_UNCERTAIN',
        'Cơ sở dữ liệu đã được phục hồi, chưa biết bên nhận đã có hay chưa: hãy gửi lại lượt này, hệ thống sẽ hỏi bên nhận trước khi gửi.',
      )
    : undefined
}

/**
 * Amending is superseding with other values; what it carries is judged by `amend-transfer.ts`. Where they have the dossier with other files than were sent, no value
 * mends that, and the same content under another key would stand there a second time.
 */
export const mayAmend: Rule = (transfer) => filesDiffer(transfer) ?? maySupersede(transfer)

const DECISIONS: readonly string[] = ['APPROVE_AMENDMENT', 'DECLINE_AMENDMENT'] satisfies readonly ActName[]

const notAwaiting = (transfer: ActFacts): ActRefusal | undefined => {
  if (isUnapproved(transfer) && transfer.heldReason === 'AWAITING_APPROVAL') return undefined
  const { lastAct } = transfer
  const by = lastAct && DECISIONS.includes(lastAct.act) ? lastAct : broughtBy(transfer)
  return refusedBy('NOTHING_TO_APPROVE', by, (because) => `Lượt này không có nội dung sửa nào đang chờ duyệt${because}.`)
}

/** Nobody approves his own amendment. */
export const mayApprove =
  (subject: string): Rule =>
  (transfer) => {
    const no = notAwaiting(transfer)
    if (no) return no
    return transfer.amendedBy === subject
      ? refused('OWN_APPROVAL', 'Người sửa không tự duyệt được: cần một người vận hành khác duyệt.')
      : ofMove(transfer, 'QUEUED')
  }

export const mayDecline: Rule = notAwaiting

export const rulesOf = (maxProcessingMs: MaxProcessingMs, subject: string): Record<ActName, Rule> => ({
  REPLAY: mayReplay,
  CONFIRM_DELIVERED: mayConfirmDelivered,
  CONFIRM_ABSENT: mayConfirmAbsent(maxProcessingMs),
  ABANDON: mayAbandon,
  SUPERSEDE: maySupersede,
  AMEND: mayAmend,
  APPROVE_AMENDMENT: mayApprove(subject),
  DECLINE_AMENDMENT: mayDecline,
})
