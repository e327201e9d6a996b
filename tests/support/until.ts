import { setTimeout as pause } from 'node:timers/promises'
import type { TestSystem } from './test-system.js'

/**
 * Longer than the product itself may take when one call runs out of time or one worker dies: a lease of fifty seconds, then the other side asked until its longest
 * processing time is over, sixty after the sending; or a job of the queue that is given to another consumer a minute and a half later.
 */
const PATIENCE_MS = 180_000
/** Soon at first; then seldom enough to leave the machine to what is waited for. */
const LOOK_AGAIN_MS = [10, 40] as const
const SLOWER_BY = 1.2

/** Waits for real queues and real processes: until `look` gives something true, or fails with what was waited for and what `tell` sees instead. */
export const until = async <Seen>(
  what: string,
  look: () => Promise<Seen | false | undefined>,
  patienceMs: number = PATIENCE_MS,
  tell: () => Promise<unknown> = async () => undefined,
): Promise<Seen> => {
  const deadline = Date.now() + patienceMs
  const [soon, seldom] = LOOK_AGAIN_MS
  for (let again: number = soon; ; again = Math.min(again * SLOWER_BY, seldom)) {
    const seen = await look()
    if (seen !== false && seen !== undefined) return seen
    if (Date.now() > deadline) {
      const instead = await tell()
      throw new Error(`waited in vain until ${what}${instead === undefined ? '' : `: ${JSON.stringify(instead)}`}`)
    }
    await pause(again)
  }
}

/** The relay holds the rows that it marks for a moment, and a claim passes over them: a test that counts claims waits until all are marked. */
export const relayed = ({ context }: TestSystem): Promise<true> =>
  until('the relay has marked all that is planned', async () => {
    const [planned] = await context.db.query<{ count: number }>(`SELECT count(*)::int AS count FROM transfer WHERE state = 'PLANNED'`)
    return planned?.count === 0
  })
