import type { QueueStore } from './queue-store.js'

/**
 * Lịch xét cảnh báo: BullMQ's scheduler gives each turn to one worker, however many run. A turn looks at the rules and then sends what is due; a mail server that does
 * not answer holds up no look, for the next turn has a place of its own and leaves the sending out. While the store is away, which people must hear of then and not
 * afterwards, each worker takes the turns by its own clock: of several that look or send at once, each trouble is told by one.
 */
export interface AlertTurn {
  look(): Promise<void>
  send(isStopping: () => boolean): Promise<void>
}

const QUEUE = 'alerts'
const PLACES = 2

/** Puts the schedule into the store; calling again (after the store was wiped) restores it. */
export const scheduleAlerts = (store: QueueStore, everyMs: number): Promise<void> =>
  store.queue<Record<string, never>>(QUEUE).every('alerts', everyMs, {})

/** What is under way already is left out. */
const oneAtATime = (work: (isStopping: () => boolean) => Promise<void>): typeof work => {
  let underWay = false
  return async (isStopping) => {
    if (underWay) return
    underWay = true
    try {
      await work(isStopping)
    } finally {
      underWay = false
    }
  }
}

export const consumeAlerts = (
  store: QueueStore,
  turn: AlertTurn,
  { everyMs, onError }: { readonly everyMs: number; readonly onError: (error: unknown) => void },
): { stop(): Promise<void> } => {
  const look = oneAtATime(() => turn.look())
  const send = oneAtATime((isStopping) => turn.send(isStopping))
  const take = async (isStopping: () => boolean): Promise<void> => {
    try {
      await look(isStopping)
    } finally {
      await send(isStopping)
    }
  }
  store.consume(QUEUE, PLACES, (_turn, isStopping) => take(isStopping))
  const underWay = new Set<Promise<void>>()
  let stopped = false
  const takeWhileAway = (): void => {
    if (store.standing()?.awaySince === undefined) return
    const taken = take(() => stopped)
      .catch(onError)
      .finally(() => underWay.delete(taken))
    underWay.add(taken)
  }
  const timer = setInterval(takeWhileAway, everyMs).unref()
  return {
    stop: async () => {
      stopped = true
      clearInterval(timer)
      await Promise.all(underWay)
    },
  }
}
