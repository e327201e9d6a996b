import { setTimeout as pause } from 'node:timers/promises'
import { Repeater } from '@graphql-yoga/subscription'

const LOOK_EVERY_MS = 1_000

/** What something looks like now, and a mark that differs when it is worth telling. */
export interface Seen<Payload> {
  readonly payload: Payload
  readonly mark: string
}

/**
 * Follows something that no event tells of, by looking at it every second while somebody listens: the first look is told at once, then each that
 * differs from the one before. Stopping ends it at once; a look that fails ends it with that error.
 */
export const followByLooking = <Payload>(look: () => Promise<Seen<Payload>>): Repeater<Payload> =>
  new Repeater<Payload>(async (push, stop) => {
    const stopped = new AbortController()
    void stop.then(() => stopped.abort())
    for (let last: string | undefined; !stopped.signal.aborted; ) {
      const { payload, mark } = await look()
      if (mark !== last) await push(payload)
      last = mark
      await pause(LOOK_EVERY_MS, undefined, { signal: stopped.signal }).catch(() => undefined)
    }
  })
