import { createHash } from 'node:crypto'
import { Redis } from 'ioredis'
import { RateLimiterMemory, RateLimiterRedis } from 'rate-limiter-flexible'

/**
 * Giới hạn số lần: how often something may be done under a key in a time, counted in Redis for all processes together when there is one, else in this
 * process. While Redis is away each process counts for itself: the limit is then looser, never absent. Keys are kept as digests alone.
 */
export interface RateLimit {
  /** Counts one try. Seconds until the next one may be made; null: this one may. */
  take(key: string): Promise<number | null>
  /** Takes back a try that is not to count. */
  giveBack(key: string): Promise<void>
}

export interface RateRule {
  readonly tries: number
  readonly inSeconds: number
}

export interface RateLimits {
  /** `name` stands before its keys: one a kind of thing that is counted. */
  limit(name: string, rule: RateRule): RateLimit
  close(): void
}

export interface RateLimitsOptions {
  readonly redisUrl?: string | undefined
  /** Before every key: installations may share a Redis. */
  readonly prefix: string
  readonly onError: (error: Error) => void
}

/** A Redis that takes longer is none. */
const ANSWER_MS = 200
const RECONNECT_MS = 2_000

const openRedis = (url: string, onError: (error: Error) => void): Redis => {
  const redis = new Redis(url, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    commandTimeout: ANSWER_MS,
    retryStrategy: () => RECONNECT_MS,
  })
  let told = false
  redis.on('error', (error: Error) => {
    // Once an outage.
    if (!told) onError(error)
    told = true
  })
  redis.on('ready', () => {
    told = false
  })
  return redis
}

const digestOf = (key: string): string => createHash('sha256').update(key).digest('base64url')

const secondsOf = (refused: unknown): number => {
  if (refused instanceof Error) throw refused
  return Math.max(1, Math.ceil((refused as { readonly msBeforeNext: number }).msBeforeNext / 1_000))
}

export const openRateLimits = ({ redisUrl, prefix, onError }: RateLimitsOptions): RateLimits => {
  const redis = redisUrl === undefined ? undefined : openRedis(redisUrl, onError)
  return {
    limit: (name, { tries, inSeconds }) => {
      const settings = { keyPrefix: `${prefix}${name}`, points: tries, duration: inSeconds }
      const alone = new RateLimiterMemory(settings)
      const limiter = redis
        ? new RateLimiterRedis({ ...settings, storeClient: redis, insuranceLimiter: alone, rejectIfRedisNotReady: true })
        : alone
      return {
        take: async (key) => limiter.consume(digestOf(key)).then(() => null, secondsOf),
        giveBack: async (key) => void (await limiter.reward(digestOf(key))),
      }
    },
    close: () => redis?.disconnect(),
  }
}
