import { errorCode } from '../platform/start-error.js'

/**
 * Hàng đợi không tới được: while the store of the queue is away, dossiers are taken in all the same and none is lost; they wait in the table. That it is away
 * is told once, then once a minute, and when it is back: whoever tries meanwhile (each queue and each consumer, again and again) is counted, not told.
 */
export interface StoreOutage {
  readonly since: Date
  /** Tries that came to nothing so far. */
  readonly failures: number
  /** Why, by a code; the name of the error where there is none. */
  readonly cause: string
}

export interface StoreWatch {
  /** Undefined: it answers. */
  outage(): StoreOutage | undefined
  /** An error that somebody has met. */
  failed(error: unknown): void
  stop(): void
}

export interface StoreWatchOptions {
  /** Resolves when the store answers; may take for ever, or reject. */
  readonly ask: () => Promise<unknown>
  /** Between two questions; one that is not answered in as long is an outage. */
  readonly askEveryMs: number
  readonly tellEveryMs: number
  readonly onOutage: (told: StoreOutage & { readonly kind: 'BEGUN' | 'GOES_ON' | 'OVER' }) => void
  /** Errors that are none of a store that is away. */
  readonly onError: (error: Error) => void
}

const AWAY = ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'EHOSTDOWN']
/** In the words of ioredis and of BullMQ, for a connection that has gone. */
const GONE = /^(Connection is closed|Stream isn't writeable|Command timed out|connect ETIMEDOUT|Reached the max retries)/
/** In those of Redis, of whatever it is asked: while it reads its own file, and when it does not take our account any more. */
const REFUSES = /^(LOADING|NOAUTH|WRONGPASS) /

const wordsOf = (error: unknown): string | undefined => {
  if (!(error instanceof Error)) return undefined
  return REFUSES.exec(error.message)?.[1] ?? (GONE.test(error.message) ? 'DISCONNECTED' : wordsOf(error.cause))
}

/** What lies behind an error may be of another server, for which the work of a job has failed: there a code of the network tells nothing. */
const causeOf = (error: unknown): string | undefined => {
  const code = errorCode(error)
  return code !== undefined && AWAY.includes(code) ? code : wordsOf(error)
}

export const watchStore = ({ ask, askEveryMs, tellEveryMs, onOutage, onError }: StoreWatchOptions): StoreWatch => {
  let outage: StoreOutage | undefined
  let telling: NodeJS.Timeout | undefined
  let asking = false
  let stopped = false

  const away = (cause: string): void => {
    if (stopped) return
    if (outage) {
      outage = { ...outage, failures: outage.failures + 1 }
      return
    }
    outage = { since: new Date(), failures: 1, cause }
    onOutage({ kind: 'BEGUN', ...outage })
    telling = setInterval(() => outage && onOutage({ kind: 'GOES_ON', ...outage }), tellEveryMs).unref()
  }
  const back = (): void => {
    clearInterval(telling)
    if (outage && !stopped) onOutage({ kind: 'OVER', ...outage })
    outage = undefined
  }
  const failed = (error: unknown): void => {
    const cause = causeOf(error)
    if (cause !== undefined) away(cause)
    else if (error instanceof Error) onError(error)
  }
  /** One question at a time: it waits in line while the connection is made anew, and its answer is the end of the outage. */
  const question = async (): Promise<void> => {
    asking = true
    await ask().then(back, failed)
    asking = false
  }
  const look = (): void => {
    if (asking) away('NO_ANSWER')
    else void question()
  }
  const timer = setInterval(look, askEveryMs).unref()
  return {
    outage: () => outage,
    failed,
    stop: () => {
      stopped = true
      clearInterval(timer)
      clearInterval(telling)
    },
  }
}
