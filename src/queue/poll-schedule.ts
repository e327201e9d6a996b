import { SYSTEM_IDS, type SystemId } from '../model/system.js'
import type { QueueStore } from './queue-store.js'

/**
 * Lịch đọc thay đổi: BullMQ's scheduler gives each turn of a system's poll to one worker, however many run. A poll that takes longer than its interval may
 * meet the next one in another worker: both read the same, and what they read is stored once.
 */
interface PollJob {
  readonly systemId: SystemId
}

const QUEUE = 'poll'

export interface PollPlan {
  readonly systemId: SystemId
  readonly everyMs: number
}

/** Puts the schedule into the store; calling again (after the store was wiped) restores it. */
export const schedulePolls = async (store: QueueStore, plans: readonly PollPlan[]): Promise<void> => {
  const queue = store.queue<PollJob>(QUEUE)
  for (const { systemId, everyMs } of plans) await queue.every(`poll-${systemId}`, everyMs, { systemId })
}

/**
 * Each system has a place of its own: one that hangs holds up no other's poll, and a poll that comes while the one before goes on is left out. One after
 * which there is more to read (true) is followed by the next at once.
 */
export const consumePolls = (store: QueueStore, poll: (systemId: SystemId, isStopping: () => boolean) => Promise<boolean>): void => {
  const underWay = new Set<SystemId>()
  store.consume<PollJob>(QUEUE, SYSTEM_IDS.length, async ({ systemId }, isStopping) => {
    if (underWay.has(systemId)) return
    underWay.add(systemId)
    try {
      let isBehind = true
      while (isBehind && !isStopping()) isBehind = await poll(systemId, isStopping)
    } finally {
      underWay.delete(systemId)
    }
  })
}
