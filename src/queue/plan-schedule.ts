import type { QueueStore } from './queue-store.js'

/**
 * Lịch làm việc với kế hoạch gửi lại: BullMQ's scheduler wakes one worker every so often, however many run. The plans themselves are given out by leases in
 * their table, so a round that takes longer than the interval meets the next one in another worker, which takes the plans that are left.
 */
const QUEUE = 'replay-plan'

/** Rounds at a time in one worker: a long plan holds up no other. */
const CONCURRENCY = 2

/** Puts the schedule into the store; calling again (after the store was wiped) restores it. */
export const schedulePlanWork = (store: QueueStore, everyMs: number): Promise<void> =>
  store.queue<Record<string, never>>(QUEUE).every('replay-plans', everyMs, {})

export const consumePlanWork = (store: QueueStore, work: (isStopping: () => boolean) => Promise<void>): void => {
  store.consume<Record<string, never>>(QUEUE, CONCURRENCY, (_job, isStopping) => work(isStopping))
}
