import { SYSTEM_IDS, type SystemId } from '../model/system.js'
import type { WakeUp } from '../outbox/outbox-repository.js'
import type { Job, JobQueue, QueueStore } from './queue-store.js'

/**
 * Hàng đợi đánh thức: one queue a system, so that a slow system keeps only its own consumers busy. A job says "this system has
 * work", no more: its consumer takes the system's most urgent eligible transfer from the table, and goes on until none is left. So a
 * backlog needs as many wake-ups as there are consumers to wake, not one a transfer.
 */
export interface WakeJob {
  readonly transferId: string
}

export const transferQueueName = (systemId: SystemId): string => `transfer-${systemId}`

export const transferQueues = (store: QueueStore): ReadonlyMap<SystemId, JobQueue<WakeJob>> =>
  new Map(SYSTEM_IDS.map((systemId) => [systemId, store.queue<WakeJob>(transferQueueName(systemId))]))

export const wakeJob = ({ transferId, dispatchNo, waitMs }: Pick<WakeUp, 'transferId' | 'dispatchNo' | 'waitMs'>): Job<WakeJob> => ({
  name: 'wake',
  id: `${transferId}-${dispatchNo}`,
  data: { transferId },
  delayMs: waitMs,
})

/** Wake-ups for now of one system that are published together: enough to set every consumer to work. Delayed ones are all published. */
const MAX_FOR_NOW = 64

const enough = (wakeUps: readonly WakeUp[]): WakeUp[] => {
  const now = wakeUps.filter(({ waitMs }) => waitMs <= 0)
  return [...now.slice(0, MAX_FOR_NOW), ...wakeUps.filter(({ waitMs }) => waitMs > 0)]
}

/** Those of a batch that become jobs: the others are claimed by the consumers that these wake. */
export const wakeUpsForJobs = (wakeUps: readonly WakeUp[]): WakeUp[] =>
  SYSTEM_IDS.flatMap((systemId) => enough(wakeUps.filter((wakeUp) => wakeUp.systemId === systemId)))

export const publishWakeUps = async (queues: ReadonlyMap<string, JobQueue<WakeJob>>, wakeUps: readonly WakeUp[]): Promise<void> => {
  const chosen = wakeUpsForJobs(wakeUps)
  for (const [systemId, queue] of queues) {
    await queue.addAll(chosen.filter((wakeUp) => wakeUp.systemId === systemId).map(wakeJob))
  }
}

export const consumeTransfers = (
  store: QueueStore,
  systemIds: readonly SystemId[],
  concurrencyOf: (systemId: SystemId) => number,
  deliver: (systemId: SystemId) => Promise<'DONE' | 'NOTHING'>,
): void => {
  for (const systemId of systemIds) {
    store.consume<WakeJob>(transferQueueName(systemId), concurrencyOf(systemId), async (_wakeUp, isStopping) => {
      while (!isStopping() && (await deliver(systemId)) === 'DONE');
    })
  }
}
