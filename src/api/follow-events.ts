import { Repeater } from '@graphql-yoga/subscription'
import { invalidInput } from '../errors.js'
import type { LiveEvent, LiveEvents } from './dependencies.js'
import { checkEventId, compareEventIds } from './event-id.js'

/** How a subscription turns events into what it sends. */
export interface Following<Payload> {
  /** Cheap test by the event alone. */
  readonly wants: (event: LiveEvent) => boolean
  /** Payloads of the wanted events, in their order, those that the caller may see. */
  readonly load: (events: readonly LiveEvent[]) => Promise<readonly Payload[]>
}

const PAGE = 500
/** Events kept for a slow reader before it is sent back to the log. */
const MOST_WAITING = 5_000

/**
 * Follows the log of committed changes from an event id on (or from now). It first replays what the log holds and then takes what the
 * process is told; whatever it was told too early or twice it knows by the order of the ids. A reader too slow for what
 * comes goes back to replaying, so nothing is missed and memory is bounded. Stopping ends it at once. An id that is ahead of the log
 * (it comes from another database, or from before a restore) is refused: whoever waited for it would be told of nothing.
 */
export const followEvents = <Payload>(feed: LiveEvents, lastEventId: string | null, following: Following<Payload>): Repeater<Payload> => {
  if (lastEventId !== null) checkEventId(lastEventId)
  return new Repeater<Payload>(async (push, stop) => {
    let stopped = false
    let replaying = true
    let waiting: LiveEvent[] = []
    let wake: () => void = () => undefined
    void stop.then(() => {
      stopped = true
      wake()
    })
    const unsubscribe = feed.subscribe((events) => {
      waiting.push(...events)
      if (waiting.length > MOST_WAITING) {
        waiting = []
        replaying = true
      }
      wake()
    })
    try {
      const latest = await feed.latest()
      if (lastEventId !== null && compareEventIds(lastEventId, latest) > 0)
        throw invalidInput('EVENT_ID_AHEAD', 'lastEventId', 'Mã sự kiện cuối không thuộc luồng thay đổi này, hãy tải lại từ đầu.')
      let cursor = lastEventId ?? latest
      const pass = async (events: readonly LiveEvent[]): Promise<void> => {
        const news = events.filter((event) => compareEventIds(event.id, cursor) > 0)
        const wanted = news.filter(following.wants)
        if (wanted.length > 0) for (const payload of await following.load(wanted)) if (!stopped) await push(payload)
        cursor = news.at(-1)?.id ?? cursor
      }
      while (!stopped) {
        if (replaying) {
          replaying = false
          const page = await feed.since(cursor, PAGE)
          if (page.length === PAGE) replaying = true
          await pass(page)
        } else if (waiting.length > 0) {
          const events = waiting
          waiting = []
          await pass(events)
        } else {
          await new Promise<void>((resolve) => {
            wake = resolve
          })
        }
      }
    } finally {
      unsubscribe()
    }
  })
}
