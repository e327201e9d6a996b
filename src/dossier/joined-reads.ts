import DataLoader from 'dataloader'
import { LRUCache } from 'lru-cache'
import { describeStopped, READ_FAILURES, UNREAD } from '../model/read-failure.js'
import type { FailedRead } from '../ports/failed-read.js'
import type { RegistryRead } from '../ports/land-registry.js'

/**
 * Gộp lượt đọc: keys that any requests of this process ask for within the same moment travel in one call, and a key that is being read is not asked for
 * again: whoever loads it meanwhile shares that reading. But for one that began before we heard that the key has changed: then it is read anew.
 */
export interface JoinedReads<Key, Value> {
  /** Rejects with {@link ReadFailed} when the registry could not be read. ANEW: also a key whose row nobody could read a while ago. */
  load(key: Key, how?: 'ANEW'): Promise<Told<Value>>
}

/** What the registry told of one key. */
export interface Told<Value> {
  /** Null: it has no such thing. */
  readonly value: Value | null
  /** By its own clock. */
  readonly asOf: Date
  /** Of `performance.now()`: when the call began. */
  readonly readAtMs: number
  /** Of `ForgottenKeys`: when the call began. */
  readonly moment: number
  readonly heeded: string
}

export class ReadFailed extends Error {
  override readonly name = 'ReadFailed'

  constructor(readonly read: FailedRead) {
    super(read.cause)
  }
}

/** Why there is no new value, for who reads. */
export const whyUnread = (error: unknown): string => {
  const { why, stopped } = error instanceof ReadFailed ? error.read : {}
  if (stopped) return describeStopped(stopped)
  return why === undefined ? UNREAD : READ_FAILURES[why]
}

export interface JoinedReadsOptions<Key, Value> {
  readonly read: (keys: readonly Key[]) => Promise<RegistryRead<Value>>
  readonly keyText: (key: Key) => string
  readonly valueText: (value: Value) => string
  readonly batchLimit: number
  /** While calls are under way, how long the next one waits for more keys, ms. With none under way it goes at the end of this turn of the event loop. */
  readonly windowMs: number
  /** So long a key whose row nobody can read is not asked for again. */
  readonly spoiltMs: number
  readonly moment: () => Pick<Told<unknown>, 'moment' | 'heeded'>
  /** Of `ForgottenKeys`. */
  readonly isForgottenSince: (key: string, moment: number) => boolean
  readonly onCall: (outcome: 'READ' | 'FAILED', keys: number) => void
}

export const createJoinedReads = <Key, Value>(options: JoinedReadsOptions<Key, Value>): JoinedReads<Key, Value> => {
  const { read, keyText, valueText, windowMs } = options
  let underWay = 0
  /** When the reading of a key began that is under way; the loader keeps it for whoever asks meanwhile. */
  const begun = new Map<string, { readonly moment: number }>()

  const spoilt = new LRUCache<string, { readonly failed: ReadFailed; readonly moment: number }>({
    max: SPOILT_KEPT,
    ttl: options.spoiltMs || 1,
    ttlResolution: 0,
  })

  /** Until then a batch of which everything is refused is not asked for in small parts: the last one was refused whole, and nothing was read since. */
  let waryUntilMs = 0

  const call = async (keys: readonly Key[]): Promise<Answers<Value>> => {
    const began = { ...options.moment(), readAtMs: performance.now() }
    underWay += 1
    const answer = await read(keys).finally(() => {
      underWay -= 1
    })
    options.onCall(answer.kind, keys.length)
    const notAsked = (place: number): ReadFailed | undefined => {
      const failed = answer.notAsked?.get(place)
      return failed && new ReadFailed(failed)
    }
    if (answer.kind === 'FAILED') {
      const failed = new ReadFailed(answer)
      const [alone, ...others] = keys
      if (alone !== undefined && others.length === 0 && answer.spoiltByRow) spoilt.set(keyText(alone), { failed, moment: began.moment })
      return keys.map((_key, place) => notAsked(place) ?? failed)
    }
    waryUntilMs = 0
    for (const key of keys) spoilt.delete(keyText(key))
    const asOf = new Date(answer.asOf)
    const values = new Map(answer.values.map((value) => [valueText(value), value]))
    return keys.map((key, place) => notAsked(place) ?? { value: values.get(keyText(key)) ?? null, asOf, ...began })
  }

  /**
   * One key that the registry will not hear of, or whose row nobody can read, spoils the call for those who happened to be in it:
   * what was refused is asked for again in halves, a few at a time, until each bad key stands alone or enough was asked: what is left then is told why its part
   * failed. Where every part of so many is refused it is about no key but about whoever asks, and the next batches are not asked for as often.
   */
  const callApart = async (keys: readonly Key[]): Promise<Answers<Value>> => {
    let parts: readonly Part<Key, Value>[] = [{ keys, answers: await call(keys) }]
    let calls = 1
    for (;;) {
      const enough = 1 + (performance.now() < waryUntilMs ? MOST_BAD_WHEN_WARY : MOST_BAD_KEYS)
      const refused = parts.filter((part) => part.keys.length > 1 && isRefused(part))
      const areAllRefused = parts.every(isRefused)
      const isOfAll = parts.length > 1 && parts.length >= enough && areAllRefused
      const isSpread = parts.length >= enough / 2
      const splits = Math.min(isSpread && areAllRefused ? 1 : SPLITS_AT_ONCE, Math.floor((MOST_CALLS - calls) / 2))
      if (isOfAll) waryUntilMs = performance.now() + options.spoiltMs
      if (refused.length === 0 || isOfAll || splits < 1) return parts.flatMap(({ answers }) => answers)
      // The largest first, while bad keys may lie together; then the smallest, one part alone as long as nothing was read, so that some stand alone, and are known, when it has to end.
      const bySize = refused.toSorted((a, b) => (isSpread ? a.keys.length - b.keys.length : b.keys.length - a.keys.length))
      const next = bySize.slice(0, splits)
      const halves = await Promise.all(next.map((part) => callHalves(part.keys)))
      calls += halves.flat().filter(wasAsked).length
      parts = parts.flatMap((part) => halves[next.indexOf(part)] ?? [part])
    }
  }

  const callHalves = (keys: readonly Key[]): Promise<Part<Key, Value>[]> => {
    const middle = Math.ceil(keys.length / 2)
    const halves = [keys.slice(0, middle), keys.slice(middle)]
    return Promise.all(halves.map(async (half) => ({ keys: half, answers: await call(half) })))
  }

  const loader = new DataLoader<Key, Told<Value>, string>(
    async (keys): Promise<Answers<Value>> => {
      const beginning = { moment: options.moment().moment }
      for (const key of keys) begun.set(keyText(key), beginning)
      try {
        return await callApart(keys)
      } finally {
        for (const key of keys) if (begun.get(keyText(key)) === beginning) leave(key)
      }
    },
    {
      cacheKeyFn: keyText,
      maxBatchSize: options.batchLimit,
      batchScheduleFn: (dispatch) => {
        if (underWay > 0 && windowMs > 0) setTimeout(dispatch, windowMs)
        else setImmediate(dispatch)
      },
    },
  )
  const leave = (key: Key): void => {
    begun.delete(keyText(key))
    loader.clear(key)
  }
  return {
    load: (key, how) => {
      const text = keyText(key)
      const known = how === 'ANEW' ? undefined : spoilt.get(text)
      if (known && !options.isForgottenSince(text, known.moment)) return Promise.reject(known.failed)
      const beginning = begun.get(text)
      if (beginning && options.isForgottenSince(text, beginning.moment)) leave(key)
      return loader.load(key)
    },
  }
}

type Answers<Value> = readonly (Told<Value> | ReadFailed)[]

/** What was asked for in one call, and what came of it. */
interface Part<Key, Value> {
  readonly keys: readonly Key[]
  readonly answers: Answers<Value>
}

/** Of one batch: two bad keys of fifty are told from the good ones; more of them by the next batches, for those that stood alone are known. */
const MOST_CALLS = 24
/** Each is two calls. */
const SPLITS_AT_ONCE = 2
const SPOILT_KEPT = 1_000

/** With more parts than so many bad keys can spoil, all of them refused, it is about no key. */
const MOST_BAD_KEYS = 7
const MOST_BAD_WHEN_WARY = 1

const failuresOf = ({ answers }: Part<unknown, unknown>): FailedRead[] =>
  answers.flatMap((answer) => (answer instanceof ReadFailed ? [answer.read] : []))

const isRefused = (part: Part<unknown, unknown>): boolean => failuresOf(part).some(({ spoiltByRow }) => spoiltByRow)

/** What cannot be sent costs the registry nothing. */
const wasAsked = ({ answers }: Part<unknown, unknown>): boolean =>
  answers.some((answer) => !(answer instanceof ReadFailed) || answer.read.shows !== 'SILENT')
