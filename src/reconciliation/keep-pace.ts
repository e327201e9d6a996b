import { setTimeout as wait } from 'node:timers/promises'
import type { SystemId } from '../model/system.js'
import type { Sql } from '../platform/database.js'
import { type PaceTaken, takePace } from './pace-repository.js'

/**
 * Giữ nhịp: waits until the next call of a system may leave. It leaves as long after the last one *left* as the rate says, whatever time the answer and the work on it took
 * meanwhile. The place is taken from the row in the database, for all processes; how late this one left behind its place is told with the next.
 */
export const paceOf = (sql: Sql, systemId: SystemId, perSecond: number): (() => Promise<PaceTaken['closed']>) => {
  let leftAt = Number.NEGATIVE_INFINITY
  let lateMs = 0
  return async () => {
    const { waitMs, closed } = await takePace(sql, systemId, perSecond, lateMs)
    lateMs = 0
    if (closed) return closed
    const placeAt = performance.now() + waitMs
    const mayLeaveAt = Math.max(placeAt, leftAt + 1_000 / perSecond)
    for (let left = mayLeaveAt - performance.now(); left > 0; left = mayLeaveAt - performance.now()) await wait(Math.ceil(left))
    leftAt = performance.now()
    lateMs = leftAt - placeAt
    return null
  }
}
