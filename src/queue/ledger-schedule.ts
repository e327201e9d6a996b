import type { QueueStore } from './queue-store.js'

/**
 * Lịch giữ sổ thời gian: BullMQ's scheduler wakes one worker every so often, however many run. The mark in the database gives the work to one at a time; a round that
 * takes longer than the interval goes on, and the rounds that come meanwhile find it at work.
 */
const QUEUE = 'time-ledger'

/** Puts the schedule into the store; calling again (after the store was wiped) restores it. */
export const scheduleLedger = (store: QueueStore, everyMs: number): Promise<void> =>
  store.queue<Record<string, never>>(QUEUE).every('time-ledger', everyMs, {})

export const consumeLedger = (store: QueueStore, keep: (isStopping: () => boolean) => Promise<void>): void => {
  store.consume<Record<string, never>>(QUEUE, 1, (_job, isStopping) => keep(isStopping))
}
