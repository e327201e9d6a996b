import { RECONCILIATION_SCOPES, type ReconciliationScope } from '../model/reconciliation-run.js'
import type { QueueStore } from './queue-store.js'

/**
 * Lịch đối soát: BullMQ's schedulers begin a run of the last days every so often, of what is open by night and of all by the week, each in one worker however many
 * run; and wake one every few seconds to go on with what is begun. The runs themselves are given out by leases in their table.
 */
interface ReconciliationJob {
  readonly begin?: Exclude<ReconciliationScope, 'RANGE'>
}

export interface ReconciliationTimes {
  readonly scheduled: boolean
  readonly everyMs: number
  readonly schedules: { readonly recentEveryMs: number | null; readonly open: string | null; readonly all: string | null }
}

const QUEUE = 'reconciliation'
const TIME_ZONE = 'Asia/Ho_Chi_Minh'

/** In one worker: a run of each scope, and batches of repairs. One that takes hours holds up none of the others. */
const PLACES = RECONCILIATION_SCOPES.length + 1

/** Puts the schedules into the store, and takes those out that the configuration has no more; calling again (after the store was wiped) restores them. */
export const scheduleReconciliation = async (store: QueueStore, { scheduled, everyMs, schedules }: ReconciliationTimes): Promise<void> => {
  const queue = store.queue<ReconciliationJob>(QUEUE)
  await queue.every('reconciliation', everyMs, {})
  const { recentEveryMs, open, all } = schedules
  if (scheduled && recentEveryMs !== null) await queue.every('reconciliation-recent', recentEveryMs, { begin: 'RECENT' })
  else await queue.never('reconciliation-recent')
  for (const [begin, pattern] of [
    ['OPEN', open],
    ['ALL', all],
  ] as const) {
    const id = `reconciliation-${begin.toLowerCase()}`
    if (scheduled && pattern !== null) await queue.at(id, { pattern, timeZone: TIME_ZONE }, { begin })
    else await queue.never(id)
  }
}

export const consumeReconciliation = (
  store: QueueStore,
  work: (begin: ReconciliationJob['begin'], isStopping: () => boolean) => Promise<void>,
): void => {
  store.consume<ReconciliationJob>(QUEUE, PLACES, ({ begin }, isStopping) => work(begin, isStopping))
}
