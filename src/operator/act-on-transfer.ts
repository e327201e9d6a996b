import { MIN_BUDGET_WORKING_DAYS } from '../model/retry-schedule.js'
import { introductionOf } from '../model/transfer-order.js'
import { isLegalTransferMove } from '../model/transfer-state.js'
import { addWorkingDays, describeInstant } from '../model/working-calendar.js'
import type { Database, Tx } from '../platform/database.js'
import { planSendingInPlace } from '../transfer/plan-transfers.js'
import { holdFollowers, isPredecessorMissing } from '../transfer/predecessor-repository.js'
import { inquireByPerson, moveByPerson, mustBeInquired, type TransferFacts } from '../transfer/transfer-repository.js'
import { type ActRefusal, type ActResult, describeState, isUncertain, performAct, refused, type TransferAct } from './perform-act.js'

/**
 * Replaying sends the frozen body again under its old key; a transfer whose outcome is uncertain is not replayed until someone
 * has said whether it happened there (`confirm`), because a blind resend may double it.
 */

/** The other side's declared longest processing time after a send of this operation. */
export type MaxProcessingMs = (transfer: Pick<TransferFacts, 'systemId' | 'operation'>) => number

/**
 * Gửi lại: back into the queue, with a new budget; after a restore from a backup it is inquired first, for it may have been replayed
 * before. An adoption that found nothing there is never sent itself: a person who replays it has decided that the other side shall get it
 * now, and a sending is planned in its place. (To have it looked for once more, one confirms that it is not there.)
 */
export const replayTransfer = (db: Database, act: TransferAct): Promise<ActResult> =>
  performAct(db, act, 'REPLAY', async (tx, transfer) => {
    if (isUncertain(transfer))
      return refused('OUTCOME_UNCERTAIN', 'Chưa biết bên nhận đã có hay chưa: hãy xác nhận kết quả trước khi gửi lại.')
    if (transfer.state === 'HELD' && transfer.heldReason === 'ADOPT_ABSENT') {
      const { id } = await planSendingInPlace(tx, transfer)
      return { kind: 'DONE', replacedBy: id }
    }
    return move(tx, transfer, 'QUEUED', { inquireAfterRestore: true })
  })

/**
 * Xác nhận kết quả: a person who has looked says that it happened there (delivered, also when it was entered by hand) or did not (sent again). That
 * it did not happen may be said by nobody before their longest processing time after the last possible send has passed: what they
 * commit late would be doubled.
 */
export const confirmOutcome = (
  db: Database,
  act: TransferAct & { readonly happened: boolean; readonly externalRef?: string },
  maxProcessingMs: MaxProcessingMs,
): Promise<ActResult> =>
  performAct(db, act, act.happened ? 'CONFIRM_DELIVERED' : 'CONFIRM_ABSENT', async (tx, transfer) => {
    const { state } = transfer
    const isOpenQuestion = state === 'HELD' || state === 'INDETERMINATE' || state === 'EXHAUSTED'
    const wasNotTaken = state === 'REJECTED' || state === 'ABANDONED'
    if (!isOpenQuestion && !(wasNotTaken && act.happened))
      return refused('NOTHING_TO_CONFIRM', `Lượt liên thông đang ở trạng thái "${describeState(transfer)}", không có gì để xác nhận.`)
    if (act.happened) return move(tx, transfer, 'DELIVERED', { externalRef: act.externalRef })
    return tooEarly(transfer, maxProcessingMs(transfer)) ?? move(tx, transfer, 'QUEUED')
  })

/**
 * Hủy: never sent. The ones behind it may go, unless they speak of a dossier that the other side was to learn of by this one: those are
 * held in plain sight (`predecessor-repository.ts`).
 */
export const abandonTransfer = (db: Database, act: TransferAct): Promise<ActResult> =>
  performAct(db, act, 'ABANDON', async (tx, transfer) => {
    if (isUncertain(transfer)) return refused('OUTCOME_UNCERTAIN', 'Chưa biết bên nhận đã có hay chưa: hãy xác nhận kết quả trước khi hủy.')
    const moved = await move(tx, transfer, 'ABANDONED')
    if (moved.kind === 'REFUSED') return moved
    const held = await holdFollowers(tx, transfer.dossierId, transfer.systemId)
    return held.length === 0 ? moved : { kind: 'DONE', after: { followersHeld: held } }
  })

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

const ACT_WORDS = { QUEUED: 'gửi lại', DELIVERED: 'xác nhận đã nhận cho', ABANDONED: 'hủy' } as const

const move = async (
  tx: Tx,
  transfer: TransferFacts,
  to: keyof typeof ACT_WORDS,
  { externalRef, inquireAfterRestore = false }: { readonly externalRef?: string; readonly inquireAfterRestore?: boolean } = {},
): Promise<{ readonly kind: 'DONE' } | ActRefusal> => {
  if (!isLegalTransferMove(transfer.state, to, 'PERSON'))
    return refused('ILLEGAL_TRANSITION', `Không thể ${ACT_WORDS[to]} lượt liên thông đang ở trạng thái "${describeState(transfer)}".`)
  if (to === 'QUEUED' && (await isPredecessorMissing(tx, { id: transfer.id }, introductionOf(transfer.systemId))))
    return refused(
      'PREDECESSOR_MISSING',
      'Bên nhận chưa có hồ sơ này: hãy thay lượt giới thiệu đã hủy bằng lượt mới, hoặc xác nhận nó đã được nhập ở bên nhận, rồi lượt này tự đi.',
    )
  const budgetUntil = addWorkingDays(transfer.now, MIN_BUDGET_WORKING_DAYS)
  if (inquireAfterRestore && (await mustBeInquired(tx, transfer.id))) await inquireByPerson(tx, transfer.id, budgetUntil)
  else await moveByPerson(tx, transfer.id, to, budgetUntil, externalRef)
  return { kind: 'DONE' }
}
