import type { Database } from '../platform/database.js'
import { type PlanLease, renewLease } from './plan-work-repository.js'

/**
 * Giữ kế hoạch đang làm: keeps the lease of a plan for as long as this worker works on it, however long a step waits for the other sides, and learns from it that
 * a person or another worker has the plan by now.
 */
export interface PlanHold {
  isOurs(): boolean
  /** What comes after it is not undone by a renewal that was under way. */
  end(): Promise<void>
}

export interface PlanHolding {
  readonly db: Database
  /** How often the lease is renewed; 15 seconds by default, well before it is over. */
  readonly renewMs?: number
  readonly onError: (error: unknown) => void
}

const RENEW_MS = 15_000
/** Whoever works on one plan for longer than this hangs, and leaves it to another worker. */
const LONGEST_MS = 10 * 60_000

export const holdPlan = ({ db, renewMs = RENEW_MS, onError }: PlanHolding, lease: PlanLease): PlanHold => {
  const since = performance.now()
  let ours = true
  let renewal = Promise.resolve()
  const renew = async (): Promise<void> => {
    if (ours && performance.now() - since < LONGEST_MS && !(await renewLease(db, lease))) ours = false
  }
  const timer = setInterval(() => {
    renewal = renewal.then(renew).catch(onError)
  }, renewMs)
  timer.unref()
  return {
    isOurs: () => ours,
    end: () => {
      clearInterval(timer)
      return renewal
    },
  }
}
