import { nameOf } from '../access/caller.js'
import type { Database } from '../platform/database.js'
import { writePause } from '../transfer/gate-repository.js'
import { actOnSystem, refusedBecause, type SystemAct, type SystemActResult } from './act-on-system.js'

/** Tạm dừng một hệ thống: nothing more is sent to it or asked of its transfers until somebody resumes it. Calls under way end by themselves; no attempt is spent. */
export const pauseSystem = (db: Database, act: SystemAct): Promise<SystemActResult> =>
  actOnSystem(db, act, 'PAUSE', async (tx, gate) => {
    if (gate.pausedAt) return refusedBecause('ALREADY_PAUSED', `Hệ thống đã được tạm dừng trước đó bởi ${gate.pausedBy ?? 'người khác'}.`)
    await writePause(tx, act.systemId, { by: nameOf(act.actor), reason: act.reason })
    return { kind: 'DONE' }
  })
