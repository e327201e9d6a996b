import { MIN_BUDGET_WORKING_DAYS } from '../model/retry-schedule.js'
import type { Database, Tx } from '../platform/database.js'
import type { ActFacts } from '../transfer/act-facts-repository.js'
import { planSendingInPlace } from '../transfer/plan-transfers.js'
import { holdFollowers } from '../transfer/predecessor-repository.js'
import { inquireByPerson, moveByPerson } from '../transfer/transfer-repository.js'
import { readWorkingCalendar } from '../transfer/working-calendar-repository.js'
import {
  isAdoptionAbsent,
  isInConflict,
  type MaxProcessingMs,
  mayAbandon,
  mayConfirmAbsent,
  mayConfirmDelivered,
  mayReplay,
} from './act-rules.js'
import { type ActResult, entryOf, performAct, type TransferAct } from './perform-act.js'

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
    if (why) await inquireByPerson(tx, transfer.id, await budgetOf(tx, transfer), why)
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

const budgetOf = async (tx: Tx, { now }: ActFacts): Promise<Date> =>
  (await readWorkingCalendar(tx)).addWorkingDays(now, MIN_BUDGET_WORKING_DAYS)

const move = async (tx: Tx, transfer: ActFacts, to: 'QUEUED' | 'DELIVERED' | 'ABANDONED', externalRef?: string): Promise<void> => {
  await moveByPerson(tx, [transfer.id], to, await budgetOf(tx, transfer), externalRef)
}

/** Whether a replay is no more than a move into the queue: nothing is planned in its place, and nobody has to ask the other side first. */
export const isPlainReplay = (transfer: ActFacts): boolean => !isAdoptionAbsent(transfer) && !transfer.restored && !isInConflict(transfer)

/**
 * Gửi lại nhiều lượt một lần: those of which `isPlainReplay` holds and that `mayReplay` lets go, under the caller's locks of their dossiers and rows. Each has
 * the entry in the audit that its own act would have written.
 */
export const replayPlainly = async (
  tx: Tx,
  transfers: readonly ActFacts[],
  { reason, actor, planId, requestKeyOf }: ManyActed,
): Promise<void> => {
  const [first] = transfers
  if (!first) return
  const ids = transfers.map(({ id }) => id)
  if ((await moveByPerson(tx, ids, 'QUEUED', await budgetOf(tx, first))) !== ids.length)
    throw new Error('transfers moved under their locks')
  await tx.orm.auditEntry.createMany({
    data: transfers.map((before) =>
      entryOf({ transferId: before.id, reason, actor, planId, requestKey: requestKeyOf(before.id) }, 'REPLAY', { before, state: 'QUEUED' }),
    ),
  })
}

/** Who replays many, why, as part of which plan, and under which key of each. */
export interface ManyActed extends Pick<TransferAct, 'reason' | 'actor' | 'planId'> {
  readonly requestKeyOf: (transferId: string) => string
}
