import { setTimeout as pause } from 'node:timers/promises'
import { SYSTEM_IDS, type SystemId } from '../model/system.js'
import type { WakeUp } from '../outbox/outbox-repository.js'
import type { Rest } from '../transfer/deliver-transfer.js'
import type { Job, JobQueue, QueueStore } from './queue-store.js'

/**
 * Hàng đợi đánh thức: one queue a system, so that a slow system keeps only its own consumers busy. A job says "this system has
 * work", no more: its consumer takes the system's most urgent eligible transfer from the table, and goes on until none is left. So a
 * backlog needs as many wake-ups as there are consumers to wake, not one a transfer.
 */
export interface WakeJob {
  /** For whoever looks into the queue; none when it was left to be tried again later. */
  readonly transferId?: string
}

export const transferQueueName = (systemId: SystemId): string => `transfer-${systemId}`

/** Of the systems that are switched on: what is waked for another one nobody would ever take out. Switched on, it is waked by the guardian. */
export const transferQueues = (store: QueueStore, systemIds: Iterable<SystemId>): ReadonlyMap<SystemId, JobQueue<WakeJob>> =>
  new Map([...systemIds].map((systemId) => [systemId, store.queue<WakeJob>(transferQueueName(systemId))]))

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

/** Waits that a consumer spends in its place; for longer ones it leaves a wake-up and goes. */
const MAX_WAIT_IN_PLACE_MS = 1_000

export const consumeTransfers = (
  store: QueueStore,
  systemIds: readonly SystemId[],
  concurrencyOf: (systemId: SystemId) => number,
  deliver: (systemId: SystemId, goesOn: () => boolean) => Promise<Rest>,
): void => {
  for (const systemId of systemIds) {
    const queue = store.queue<WakeJob>(transferQueueName(systemId))
    store.consume<WakeJob>(transferQueueName(systemId), concurrencyOf(systemId), async (_wakeUp, isStopping) => {
      while (!isStopping()) {
        const rest = await deliver(systemId, () => !isStopping())
        if (rest.kind === 'NOTHING') return
        if (rest.waitMs > MAX_WAIT_IN_PLACE_MS) return queue.addAll([wakeLater(rest)])
        await pause(rest.waitMs)
      }
    })
  }
}

/** One for all consumers of all processes that wait for the same instant. */
const wakeLater = ({ at, waitMs }: Rest & { kind: 'LATER' }): Job<WakeJob> => ({
  name: 'wake',
  id: `later-${at.getTime()}`,
  data: {},
  delayMs: waitMs,
})
