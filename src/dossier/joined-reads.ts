import DataLoader from 'dataloader'
import type { FailedRead } from '../ports/failed-read.js'
import type { RegistryRead } from '../ports/land-registry.js'

/**
 * Gộp lượt đọc: keys that any requests of this process ask for within the same moment travel in one call, and a key that is being read is not asked for
 * again: whoever loads it meanwhile shares that reading. But for one that began before we heard that the key has changed: then it is read anew.
 */
export interface JoinedReads<Key, Value> {
  /** Rejects with {@link ReadFailed} when the registry could not be read. */
  load(key: Key): Promise<Told<Value>>
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

export interface JoinedReadsOptions<Key, Value> {
  readonly read: (keys: readonly Key[]) => Promise<RegistryRead<Value>>
  readonly keyText: (key: Key) => string
  readonly valueText: (value: Value) => string
  readonly batchLimit: number
  /** While calls are under way, how long the next one waits for more keys, ms. With none under way it goes at the end of this turn of the event loop. */
  readonly windowMs: number
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

  const call = async (keys: readonly Key[]): Promise<(Told<Value> | ReadFailed)[]> => {
    const began = { ...options.moment(), readAtMs: performance.now() }
    underWay += 1
    const answer = await read(keys).finally(() => {
      underWay -= 1
    })
    options.onCall(answer.kind, keys.length)
    if (answer.kind === 'FAILED') {
      const failed = new ReadFailed(answer)
      return keys.map(() => failed)
    }
    const asOf = new Date(answer.asOf)
    const values = new Map(answer.values.map((value) => [valueText(value), value]))
    return keys.map((key) => ({ value: values.get(keyText(key)) ?? null, asOf, ...began }))
  }

  /**
   * One key that cannot be asked for, or that the registry will not hear of, spoils the call for those who happened to be in it: the half with the
   * bad key is halved again, up to twice the logarithm of the batch. Where both halves are refused it is not about a key.
   */
  const callApart = async (keys: readonly Key[], refused: readonly (Told<Value> | ReadFailed)[]): Promise<(Told<Value> | ReadFailed)[]> => {
    if (keys.length === 1 || !isRefused(refused)) return [...refused]
    const middle = Math.ceil(keys.length / 2)
    const halves = [keys.slice(0, middle), keys.slice(middle)]
    const answers = await Promise.all(halves.map(call))
    if (answers.every(isRefused)) return answers.flat()
    return (await Promise.all(halves.map((half, at) => callApart(half, answers[at] ?? [])))).flat()
  }

  const loader = new DataLoader<Key, Told<Value>, string>(
    async (keys): Promise<(Told<Value> | ReadFailed)[]> => {
      const beginning = { moment: options.moment().moment }
      for (const key of keys) begun.set(keyText(key), beginning)
      try {
        return await callApart(keys, await call(keys))
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
    load: (key) => {
      const beginning = begun.get(keyText(key))
      if (beginning && options.isForgottenSince(keyText(key), beginning.moment)) leave(key)
      return loader.load(key)
    },
  }
}

const isRefused = (answers: readonly unknown[]): boolean =>
  answers.some((answer) => answer instanceof ReadFailed && answer.read.shows !== undefined)
