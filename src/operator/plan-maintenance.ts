import { nameOf } from '../access/caller.js'
import { databaseNow } from '../dossier/dossier-repository.js'
import { faultOfWindow } from '../model/maintenance.js'
import { describeInstant } from '../model/working-calendar.js'
import type { Database } from '../platform/database.js'
import { countOpenWindows, findOverlapping, insertWindow } from '../transfer/maintenance-repository.js'
import { actOnSystem, refusedBecause, type SystemAct, type SystemActResult } from './act-on-system.js'

/** `from` left out: from now on. */
export interface PlanMaintenance extends SystemAct {
  readonly from?: Date | null
  readonly until: Date
}

/** All of a system's windows are shown at once. */
const MOST_OPEN = 50

/**
 * Lập khung bảo trì: while it runs nothing is sent to the system, asked of its transfers or read of its changes, and nobody is alarmed that it does not answer; it begins
 * and ends by the clock. Windows of a system never overlap.
 */
export const planMaintenance = (db: Database, act: PlanMaintenance): Promise<SystemActResult> =>
  actOnSystem(db, act, 'PLAN_MAINTENANCE', async (tx) => {
    const now = await databaseNow(tx)
    const span = { systemId: act.systemId, from: act.from ?? now, until: act.until }
    const fault = faultOfWindow(span, now)
    if (fault) return { kind: 'REFUSED', ...fault }
    const other = await findOverlapping(tx, span)
    if (other)
      return {
        kind: 'REFUSED',
        reason: 'WINDOW_OVERLAPS',
        field: 'from',
        message: `Trùng với khung bảo trì từ ${describeInstant(other.from)} đến ${describeInstant(other.until)} do ${other.plannedBy} lập: hãy kết thúc khung đó trước, hoặc chọn giờ khác.`,
      }
    if ((await countOpenWindows(tx, act.systemId)) >= MOST_OPEN)
      return refusedBecause('TOO_MANY_WINDOWS', `Một hệ thống có nhiều nhất ${MOST_OPEN} khung bảo trì chưa qua.`)
    const id = await insertWindow(tx, { ...span, reason: act.reason, plannedBy: nameOf(act.actor) })
    return { kind: 'DONE', audited: { after: { maintenance: { id, from: span.from.toISOString(), until: span.until.toISOString() } } } }
  })
