import type { Database } from '../platform/database.js'
import { removePause } from '../transfer/gate-repository.js'
import { actOnSystem, refusedBecause, type SystemAct, type SystemActResult } from './act-on-system.js'

/** Cho chạy lại: what waits goes on from where it was, the most urgent first. */
export const resumeSystem = (db: Database, act: SystemAct): Promise<SystemActResult> =>
  actOnSystem(db, act, 'RESUME', async (tx, gate) => {
    if (!gate.pausedAt) return refusedBecause('NOT_PAUSED', 'Hệ thống không ở trạng thái tạm dừng.')
    await removePause(tx, act.systemId)
    return { kind: 'DONE' }
  })
