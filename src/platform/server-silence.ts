import pg from 'pg'
import { codesOf } from './database-fault.js'
import { streamOf } from './pool.js'

/**
 * Máy chủ im lặng: packets between us and PostgreSQL may be swallowed without a word (a partition, a machine without power). Nothing is refused then, and whoever waits would wait
 * for as long as its statement may take. So, while anything is awaited on a pool's connections and nothing at all has been heard on any of them for a while, the server
 * is asked on a connection of its own, and once more when that comes to nothing. A busy server, a long statement and a lock that is waited for are no silence: it answers there. When it
 * does not, some seven seconds after it was last heard, the connections are cut, which ends what waits as any lost connection does (its outcome is open), and what comes is refused at once
 * (nothing was done), until the server answers again. Behind a pooler that is alive itself nothing of this is noticed, for the pooler answers: a statement waits there for its own limit.
 */
export interface Patience {
  readonly silentAfterMs: number
  /** For each connection of its own: far more than a loaded machine needs to begin to answer. */
  readonly answerWithinMs: number
}

const PATIENCE: Patience = { silentAfterMs: 2_500, answerWithinMs: 2_000 }

const LOOK_EVERY_MS = 250
/** Standing still for longer than this the process itself may have missed an answer: what has come meanwhile is read before anybody is blamed. */
const LATE_MS = 1_000
const TRY_AGAIN_MS = 500
/** One lost connection is no silence yet. */
const ASKED_IN_VAIN = 2

/** As a host that cannot be reached: nothing was sent. */
class ServerSilent extends Error {
  readonly code = 'EHOSTUNREACH'
  constructor() {
    super('PostgreSQL does not answer')
  }
}

type Connect = (error: Error | undefined, client: pg.PoolClient | undefined, release: pg.PoolClient['release']) => void

export const endSilence = (pool: pg.Pool, connectionString: string, { silentAfterMs, answerWithinMs }: Patience = PATIENCE): void => {
  const sockets = new Map<pg.PoolClient, { destroy(): unknown }>()
  const waiting = new Set<(error: Error) => void>()
  let heardAt = performance.now()
  let dueAt = heardAt
  let silent = false
  let inVain = 0
  let watching = false

  const heard = (): void => {
    heardAt = performance.now()
    inVain = 0
  }
  pool.on('connect', (client) => {
    heard()
    const stream = streamOf(client)
    stream.on('data', heard)
    sockets.set(client, stream)
  })
  pool.on('remove', (client) => sockets.delete(client as pg.PoolClient))

  const lookAgain = (inMs: number): void => {
    dueAt = performance.now() + inMs
    setTimeout(() => void look(), inMs).unref()
  }
  const look = async (): Promise<void> => {
    const now = performance.now()
    if (now - dueAt > LATE_MS) heard()
    const next = !pool.ending && (silent || now - heardAt >= silentAfterMs) ? await ask(now) : LOOK_EVERY_MS
    const isAwaited = waiting.size > 0 || pool.totalCount > pool.idleCount
    watching = !pool.ending && (silent || isAwaited)
    if (watching) lookAgain(next)
  }
  /** Gives how long to wait before the next look. */
  const ask = async (since: number): Promise<number> => {
    const told = await isAnswering(connectionString, answerWithinMs)
    if (told === 'ANSWERS' || heardAt > since) {
      silent = false
      heard()
      return LOOK_EVERY_MS
    }
    inVain = told === 'SILENT' ? inVain + 1 : 0
    if (inVain >= ASKED_IN_VAIN && !silent) giveUp()
    if (silent || told === 'UNKNOWN') return TRY_AGAIN_MS
    // Our own kernel knows at once that there is no way: that too may be for a moment.
    return Math.max(LOOK_EVERY_MS, since + answerWithinMs - performance.now())
  }
  const giveUp = (): void => {
    silent = true
    const refused = [...waiting]
    // What comes for them later is nobody's, and goes back to the pool.
    waiting.clear()
    for (const refuse of refused) refuse(new ServerSilent())
    for (const socket of sockets.values()) socket.destroy()
  }

  const connectNow = pool.connect.bind(pool) as () => Promise<pg.PoolClient>
  // An address may name a file (a certificate) that cannot be read now: that is thrown before there is a promise.
  const connect = async (): Promise<pg.PoolClient> => connectNow()
  const connectOrRefuse = (): Promise<pg.PoolClient> =>
    new Promise((resolve, reject) => {
      if (silent) return reject(new ServerSilent())
      waiting.add(reject)
      if (!watching) {
        watching = true
        heard()
        lookAgain(LOOK_EVERY_MS)
      }
      connect().then(
        (client) => {
          // Refused meanwhile: nobody takes it.
          if (!waiting.delete(reject)) return client.release()
          resolve(client)
        },
        (error: Error) => {
          waiting.delete(reject)
          reject(error)
        },
      )
    })
  Object.assign(pool, {
    connect: (callback?: Connect) => {
      if (!callback) return connectOrRefuse()
      connectOrRefuse().then(
        (client) => callback(undefined, client, client.release),
        (error: Error) => callback(error, undefined, () => undefined),
      )
    },
  })
}

type Told = 'ANSWERS' | 'SILENT' | 'UNKNOWN'

/** The other machine itself says these. */
const ANSWERS = ['ECONNREFUSED', 'ECONNRESET']
/** Our own machine says these when it hears nothing. */
const NO_WAY = ['EHOSTUNREACH', 'ENETUNREACH', 'EHOSTDOWN', 'ENETDOWN', 'ETIMEDOUT']

/**
 * Whatever it says, it has said something: a refusal is no silence, and one that has begun to answer is slow. Of anything else (a name that cannot be looked up, a certificate that cannot be read, a
 * process that stood still itself while it waited) nothing follows.
 */
const isAnswering = async (connectionString: string, withinMs: number): Promise<Told> => {
  const lateness = watchLateness()
  let client: pg.Client | undefined
  let hasBegun = false
  try {
    client = new pg.Client({ connectionString, connectionTimeoutMillis: withinMs, application_name: 'lienthong-silence' })
    client.on('error', () => undefined)
    streamOf(client).once('data', () => {
      hasBegun = true
    })
    await client.connect()
    return 'ANSWERS'
  } catch (error) {
    const codes = codesOf(error)
    if (hasBegun || ANSWERS.some((code) => codes.includes(code))) return 'ANSWERS'
    if (lateness() > LATE_MS) return 'UNKNOWN'
    const isSilent = (error instanceof Error && error.message.startsWith('timeout')) || NO_WAY.some((code) => codes.includes(code))
    return isSilent ? 'SILENT' : 'UNKNOWN'
  } finally {
    lateness()
    void client?.end().catch(() => undefined)
  }
}

const TICK_MS = 50

/** How late, all in all, the process itself was; the watch ends when it is asked. */
const watchLateness = (): (() => number) => {
  let lateMs = 0
  let tickedAt = performance.now()
  const tick = (): void => {
    const now = performance.now()
    lateMs += Math.max(0, now - tickedAt - TICK_MS)
    tickedAt = now
  }
  const timer = setInterval(tick, TICK_MS).unref()
  return () => {
    clearInterval(timer)
    tick()
    return lateMs
  }
}
