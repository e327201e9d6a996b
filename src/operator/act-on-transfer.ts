import type { Caller } from '../access/caller.js'
import { notFound } from '../errors.js'
import { describeTransferState } from '../model/interlink-state.js'
import { MIN_BUDGET_WORKING_DAYS } from '../model/retry-schedule.js'
import { isLegalTransferMove } from '../model/transfer-state.js'
import { addWorkingDays, describeInstant } from '../model/working-calendar.js'
import type { Database, Tx } from '../platform/database.js'
import { planSendingInPlace } from '../transfer/plan-transfers.js'
import { inquireByPerson, lockTransfer, moveByPerson, mustBeInquired, type TransferFacts } from '../transfer/transfer-repository.js'

/**
 * Thao tác của người vận hành: what a named person does with a transfer, with a reason, audited in the same database transaction.
 * Replaying sends the frozen body again under its old key; a transfer whose outcome is uncertain is not replayed until someone
 * has said whether it happened there (`confirm`), because a blind resend may double it.
 */
export interface TransferAct {
  readonly transferId: string
  readonly reason: string
  readonly actor: Caller
}

export type ActResult =
  | {
      readonly kind: 'DONE'
      /** The transfer that has taken the place of the one acted upon. */
      readonly replacedBy?: string
    }
  | ActRefusal

export interface ActRefusal {
  readonly kind: 'REFUSED'
  readonly reason: string
  /** A sentence in Vietnamese. */
  readonly message: string
  /** ISO-8601 UTC: from then on the same act is no longer refused for this reason. */
  readonly possibleFrom?: string
}

/** The other side's declared longest processing time after a send of this operation. */
export type MaxProcessingMs = (transfer: Pick<TransferFacts, 'systemId' | 'operation'>) => number

/**
 * Gửi lại: back into the queue, with a new budget; after a restore from a backup it is inquired first, for it may have been replayed
 * before. An adoption that found nothing there is never sent itself: a person who replays it has decided that the other side shall get it
 * now, and a sending is planned in its place. (To have it looked for once more, one confirms that it is not there.)
 */
export const replayTransfer = (db: Database, act: TransferAct): Promise<ActResult> =>
  perform(db, act, 'REPLAY', async (tx, transfer) => {
    if (isUncertain(transfer))
      return refused('OUTCOME_UNCERTAIN', 'Chưa biết bên nhận đã có hay chưa: hãy xác nhận kết quả trước khi gửi lại.')
    if (transfer.state === 'HELD' && transfer.heldReason === 'ADOPT_ABSENT')
      return { kind: 'DONE', replacedBy: await planSendingInPlace(tx, transfer.id, transfer.now) }
    if (isLegalTransferMove(transfer.state, 'QUEUED', 'PERSON') && (await mustBeInquired(tx, transfer.id))) {
      await inquireByPerson(tx, transfer.id, addWorkingDays(transfer.now, MIN_BUDGET_WORKING_DAYS))
      return { kind: 'DONE' }
    }
    return move(tx, transfer, 'QUEUED')
  })

/**
 * Xác nhận kết quả: a person who has looked says that it happened there (delivered) or did not (sent again). That it did not happen may be
 * said by nobody before their longest processing time after the last possible send has passed: what they commit late would be doubled.
 */
export const confirmOutcome = (
  db: Database,
  act: TransferAct & { readonly happened: boolean; readonly externalRef?: string },
  maxProcessingMs: MaxProcessingMs,
): Promise<ActResult> =>
  perform(db, act, act.happened ? 'CONFIRM_DELIVERED' : 'CONFIRM_ABSENT', async (tx, transfer) => {
    if (transfer.state !== 'HELD' && transfer.state !== 'INDETERMINATE' && transfer.state !== 'EXHAUSTED')
      return refused(
        'NOTHING_TO_CONFIRM',
        `Lượt liên thông đang ở trạng thái "${describeTransferState(transfer.state)}", không có gì để xác nhận.`,
      )
    if (act.happened) return move(tx, transfer, 'DELIVERED', act.externalRef)
    return tooEarly(transfer, maxProcessingMs(transfer)) ?? move(tx, transfer, 'QUEUED')
  })

/** Hủy: never sent; the ones behind it may go. */
export const abandonTransfer = (db: Database, act: TransferAct): Promise<ActResult> =>
  perform(db, act, 'ABANDON', async (tx, transfer) => {
    if (isUncertain(transfer)) return refused('OUTCOME_UNCERTAIN', 'Chưa biết bên nhận đã có hay chưa: hãy xác nhận kết quả trước khi hủy.')
    return move(tx, transfer, 'ABANDONED')
  })

const isUncertain = (transfer: TransferFacts): boolean =>
  transfer.state === 'INDETERMINATE' || (transfer.state === 'HELD' && transfer.heldReason === 'UNCERTAIN')

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

const refused = (reason: string, message: string): ActRefusal => ({ kind: 'REFUSED', reason, message })

const ACT_WORDS = { QUEUED: 'gửi lại', DELIVERED: 'xác nhận đã nhận cho', ABANDONED: 'hủy' } as const

const move = async (tx: Tx, transfer: TransferFacts, to: keyof typeof ACT_WORDS, externalRef?: string): Promise<ActResult> => {
  if (!isLegalTransferMove(transfer.state, to, 'PERSON'))
    return refused(
      'ILLEGAL_TRANSITION',
      `Không thể ${ACT_WORDS[to]} lượt liên thông đang ở trạng thái "${describeTransferState(transfer.state)}".`,
    )
  await moveByPerson(tx, transfer.id, to, addWorkingDays(transfer.now, MIN_BUDGET_WORKING_DAYS), externalRef)
  return { kind: 'DONE' }
}

const perform = (
  db: Database,
  { transferId, reason, actor }: TransferAct,
  act: string,
  change: (tx: Tx, transfer: TransferFacts) => Promise<ActResult>,
): Promise<ActResult> =>
  db.transaction(async (tx) => {
    const before = await lockTransfer(tx, transferId)
    if (!before) throw notFound('lượt liên thông này')
    const result = await change(tx, before)
    if (result.kind === 'REFUSED') return result
    const after = (await lockTransfer(tx, transferId)) ?? before
    await tx.orm.auditEntry.create({
      data: {
        actor: actor.subject,
        role: actor.role,
        act,
        transferId,
        dossierId: before.dossierId,
        reason,
        before: { state: before.state, heldReason: before.heldReason, lastError: before.lastError },
        after: { state: after.state, ...(result.replacedBy && { replacedBy: result.replacedBy }) },
      },
    })
    return result
  })
