import { MIN_BUDGET_WORKING_DAYS } from '../model/retry-schedule.js'
import type { Database } from '../platform/database.js'
import { decideAmendment, holdDeclined } from '../transfer/amendment-repository.js'
import { inquireByPerson, moveByPerson } from '../transfer/transfer-repository.js'
import { readWorkingCalendar } from '../transfer/working-calendar-repository.js'
import { mayApprove, mayDecline } from './act-rules.js'
import { type ActResult, performAct, type TransferAct } from './perform-act.js'

/**
 * Duyệt nội dung sửa: another person than the one who has amended a transfer lets it go, under the order and the inquiry that hold for every release.
 * After a restore from a backup it is asked for before it is sent, as what is held always is.
 */
export const approveAmendment = (db: Database, act: TransferAct): Promise<ActResult> =>
  performAct(db, act, 'APPROVE_AMENDMENT', mayApprove(act.actor.subject), async (tx, transfer) => {
    const budgetUntil = (await readWorkingCalendar(tx)).addWorkingDays(transfer.now, MIN_BUDGET_WORKING_DAYS)
    if (transfer.restored) await inquireByPerson(tx, transfer.id, budgetUntil, 'RESTORED')
    else await moveByPerson(tx, [transfer.id], 'QUEUED', budgetUntil)
    await decideAmendment(tx, transfer.id, { decision: 'APPROVED', by: act.actor, reason: act.reason })
    return { kind: 'DONE' }
  })

/**
 * Không duyệt: nothing is sent. The transfer keeps its place and stays HELD in plain sight: what is to go to the other side is still open. It is amended again,
 * superseded by what the source says, or given up.
 */
export const declineAmendment = (db: Database, act: TransferAct): Promise<ActResult> =>
  performAct(db, act, 'DECLINE_AMENDMENT', mayDecline, async (tx, transfer) => {
    await holdDeclined(tx, transfer.id, `Nội dung sửa không được ${act.actor.displayName} duyệt: ${act.reason}`)
    await decideAmendment(tx, transfer.id, { decision: 'DECLINED', by: act.actor, reason: act.reason })
    return { kind: 'DONE' }
  })
