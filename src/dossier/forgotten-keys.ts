import { LRUCache } from 'lru-cache'
import { isLaterEvent } from '../outbox/event-order.js'

/**
 * Những khóa đã thay đổi: which keys were said to have changed, and when. A reading that began before that is not kept, however late it ends; one that
 * another process has made is believed only when that process had seen the change already before it began to read. "When" is a
 * count of our own within this process and a place in the log between processes: no clock is compared with another one.
 */
export interface ForgottenKeys {
  /** A moment, to be asked about later. */
  now(): number
  /** Id of the last event that this process has heeded: goes with what it shares. */
  readonly heeded: string
  /** `place`: an event's id, or a place in the log behind a change of which we know otherwise. Of several the latest one counts. */
  forget(keys: readonly string[], place: string): void
  /** What others had read before they heeded this place is doubtful; null: of no place is it known that they had seen the change by then. */
  forgetAll(place: string | null): void
  /** After `forgetAll(null)`: a place behind the change is still to be told. */
  readonly isPlaceMissing: boolean
  /** Every event up to this one is heeded. */
  heed(eventId: string): void
  isForgottenSince(key: string, moment: number): boolean
  /** Whether another process that had heeded the log up to `heeded` may have read the key before it changed. */
  isDoubtful(key: string, heeded: string): boolean
}

interface Mark {
  readonly moment: number
  readonly place: string
}

const later = (left: string, right: string): string => (isLaterEvent(left, right) ? left : right)

/** Behind all that will ever be heeded. */
const NEVER = '9223372036854775807-0'

export const createForgottenKeys = (capacity = 50_000): ForgottenKeys => {
  let moment = 0
  let heeded = '0-0'
  /** What is not marked counts as changed then. */
  let floor: Mark = { moment: 0, place: '0-0' }
  const marks = new LRUCache<string, Mark>({
    max: capacity,
    dispose: (mark, _key, reason) => {
      if (reason !== 'evict') return
      floor = { moment: Math.max(floor.moment, mark.moment), place: later(mark.place, floor.place) }
    },
  })
  return {
    now: () => moment,
    get heeded() {
      return heeded
    },
    get isPlaceMissing() {
      return floor.place === NEVER
    },
    forget: (keys, place) => {
      moment += 1
      for (const key of keys) marks.set(key, { moment, place: later(place, marks.peek(key)?.place ?? place) })
    },
    forgetAll: (place) => {
      moment += 1
      const known = [...marks.values()].reduce((latest, mark) => later(mark.place, latest), floor.place === NEVER ? '0-0' : floor.place)
      floor = { moment, place: place === null ? NEVER : later(place, known) }
      marks.clear()
    },
    heed: (eventId) => {
      heeded = later(eventId, heeded)
    },
    isForgottenSince: (key, since) => (marks.peek(key)?.moment ?? floor.moment) > since,
    isDoubtful: (key, theirs) => isLaterEvent(later(marks.peek(key)?.place ?? floor.place, floor.place), theirs),
  }
}
