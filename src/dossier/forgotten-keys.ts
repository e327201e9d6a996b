import { LRUCache } from 'lru-cache'
import { isLaterEvent } from '../outbox/event-order.js'

/**
 * Những khóa đã thay đổi: which keys were said to have changed, and when. A reading that began before that is not kept, however late it ends; one that
 * another process has made is believed only when that process had seen the change already before it began to read. "When" is a
 * count of our own within this process and the event's id between processes: no clock is compared with another one.
 */
export interface ForgottenKeys {
  /** A moment, to be asked about later. */
  now(): number
  /** Id of the last event that this process has heeded: goes with what it shares. */
  readonly heeded: string
  /** `eventId` null: we changed it ourselves just now, and its event is still to come. */
  forget(keys: readonly string[], eventId: string | null): void
  /** What others had read before they heeded this event is doubtful; null: the last one that we heeded. */
  forgetAll(eventId: string | null): void
  /** Every event up to this one is heeded. */
  heed(eventId: string): void
  isForgottenSince(key: string, moment: number): boolean
  /** Whether another process that had heeded the log up to `heeded` may have read the key before it changed. */
  isDoubtful(key: string, heeded: string): boolean
}

interface Mark {
  readonly moment: number
  readonly eventId: string | null
}

const later = (left: string, right: string): string => (isLaterEvent(left, right) ? left : right)

export const createForgottenKeys = (capacity = 50_000): ForgottenKeys => {
  let moment = 0
  let heeded = '0-0'
  /** What is not marked counts as changed then. */
  let floor: { readonly moment: number; readonly eventId: string } = { moment: 0, eventId: '0-0' }
  const marks = new LRUCache<string, Mark>({
    max: capacity,
    dispose: (mark, _key, reason) => {
      if (reason !== 'evict') return
      const eventId = mark.eventId ?? heeded
      floor = { moment: Math.max(floor.moment, mark.moment), eventId: later(eventId, floor.eventId) }
    },
  })
  return {
    now: () => moment,
    get heeded() {
      return heeded
    },
    forget: (keys, eventId) => {
      moment += 1
      for (const key of keys) marks.set(key, { moment, eventId })
    },
    forgetAll: (eventId) => {
      moment += 1
      floor = { moment, eventId: later(eventId ?? heeded, floor.eventId) }
      marks.clear()
    },
    heed: (eventId) => {
      heeded = later(eventId, heeded)
    },
    isForgottenSince: (key, since) => (marks.peek(key)?.moment ?? floor.moment) > since,
    isDoubtful: (key, theirs) => {
      const mark = marks.peek(key)
      if (mark?.eventId === null) return true
      return isLaterEvent(mark?.eventId ?? floor.eventId, theirs)
    },
  }
}
