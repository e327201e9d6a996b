import { LRUCache } from 'lru-cache'
import { whyUnread } from './joined-reads.js'
import type { RegistryKind } from './registry-snapshot-repository.js'

/** Thời hạn của một loại dữ liệu, ms. */
export interface Lifetimes {
  /** A value counts as new for so long. */
  readonly freshMs: number
  /** And then is given for so long while it is being read again. */
  readonly staleMs: number
  /** "There is no such thing" counts for so long, and is not given after that. */
  readonly absentMs: number
}

/** A value in the cache of this process. */
export interface CachedPart<Value> {
  /** Null: the registry has no such thing. */
  readonly value: Value | null
  readonly asOf: Date
  /** Of `performance.now()`. */
  readonly readAtMs: number
  /** Another process read it, and it was taken from what they share. */
  readonly isShared: boolean
  /** It was tried to read it again since, in vain: a sentence that says why. */
  failedBecause: string | null
}

/** What a reading needs beside the text of its key. */
export interface Wanted<Key> {
  readonly key: Key
}

export type PartCache<Key, Value> = LRUCache<string, CachedPart<Value>, Wanted<Key>>

export interface PartCacheOptions<Key, Value> {
  readonly maxEntries: number
  readonly maxBytes: number
  /** Reads one value anew. Rejects when it cannot. */
  readonly fetch: (text: string, key: Key) => Promise<CachedPart<Value>>
  readonly lifetimes: Lifetimes
}

/** A value's bytes are estimated by its JSON: two a character, and what the entry itself takes. */
const ENTRY_BYTES = 300
const bytesOf = (value: unknown): number => ENTRY_BYTES + (value === null ? 0 : JSON.stringify(value).length * 2)

/** How much longer a value counts as new, ms; at least 1, for the cache takes 0 as "for ever". */
export const freshForMs = ({ value, readAtMs }: Pick<CachedPart<unknown>, 'value' | 'readAtMs'>, lifetimes: Lifetimes): number =>
  Math.max(1, readAtMs + (value === null ? lifetimes.absentMs : lifetimes.freshMs) - performance.now())

/** Whether a value that is no longer new may be given while it is being read again. */
export const mayBeGiven = ({ value, readAtMs }: CachedPart<unknown>, { freshMs, staleMs }: Lifetimes): boolean =>
  value !== null && performance.now() - readAtMs < freshMs + staleMs

/**
 * Bounded in entries and bytes, the longest unused forgotten first. Who reads a key that is being read waits for the same reading; a failed one leaves what
 * was there, and one that was forgotten while it was under way is given to those who wait and not kept.
 */
export const createPartCache = <Key, Value>(options: PartCacheOptions<Key, Value>): PartCache<Key, Value> =>
  new LRUCache<string, CachedPart<Value>, Wanted<Key>>({
    max: options.maxEntries,
    maxSize: options.maxBytes,
    sizeCalculation: ({ value }) => bytesOf(value),
    ttl: options.lifetimes.freshMs || 1,
    ttlResolution: 0,
    noDeleteOnStaleGet: true,
    noDeleteOnFetchRejection: true,
    ignoreFetchAbort: true,
    fetchMethod: async (text, stale, { context, options: set }) => {
      try {
        const part = await options.fetch(text, context.key)
        set.ttl = freshForMs(part, options.lifetimes)
        return part
      } catch (error) {
        if (stale) stale.failedBecause = whyUnread(error)
        throw error
      }
    },
  })

/** What the cache holds now. */
export interface CacheReading {
  readonly kind: RegistryKind
  readonly entries: number
  readonly bytes: number
}
