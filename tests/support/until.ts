import { setTimeout as pause } from 'node:timers/promises'

const PATIENCE_MS = 25_000
const LOOK_AGAIN_MS = 25

/** Waits for real queues and real processes: until `look` gives something true, or fails with what was waited for. */
export const until = async <Seen>(what: string, look: () => Promise<Seen | false | undefined>): Promise<Seen> => {
  const deadline = Date.now() + PATIENCE_MS
  for (;;) {
    const seen = await look()
    if (seen !== false && seen !== undefined) return seen
    if (Date.now() > deadline) throw new Error(`waited in vain until ${what}`)
    await pause(LOOK_AGAIN_MS)
  }
}
