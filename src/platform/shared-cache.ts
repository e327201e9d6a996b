import { Redis } from 'ioredis'

/**
 * Bộ nhớ đệm dùng chung: a cache in Redis for what several processes read. It only ever helps: when Redis is away, slow or full, everything is as if it
 * held nothing. What stands in it ends by itself; personal data may stand in it, so that Redis has to be kept as closely as the database.
 */
export interface SharedCache {
  get(key: string): Promise<{ readonly text: string; readonly remainingMs: number } | undefined>
  put(key: string, text: string, forMs: number): void
  forget(keys: readonly string[]): void
  close(): void
}

export interface SharedCacheOptions {
  readonly url: string
  /** Before every key: installations may share a Redis. */
  readonly prefix: string
  readonly onError: (error: Error) => void
}

/** A cache that takes longer is none. */
const ANSWER_MS = 100
const RECONNECT_MS = 2_000

export const openSharedCache = ({ url, prefix, onError }: SharedCacheOptions): SharedCache => {
  const redis = new Redis(url, {
    keyPrefix: prefix,
    enableOfflineQueue: false,
    enableAutoPipelining: true,
    maxRetriesPerRequest: 0,
    commandTimeout: ANSWER_MS,
    retryStrategy: () => RECONNECT_MS,
  })
  let told = false
  redis.on('error', (error: Error) => {
    // Once an outage: it is tried again every two seconds.
    if (!told) onError(error)
    told = true
  })
  redis.on('ready', () => {
    told = false
  })
  const settle = (work: Promise<unknown>): void => void work.catch(() => undefined)
  return {
    get: async (key) => {
      if (redis.status !== 'ready') return undefined
      const [text, remainingMs] = await Promise.all([redis.get(key), redis.pttl(key)]).catch(() => [null, 0] as const)
      return text === null || remainingMs <= 0 ? undefined : { text, remainingMs }
    },
    put: (key, text, forMs) => {
      if (redis.status === 'ready') settle(redis.set(key, text, 'PX', Math.max(1, Math.round(forMs))))
    },
    forget: (keys) => {
      if (keys.length > 0 && redis.status === 'ready') settle(redis.unlink(...keys))
    },
    close: () => redis.disconnect(),
  }
}
