import { nameOf } from '../access/caller.js'
import type { SystemLimits } from '../model/system-limits.js'
import { limitFaultOf } from '../model/system-limits.js'
import type { Database } from '../platform/database.js'
import { writeLimits } from '../transfer/gate-repository.js'
import { actOnSystem, type SystemAct, type SystemActResult } from './act-on-system.js'

/** Null: no limit. Left out: as it is. */
export interface SetLimitsAct extends SystemAct {
  readonly limits: Partial<SystemLimits>
}

/** Đặt giới hạn: for all processes from their next claim on, and instead of what the configuration says, also after a restart. */
export const setSystemLimits = async (db: Database, act: SetLimitsAct): Promise<SystemActResult> => {
  const fault = limitFaultOf(act.limits)
  if (fault) return { kind: 'REFUSED', ...fault }
  return actOnSystem(db, act, 'SET_LIMITS', async (tx, gate) => {
    const { maxPerSecond = gate.maxPerSecond, maxInFlight = gate.maxInFlight } = act.limits
    await writeLimits(tx, act.systemId, { maxPerSecond, maxInFlight }, nameOf(act.actor))
    return { kind: 'DONE' }
  })
}
