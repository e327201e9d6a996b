import type { Database } from '../platform/database.js'
import { markPublished, takeWakeUps, type WakeUp } from './outbox-repository.js'

/**
 * Chuyển tiếp hộp thư đi: publishes the wake-ups of committed changes. Several relays may run: each takes other rows
 * (SKIP LOCKED). A crash between publishing and marking publishes twice, which does no harm: a wake-up is only a hint that the
 * table has work. A process that has just committed a change pokes its own relay; the poll of half a second is the guarantee.
 */
export interface Relay {
  /** Publishes soon; calls during a run are joined to one more run. */
  poke(): void
  /** One pass over all that is unpublished now. */
  runOnce(): Promise<number>
  stop(): Promise<void>
}

export interface RelayOptions {
  readonly db: Database
  readonly publish: (wakeUps: readonly WakeUp[]) => Promise<void>
  /**
   * Told which wake-ups are about to be published. Commits by itself, outside of the relay's transaction: a wake-up that
   * appears while its transfer's row is still locked brings a claim that passes the row over, and is lost.
   */
  readonly beforePublish: (wakeUps: readonly WakeUp[]) => Promise<void>
  readonly onError: (error: unknown) => void
  readonly pollMs: number
  readonly batchSize: number
}

export const startRelay = (options: RelayOptions): Relay => {
  let stopped = false
  let again = false
  let running: Promise<void> | undefined

  const runOnce = async (): Promise<number> => {
    let total = 0
    for (let full = true; full && !stopped; ) {
      const taken = await publishBatch(options)
      total += taken
      full = taken === options.batchSize
    }
    return total
  }

  const poke = (): void => {
    again = true
    if (running || stopped) return
    running = (async () => {
      while (again && !stopped) {
        again = false
        await runOnce().catch(options.onError)
      }
      running = undefined
    })()
  }

  const timer = setInterval(poke, options.pollMs)
  poke()
  return {
    poke,
    runOnce,
    stop: async () => {
      stopped = true
      clearInterval(timer)
      await running
    },
  }
}

const publishBatch = ({ db, publish, beforePublish, batchSize }: RelayOptions): Promise<number> =>
  db.transaction(async (tx) => {
    const wakeUps = await takeWakeUps(tx, batchSize)
    if (wakeUps.length === 0) return 0
    await beforePublish(wakeUps)
    await publish(wakeUps)
    await markPublished(
      tx,
      wakeUps.map((wakeUp) => wakeUp.outboxId),
    )
    return wakeUps.length
  })
