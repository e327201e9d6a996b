import type { SystemId } from '../model/system.js'
import type { QueueStore } from './queue-store.js'

/** Lịch đọc thay đổi: BullMQ's scheduler gives each system's poll to one worker at a time, however many run. */
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

export const consumePolls = (store: QueueStore, poll: (systemId: SystemId) => Promise<unknown>): void => {
  store.consume<PollJob>(QUEUE, 2, async ({ systemId }) => {
    await poll(systemId)
  })
}
