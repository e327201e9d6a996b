import type { LRUCache } from 'lru-cache'
import type { ForgottenKeys } from './forgotten-keys.js'
import { type JoinedReads, ReadFailed, type Told, whyUnread } from './joined-reads.js'
import { type CachedPart, createPartCache, freshForMs, type Lifetimes, mayBeGiven, type PartCache, type Wanted } from './part-cache.js'
import type { FreshRead, MissingMapping, ReadAsk, ReadState } from './read-ask.js'
import type { SharedParts } from './shared-parts.js'

/**
 * Reads one kind of thing of the land registry for many askers at once. From the nearest to the farthest: the cache of this process, the cache that gateways
 * share, a call (joined with others'), and when that fails or is late the last value known: in memory, else in the database.
 */
export interface PartReader<Key, Value> {
  read(key: Key, ask?: ReadAsk): Promise<FreshRead<Value>>
  /** Whoever asks from now on gets nothing that was read before. */
  forget(keys: readonly string[]): void
  forgetAll(): void
  readonly size: { readonly entries: number; readonly bytes: number }
}

export interface PartReaderOptions<Key, Value> {
  readonly keyText: (key: Key) => string
  readonly joined: JoinedReads<Key, Value>
  readonly lifetimes: Lifetimes
  readonly maxEntries: number
  readonly maxBytes: number
  readonly forgotten: ForgottenKeys
  readonly shared?: SharedParts<Value> | undefined
  /** Written down behind the answer's back. */
  readonly keep: (key: string, told: Told<Value>) => void
  readonly lastKept: (key: string) => Promise<{ readonly value: Value | null; readonly asOf: Date } | null>
  /** So long it is believed, when the registry cannot be asked, that it has no such thing. */
  readonly absentKnownMs: number
  readonly onAnswer: (how: ReadState | 'JOINED' | 'FAILED', ageMs: number | undefined) => void
}

const REFRESHING = 'Giá trị đọc trước đây, đang được đọc lại'
const AS_ASKED = 'Bản ghi đọc gần nhất, theo yêu cầu không hỏi phần mềm đất đai'
const ABSENT_AS_ASKED = 'Lần đọc gần nhất phần mềm đất đai trả lời không có; theo yêu cầu không hỏi lại'
const NEVER_READ = 'Chưa có bản ghi nào: phần này chưa từng được đọc, hoặc đã quá thời hạn lưu'
const lateWords = (maxWaitMs: number): string => `Phần mềm đất đai (ViLIS) chưa trả lời trong ${maxWaitMs} ms`

type LastKnown<Value> = Pick<CachedPart<Value>, 'value' | 'asOf'> & { readonly readAtMs?: number }

export const createPartReader = <Key, Value>(options: PartReaderOptions<Key, Value>): PartReader<Key, Value> => {
  const { keyText, joined, lifetimes, forgotten, shared, onAnswer } = options

  const call = async (text: string, key: Key, how?: 'ANEW'): Promise<CachedPart<Value>> => {
    const told = await joined.load(key, how)
    options.keep(text, told)
    if (!forgotten.isForgottenSince(text, told.moment)) shared?.put(text, told, freshForMs(told, lifetimes))
    return { value: told.value, asOf: told.asOf, readAtMs: told.readAtMs, isShared: false, failedBecause: null }
  }

  const cache: PartCache<Key, Value> = createPartCache({
    maxEntries: options.maxEntries,
    maxBytes: options.maxBytes,
    lifetimes,
    fetch: async (text, key) => (await shared?.get(text, lifetimes)) ?? call(text, key),
  })

  const shown = (
    part: LastKnown<Value>,
    state: ReadState,
    staleBecause: string | null,
    how: ReadState | 'JOINED' = state,
  ): FreshRead<Value> => {
    onAnswer(how, part.readAtMs === undefined ? undefined : performance.now() - part.readAtMs)
    return { value: part.value, known: part.value !== null, asOf: part.asOf, state, staleBecause }
  }
  const nothing = (state: ReadState, staleBecause: string): FreshRead<Value> => {
    onAnswer('FAILED', undefined)
    return { value: null, known: null, asOf: null, state, staleBecause }
  }

  /** What this process remembers, but for a "no" that has grown too old to be believed. */
  const stillKnown = (text: string): CachedPart<Value> | undefined => {
    const part = cache.peek(text, { allowStale: true })
    return part?.value === null && performance.now() - part.readAtMs > options.absentKnownMs ? undefined : part
  }

  /** The last value known, for want of a new one. The database may be away as well: then there is none. */
  const lastKnown = async (text: string, state: 'STALE' | 'LATE', because: string): Promise<FreshRead<Value>> => {
    const part = stillKnown(text) ?? (await options.lastKept(text).catch(() => null))
    return part ? shown(part, state, because) : nothing(state, because)
  }

  const failed = async (text: string, error: unknown): Promise<FreshRead<Value>> => {
    const missing = error instanceof ReadFailed ? missingOf(error) : undefined
    if (missing) return { ...(await lastKnown(text, 'STALE', missing.sentence)), missing }
    if (error instanceof ReadFailed || cache.peek(text, { allowStale: true })) return lastKnown(text, 'STALE', whyUnread(error))
    throw error
  }

  const readNow = async (text: string, key: Key): Promise<FreshRead<Value>> => {
    const moment = forgotten.now()
    const askedAtMs = performance.now()
    try {
      const part = await call(text, key, 'ANEW')
      const known = cache.peek(text, { allowStale: true })
      if (!forgotten.isForgottenSince(text, moment) && !(known && known.readAtMs > part.readAtMs))
        cache.set(text, part, { ttl: freshForMs(part, lifetimes) })
      return shown(part, 'LIVE', null, part.readAtMs < askedAtMs ? 'JOINED' : 'LIVE')
    } catch (error) {
      const known = cache.peek(text, { allowStale: true })
      if (known) known.failedBecause = whyUnread(error)
      return failed(text, error)
    }
  }

  const readCached = async (text: string, key: Key): Promise<FreshRead<Value>> => {
    const known = cache.peek(text, { allowStale: true })
    const status: LRUCache.Status<string, CachedPart<Value>, Wanted<Key>> = {}
    try {
      const part = await cache.fetch(text, { context: { key }, allowStale: known !== undefined && mayBeGiven(known, lifetimes), status })
      if (!part) throw new Error('the cache gave neither a value nor a reason')
      if (!status.returnedStale && part.isShared) return shown(part, 'CACHED', null)
      if (!status.returnedStale) return shown(part, 'LIVE', null, status.fetch === 'inflight' ? 'JOINED' : 'LIVE')
      return part.failedBecause === null ? shown(part, 'REFRESHING', REFRESHING) : shown(part, 'STALE', part.failedBecause)
    } catch (error) {
      return failed(text, error)
    }
  }

  const readSnapshot = async (text: string): Promise<FreshRead<Value>> => {
    const kept = await options.lastKept(text)
    return kept ? shown(kept, 'SNAPSHOT', kept.value === null ? ABSENT_AS_ASKED : AS_ASKED) : nothing('SNAPSHOT', NEVER_READ)
  }

  return {
    read: async (key, { mode = 'CACHED', maxWaitMs } = {}) => {
      const text = keyText(key)
      if (mode === 'SNAPSHOT') return readSnapshot(text)
      const fresh = mode === 'CACHED' ? cache.get(text) : undefined
      if (fresh) return shown(fresh, 'CACHED', null)
      const reading = mode === 'LIVE' ? readNow(text, key) : readCached(text, key)
      if (maxWaitMs === undefined) return reading
      return withinMs(reading, maxWaitMs, () => lastKnown(text, 'LATE', lateWords(maxWaitMs)))
    },
    forget: (keys) => {
      for (const key of keys) cache.delete(key)
      shared?.forget(keys)
    },
    forgetAll: () => cache.clear(),
    get size() {
      return { entries: cache.size, bytes: cache.calculatedSize }
    },
  }
}

const missingOf = ({ read }: ReadFailed): MissingMapping | undefined =>
  read.missing === undefined ? undefined : { field: read.missing, sentence: read.cause.replace(/\.$/, '') }

/** What is late goes on by itself: it ends by its own deadline, and nobody is left to be told. */
const withinMs = <Result>(work: Promise<Result>, ms: number, instead: () => Promise<Result>): Promise<Result> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(() => instead().then(resolve, reject), ms)
    work.then(resolve, reject).finally(() => clearTimeout(timer))
  })
