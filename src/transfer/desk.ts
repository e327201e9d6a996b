import type { OperationClass } from '../model/circuit-breaker.js'
import type { SystemId } from '../model/system.js'
import type { Sql } from '../platform/database.js'
import type { ClaimedTransfer } from './claim-repository.js'
import { joinCalls } from './joined-calls.js'
import { type Gate, isSettled, type Settling, takeTurn } from './turn-repository.js'

/**
 * Bàn làm việc: one a process and system, where all senders bring their settlements and take their next claims. Those who come while a turn is under
 * way share the next one, and its commit.
 */
export interface Desk {
  /** Settles what is brought and claims the next one when it is wanted. */
  turn(visit: Visit): Promise<Visited>
  /** Brings what a turn that failed has settled or not: at once, and with nobody else. Claims nothing. */
  settleAgain(settling: Settling): Promise<Visited>
}

export interface Visit {
  readonly settling?: Settling
  readonly wantsNext: boolean
}

export interface Visited {
  /** False: the right to settle what was brought had passed on, nothing was moved, and the answer is kept on its attempt. */
  readonly settled?: boolean
  /** Classes of operations of which no failure is to be forgotten. */
  readonly calm: readonly OperationClass[]
  readonly claim?: ClaimedTransfer
  /** As the turn found it; only when a claim was wanted. */
  readonly gate?: Gate
}

const MOST_TOGETHER = 32

const desks = new WeakMap<Sql, Map<string, Desk>>()

export const deskOf = (sql: Sql, of: { systemId: SystemId; leaseMs: number; worker: string; requestsPerClaim: number }): Desk => {
  const ofDatabase = desks.get(sql) ?? new Map<string, Desk>()
  desks.set(sql, ofDatabase)
  const name = JSON.stringify(of)
  const known = ofDatabase.get(name)
  if (known) return known
  const together = async (visits: readonly Visit[]): Promise<Visited[]> => {
    const takers = visits.filter(({ wantsNext }) => wantsNext)
    const settlings = visits.flatMap(({ settling }) => (settling ? [settling] : []))
    const { settled, claims, gate } = await takeTurn(sql, { ...of, wanted: takers.length, settlings })
    return visits.map((visit) => ({
      calm: gate.calm,
      ...(visit.settling && { settled: settled[settlings.indexOf(visit.settling)] }),
      ...(visit.wantsNext && { claim: claims[takers.indexOf(visit)], gate }),
    }))
  }
  /** What is brought again may have been settled by the turn that failed, when only its answer was lost: then it is not late. */
  const again = async (visit: Visit): Promise<Visited> => {
    const visited = (await together([visit]))[0] as Visited
    if (!visit.settling || visited.settled !== false) return visited
    return { ...visited, settled: await isSettled(sql, visit.settling[0]) }
  }
  /** One that cannot be written does not take the others with it: then each has a turn of its own, and it alone throws. */
  const orEachAlone = async (visits: readonly Visit[]): Promise<(Visited | Promise<Visited>)[]> => {
    if (visits.length === 1) return together(visits)
    try {
      return await together(visits)
    } catch {
      return visits.map(again)
    }
  }
  const desk: Desk = { turn: joinCalls(orEachAlone, MOST_TOGETHER), settleAgain: (settling) => again({ settling, wantsNext: false }) }
  ofDatabase.set(name, desk)
  return desk
}
