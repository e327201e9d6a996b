import { nameOf } from '../access/caller.js'
import { databaseNow } from '../dossier/dossier-repository.js'
import { notFound } from '../errors.js'
import { windowStateOf } from '../model/maintenance.js'
import type { Database } from '../platform/database.js'
import { endWindow, findWindow } from '../transfer/maintenance-repository.js'
import { actOnSystem, refusedBecause, type SystemAct, type SystemActResult } from './act-on-system.js'

export interface EndMaintenance extends SystemAct {
  readonly windowId: string
}

/** Kết thúc sớm một khung bảo trì, or take back one that has not begun: what waits goes on at once. Throws NOT_FOUND when the system has no such window. */
export const endMaintenance = (db: Database, act: EndMaintenance): Promise<SystemActResult> =>
  actOnSystem(db, act, 'END_MAINTENANCE', async (tx) => {
    const window = await findWindow(tx, act.systemId, act.windowId)
    if (!window) throw notFound(`khung bảo trì ${act.windowId}`)
    const now = await databaseNow(tx)
    if (windowStateOf(window, now) === 'OVER')
      return refusedBecause(
        'WINDOW_OVER',
        window.endedBy ? `Khung bảo trì này đã được ${window.endedBy} kết thúc.` : 'Khung bảo trì này đã qua.',
      )
    await endWindow(tx, window.id, nameOf(act.actor))
    const kept = { id: window.id, from: window.from.toISOString(), until: window.until.toISOString() }
    return { kind: 'DONE', audited: { before: { maintenance: kept }, after: { maintenance: { ...kept, endedAt: now.toISOString() } } } }
  })
