import { isUnavailable } from '../errors.js'
import type { Sql } from '../platform/database.js'
import { type NewSnapshot, pruneSnapshots, type RegistryKind, type SnapshotRow, writeSnapshots } from './registry-snapshot-repository.js'

/**
 * Ghi lại những gì vừa đọc: writes what was read behind the answers' backs, several in one statement. No answer waits for it: what comes while the
 * database is away or slow is kept up to a bound, of each thing the last value; beyond it the oldest are let go, and will be written when they are
 * read again.
 */
export interface SnapshotKeeper {
  /** `readAtMs`: of `performance.now()`. */
  keep(snapshot: Omit<NewSnapshot, 'ageMs'> & { readonly readAtMs: number }): void
  /** What is not in the database yet of a key: it waits to be written, or is being written. */
  waiting(kind: RegistryKind, key: string): SnapshotRow | undefined
  /** Tries once to write what waits. */
  stop(): Promise<void>
}

export interface SnapshotKeeperOptions {
  readonly db: Sql
  readonly keepDays: number
  readonly absentHours: number
  readonly onError: (error: unknown) => void
  readonly onLost: (count: number) => void
}

const WRITE_AFTER_MS = 500
/** While more waits than one statement takes. */
const SOON_MS = 50
const BATCH = 500
const MOST_WAITING = 10_000
const PRUNE_EVERY_MS = 3_600_000

type Waiting = Parameters<SnapshotKeeper['keep']>[0]

const nameOf = (kind: RegistryKind, key: string): string => `${kind} ${key}`

const halvesOf = <Row>(rows: readonly Row[]): (readonly Row[])[] => {
  const middle = Math.ceil(rows.length / 2)
  return [rows.slice(0, middle), rows.slice(middle)]
}

export const startSnapshotKeeper = ({ db, keepDays, absentHours, onError, onLost }: SnapshotKeeperOptions): SnapshotKeeper => {
  const waiting = new Map<string, Waiting>()
  let beingWritten: ReadonlyMap<string, Waiting> = new Map()
  let timer: NodeJS.Timeout | undefined
  let stopped = false
  let writing: Promise<void> = Promise.resolve()

  /** Of one thing the later reading; of too many things the later ones. */
  const put = (snapshot: Waiting): void => {
    const name = nameOf(snapshot.kind, snapshot.key)
    const known = waiting.get(name)
    if (known && known.readAtMs > snapshot.readAtMs) return
    waiting.delete(name)
    waiting.set(name, snapshot)
    for (const oldest of waiting.keys()) {
      if (waiting.size <= MOST_WAITING) break
      waiting.delete(oldest)
      onLost(1)
    }
  }

  /** What the database cannot take now it takes later; one that it refuses it would refuse again, and it takes the others without that one. */
  const write = async (rows: readonly Waiting[]): Promise<void> => {
    try {
      await writeSnapshots(
        db,
        rows.map(({ readAtMs, ...row }) => ({ ...row, ageMs: performance.now() - readAtMs })),
      )
    } catch (error) {
      if (isUnavailable(error) || rows.length === 1) onError(error)
      if (isUnavailable(error)) for (const row of rows) put(row)
      else if (rows.length === 1) onLost(1)
      else for (const half of halvesOf(rows)) await write(half)
    }
  }

  const writeBatch = async (): Promise<void> => {
    beingWritten = new Map([...waiting].slice(0, BATCH))
    for (const name of beingWritten.keys()) waiting.delete(name)
    await write([...beingWritten.values()])
    beingWritten = new Map()
  }

  const writeLater = (): void => {
    timer ??= setTimeout(
      () => {
        timer = undefined
        writing = writeBatch().then(() => {
          if (waiting.size > 0 && !stopped) writeLater()
        })
      },
      waiting.size > BATCH ? SOON_MS : WRITE_AFTER_MS,
    ).unref()
  }

  let pruning: Promise<void> = Promise.resolve()
  const prune = (): void => {
    pruning = pruneSnapshots(db, { days: keepDays, absentHours }).catch(onError)
  }
  const pruner = setInterval(prune, PRUNE_EVERY_MS).unref()
  prune()

  return {
    keep: (snapshot) => {
      put(snapshot)
      if (!stopped) writeLater()
    },
    waiting: (kind, key) => waiting.get(nameOf(kind, key)) ?? beingWritten.get(nameOf(kind, key)),
    stop: async () => {
      stopped = true
      clearTimeout(timer)
      clearInterval(pruner)
      await writing
      await pruning
      for (let batches = Math.ceil(waiting.size / BATCH); batches > 0; batches -= 1) await writeBatch()
    },
  }
}
