import { MIN_BUDGET_WORKING_DAYS } from '../model/retry-schedule.js'
import { addWorkingDays } from '../model/working-calendar.js'
import type { Database, Tx } from '../platform/database.js'
import type { ActFacts } from '../transfer/act-facts-repository.js'
import { planSendingInPlace } from '../transfer/plan-transfers.js'
import { holdFollowers } from '../transfer/predecessor-repository.js'
import { inquireByPerson, moveByPerson } from '../transfer/transfer-repository.js'
import {
  isAdoptionAbsent,
  isInConflict,
  type MaxProcessingMs,
  mayAbandon,
  mayConfirmAbsent,
  mayConfirmDelivered,
  mayReplay,
} from './act-rules.js'
import { type ActResult, performAct, type TransferAct } from './perform-act.js'

/**
 * Replaying sends the frozen body again under its old key; a transfer whose outcome is uncertain is not replayed until someone
 * has said whether it happened there (`confirm`), because a blind resend may double it. What stands in the way of each act: `act-rules.ts`.
 */

export type { MaxProcessingMs } from './act-rules.js'

/**
 * Gửi lại: back into the queue, with a new budget. It is inquired first after a restore from a backup, for it may have been replayed before, and when it is in
 * conflict, for they have something under its key already. An adoption that found nothing there is never sent itself: a person who replays it has decided that
 * the other side shall get it now, and a sending is planned in its place. (To have it looked for once more, one confirms that it is not there.)
 */
export const replayTransfer = (db: Database, act: TransferAct): Promise<ActResult> =>
  performAct(db, act, 'REPLAY', mayReplay, async (tx, transfer) => {
    if (isAdoptionAbsent(transfer)) {
      const { id } = await planSendingInPlace(tx, transfer)
      return { kind: 'DONE', replacedBy: id }
    }
    const why = (transfer.restored && 'RESTORED') || (isInConflict(transfer) && 'CONFLICT')
    if (why) await inquireByPerson(tx, transfer.id, budgetOf(transfer), why)
    else await move(tx, transfer, 'QUEUED')
    return { kind: 'DONE' }
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
  performAct(
    db,
    act,
    act.happened ? 'CONFIRM_DELIVERED' : 'CONFIRM_ABSENT',
    act.happened ? mayConfirmDelivered : mayConfirmAbsent(maxProcessingMs),
    async (tx, transfer) => {
      if (act.happened) await move(tx, transfer, 'DELIVERED', act.externalRef)
      else await move(tx, transfer, 'QUEUED')
      return { kind: 'DONE' }
    },
  )

/**
 * Hủy: never sent. The ones behind it may go, unless they speak of a dossier that the other side was to learn of by this one: those are
 * held in plain sight (`predecessor-repository.ts`).
 */
export const abandonTransfer = (db: Database, act: TransferAct): Promise<ActResult> =>
  performAct(db, act, 'ABANDON', mayAbandon, async (tx, transfer) => {
    await move(tx, transfer, 'ABANDONED')
    const held = await holdFollowers(tx, transfer.dossierId, transfer.systemId)
    return held.length === 0 ? { kind: 'DONE' } : { kind: 'DONE', after: { followersHeld: held } }
  })

const budgetOf = ({ now }: ActFacts): Date => addWorkingDays(now, MIN_BUDGET_WORKING_DAYS)

const move = (tx: Tx, transfer: ActFacts, to: 'QUEUED' | 'DELIVERED' | 'ABANDONED', externalRef?: string): Promise<void> =>
  moveByPerson(tx, transfer.id, to, budgetOf(transfer), externalRef)
