import type { Sql } from '../platform/database.js'
import { forgetQueueOutage, keepQueueOutage, type QueueOutage } from '../transfer/queue-outage-repository.js'

/** As `queue/store-watch.ts` tells it: when it begins, once a minute while it lasts, and when it is over. */
type Told = Omit<QueueOutage, 'process'> & { readonly kind: 'BEGUN' | 'GOES_ON' | 'OVER' }

/** Of one process, one after another: what is over is never told after all. What the database does not take now is told again in a minute. */
export const reportQueueOutage = (sql: Sql, process: string, onError: (error: unknown) => void): ((told: Told) => void) => {
  let last: Promise<unknown> = Promise.resolve()
  return ({ kind, since, cause }) => {
    last = last
      .then(() => (kind === 'OVER' ? forgetQueueOutage(sql, process) : keepQueueOutage(sql, { process, since, cause })))
      .catch(onError)
  }
}
