import { setTimeout as pause } from 'node:timers/promises'
import { createPostgresBackend, type Processor, Queue, runMigrations, Worker, withBackend } from 'bullmq'
import { isTransactionPooler } from '../platform/check-pooler.js'
import { openQueuePool } from '../platform/database.js'
import { StartError } from '../platform/start-error.js'
import { checkRedis } from './check-redis.js'
import { openQueueRedis, type QueueRedis } from './queue-redis.js'
import { type StoreWatch, type StoreWatchOptions, watchStore } from './store-watch.js'

/**
 * Kho hàng đợi: BullMQ on PostgreSQL by default, on Redis or Valkey when its address is given. Nothing in it is the truth: jobs hold
 * ids alone, and what is lost with it is rebuilt from the transfer table (`guardian.ts`).
 */
export interface QueueStore {
  readonly kind: 'POSTGRESQL' | 'REDIS'
  queue<Data>(name: string): JobQueue<Data>
  /** `isStopping` turns true when a shutdown has begun: work that goes on by itself ends then. */
  consume<Data>(name: string, concurrency: number, work: (data: Data, isStopping: () => boolean) => Promise<void>): void
  /** Takes no more jobs and waits for those in hand. A store that is away can be used no more after that. */
  stopConsuming(): Promise<void>
  /** Undefined: it is on PostgreSQL, and is there when the database is. */
  standing(): { readonly awaySince: Date | undefined } | undefined
  /** An error of its server that somebody else has met, who keeps something there as well. */
  failed(error: unknown): void
  close(): Promise<void>
}

export interface Job<Data> {
  readonly name: string
  readonly data: Data
  readonly id: string
  readonly delayMs: number
}

export interface JobQueue<Data> {
  addAll(jobs: readonly Job<Data>[]): Promise<void>
  /** Runs `data` every so often, in one process at a time. Calling again restores a schedule that was lost and changes the interval of a living one. */
  every(id: string, everyMs: number, data: Data): Promise<void>
  /** Runs `data` at the times of a pattern (minute, hour, day, month, day of the week) in a time zone; else as `every`. */
  at(id: string, times: { readonly pattern: string; readonly timeZone: string }, data: Data): Promise<void>
  /** Takes a schedule out. */
  never(id: string): Promise<void>
  /** Jobs that a consumer could take now: waiting, or delayed until a time that has come. */
  ready(): Promise<number>
  /** Ready and delayed. */
  depth(): Promise<number>
}

export interface QueueStoreOptions {
  /** A direct connection: LISTEN does not work through a transaction pooler. */
  readonly databaseUrl: string
  readonly redisUrl?: string
  /** Connections for the queue on PostgreSQL; each consumer keeps one for LISTEN. */
  readonly poolSize: number
  readonly onError: (error: Error) => void
  /** Told, at the start, why what is queued is less safe than it could be. */
  readonly onWarning?: (sentence: string) => void
  /** Told when a Redis is away, every so often while it is, and when it is back. */
  readonly onOutage?: StoreWatchOptions['onOutage']
  readonly tellOutageEveryMs?: number
}

/** Finished and failed jobs are not kept: the attempt rows tell what happened, and a job id may be used again. */
const JOB_OPTIONS = { attempts: 1, removeOnComplete: true, removeOnFail: true } as const

/**
 * A failed wake-up is no failed transfer: the lease and the guardian see to it. One whose worker died is given to another worker a minute
 * or so later. Locks are renewed only for work that takes longer than half of their time. When the store was gone, jobs are looked for again
 * within a second.
 */
const WORKER_OPTIONS = { autorun: false, runRetryDelay: 1_000, maxStalledCount: 1, stalledInterval: 30_000, lockDuration: 60_000 } as const

/**
 * A schedule whose next run is further away than so many intervals is no schedule: overdue, its job was lost; in the future, a process
 * whose clock ran ahead has put it there.
 */
const LOST_AFTER_INTERVALS = 3
/** And one by a pattern whose next run is longer past than this. */
const LATE_AT_MOST_MS = 600_000

export const openQueueStore = async (options: QueueStoreOptions): Promise<QueueStore> =>
  options.redisUrl === undefined ? openOnPostgres(options) : openOnRedis({ ...options, redisUrl: options.redisUrl })

const openOnPostgres = async ({ databaseUrl, poolSize, onError }: QueueStoreOptions): Promise<QueueStore> => {
  if (await isTransactionPooler(databaseUrl))
    throw new StartError(
      'Hàng đợi cần kết nối thẳng tới PostgreSQL, địa chỉ này đi qua bộ gộp kết nối theo giao dịch: hãy đặt DATABASE_DIRECT_URL.',
      'The queue needs a direct connection to PostgreSQL, this address goes through a pooler of transactions: set DATABASE_DIRECT_URL.',
    )
  await migrate(databaseUrl, onError)
  const pool = openQueuePool(databaseUrl, poolSize, onError)
  // Each queue and each consumer listens for its errors.
  pool.setMaxListeners(0)
  const bound = withBackend(backendThatLooks)
  return storeOf(
    'POSTGRESQL',
    (name) => new bound.Queue(name, { connection: pool, defaultJobOptions: JOB_OPTIONS }),
    (name, concurrency, processor) => new bound.Worker(name, processor, { connection: pool, concurrency, ...WORKER_OPTIONS }),
    onError,
    () => pool.query('SELECT 1'),
    () => pool.end(),
  )
}

const migrate = async (databaseUrl: string, onError: QueueStoreOptions['onError']): Promise<void> => {
  const pool = openQueuePool(databaseUrl, 1, onError, true)
  try {
    const client = await pool.connect()
    try {
      await runMigrations(client)
    } finally {
      client.release()
    }
  } finally {
    await pool.end()
  }
}

const LOOK_AFTER_SECONDS = 10

/** A consumer looks for jobs this often, also where it should hear of them and the next known one is due in an hour: what it listens on may have been swallowed. */
const backendThatLooks: typeof createPostgresBackend = (...given) =>
  Object.defineProperty(createPostgresBackend(...given), 'maximumBlockTimeout', { value: LOOK_AFTER_SECONDS })

/** A loaded machine answers within this. */
const ASK_EVERY_MS = 2_000
const TELL_EVERY_MS = 60_000

const openOnRedis = async (options: QueueStoreOptions & { redisUrl: string }): Promise<QueueStore> => {
  const { redisUrl, onError, onWarning, onOutage = () => undefined, tellOutageEveryMs: tellEveryMs = TELL_EVERY_MS } = options
  for (const sentence of await checkRedis(redisUrl)) onWarning?.(sentence)
  const redis = openQueueRedis(redisUrl)
  const { connection } = redis
  const watch = watchStore({ ask: () => connection.ping(), askEveryMs: ASK_EVERY_MS, tellEveryMs, onOutage, onError })
  connection.on('error', watch.failed)
  return storeOf(
    'REDIS',
    (name) => new Queue(name, { connection, defaultJobOptions: JOB_OPTIONS }),
    (name, concurrency, processor) => new Worker(name, processor, { connection, concurrency, ...WORKER_OPTIONS }),
    watch.failed,
    () => connection.ping(),
    async () => {
      watch.stop()
      await connection.quit().catch(() => connection.disconnect())
    },
    { watch, redis },
  )
}

/** What of a BullMQ queue or worker is used here; the same on both stores. */
interface Closable {
  on(event: 'error', listener: (error: Error) => void): unknown
  close(): Promise<void>
}
type AnyWorker = Closable &
  Pick<Worker, 'run' | 'waitUntilReady'> & {
    on(event: 'failed', listener: (job: { id?: string } | undefined, error: Error) => void): unknown
  }
type AnyQueue = Closable &
  Pick<Queue, 'add' | 'addBulk' | 'upsertJobScheduler' | 'getJobScheduler' | 'removeJobScheduler' | 'getJobCounts' | 'getDelayedCount'>

const storeOf = (
  kind: QueueStore['kind'],
  makeQueue: (name: string) => AnyQueue,
  makeWorker: (name: string, concurrency: number, processor: Processor) => AnyWorker,
  onError: (error: Error) => void,
  answers: () => Promise<unknown>,
  end: () => Promise<void>,
  { watch, redis }: { readonly watch?: StoreWatch; readonly redis?: QueueRedis } = {},
): QueueStore => {
  const queues = new Map<string, AnyQueue>()
  const consumers: Consumer[] = []
  const stopConsuming = async (): Promise<void> => {
    const stopping = consumers.splice(0)
    for (const consumer of stopping) consumer.takeNoMore()
    if (redis && !(await redis.isThere())) await redis.leave()
    await Promise.all(stopping.map((consumer) => consumer.stop()))
  }
  const queueNamed = (name: string): AnyQueue => {
    const known = queues.get(name)
    if (known) return known
    const made = makeQueue(name)
    made.on('error', onError)
    queues.set(name, made)
    return made
  }
  return {
    kind,
    queue: (name) => jobQueueOf(queueNamed(name), kind === 'POSTGRESQL' ? FEW : 0),
    consume: (name, concurrency, work) => {
      const make = (isStopping: () => boolean): AnyWorker => {
        const worker = makeWorker(name, concurrency, (job) => work(job.data, isStopping))
        worker.on('error', onError)
        worker.on('failed', (job, error) => onError(new Error(`${name} ${job?.id ?? '?'}: failed`, { cause: error })))
        return worker
      }
      consumers.push(startConsumer(answers, make, onError))
    },
    stopConsuming,
    standing: () => watch && { awaySince: watch.outage()?.since },
    failed: (error) => onError(error as Error),
    close: async () => {
      await stopConsuming()
      await Promise.all([...queues.values()].map((queue) => queue.close()))
      await end()
    },
  }
}

interface Consumer {
  /** Work in hand that goes on by itself ends with what it is at. */
  takeNoMore(): void
  /** Waits for the jobs in hand. */
  stop(): Promise<void>
}

const START_AGAIN_MS = 1_000

/**
 * Makes and runs a worker once the store answers. One whose first connection is refused would look for jobs without a pause from then on: it
 * remembers the refusal. So it is thrown away for a new one, and so is one that gives up.
 */
const startConsumer = (
  answers: () => Promise<unknown>,
  make: (isStopping: () => boolean) => AnyWorker,
  onError: (error: Error) => void,
): Consumer => {
  let stopping = false
  let worker: AnyWorker | undefined
  const start = async (): Promise<void> => {
    while (!stopping) {
      try {
        await answers()
        if (stopping) return
        worker = make(() => stopping)
        await worker.waitUntilReady()
        // Until it is closed, or gives up.
        await worker.run()
      } catch (error) {
        onError(error as Error)
        await worker?.close()
        worker = undefined
        await pause(START_AGAIN_MS)
      }
    }
  }
  void start().catch(onError)
  return {
    takeNoMore: () => {
      stopping = true
    },
    stop: async () => worker?.close(),
  }
}

const total = (counts: Record<string, number>): number => Object.values(counts).reduce((sum, count) => sum + count, 0)

/** On PostgreSQL adding many at once makes and drops tables of its own each time: as long as adding this many one by one, and work for its catalogue. */
const FEW = 5

/** `few`: so many are added one by one. */
const jobQueueOf = <Data>(queue: AnyQueue, few: number): JobQueue<Data> => ({
  addAll: async (jobs) => {
    const given = jobs.map(({ name, data, id, delayMs }) => ({ name, data, opts: { jobId: id, delay: delayMs } }))
    if (given.length > few) await queue.addBulk(given)
    else for (const { name, data, opts } of given) await queue.add(name, data, opts)
  },
  every: async (id, everyMs, data) => {
    const known = await queue.getJobScheduler(id)
    const awayMs = Math.abs(Date.now() - (known?.next ?? 0))
    if (known?.every === everyMs && awayMs < everyMs * LOST_AFTER_INTERVALS) return
    // Changing a schedule keeps its next run, wherever that is.
    if (known) await queue.removeJobScheduler(id)
    await queue.upsertJobScheduler(id, { every: everyMs }, { name: id, data })
  },
  at: async (id, { pattern, timeZone: tz }, data) => {
    const known = await queue.getJobScheduler(id)
    if (known?.pattern === pattern && known.tz === tz && (known.next ?? 0) > Date.now() - LATE_AT_MOST_MS) return
    if (known) await queue.removeJobScheduler(id)
    await queue.upsertJobScheduler(id, { pattern, tz }, { name: id, data })
  },
  never: async (id) => {
    await queue.removeJobScheduler(id)
  },
  ready: async () => total(await queue.getJobCounts('waiting', 'prioritized')) + (await queue.getDelayedCount(Date.now())),
  depth: async () => total(await queue.getJobCounts('waiting', 'active', 'prioritized', 'delayed')),
})
