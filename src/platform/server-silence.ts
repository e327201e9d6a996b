import pg from 'pg'

/**
 * Máy chủ im lặng: packets between us and PostgreSQL may be swallowed without a word (a partition, a machine without power). Nothing is refused then, and whoever waits would wait
 * for as long as its statement may take. So, while anything is awaited on a pool's connections and nothing at all has been heard on any of them for a while, the server
 * is asked on a connection of its own. A busy server, a long statement and a lock that is waited for are no silence: it answers there. When it does not, the connections are cut,
 * which ends what waits as any lost connection does (its outcome is open), and what comes is refused at once (nothing was done), until the server answers again.
 */
export interface Patience {
  readonly silentAfterMs: number
  /** For the connection of its own: far more than a loaded machine needs for one. */
  readonly answerWithinMs: number
}

const PATIENCE: Patience = { silentAfterMs: 2_500, answerWithinMs: 2_500 }

const LOOK_EVERY_MS = 250
/** Later than this the process itself stood still: what has come meanwhile is read before anybody is blamed. */
const LATE_MS = 1_000
const TRY_AGAIN_MS = 500

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
  let watching = false

  const heard = (): void => {
    heardAt = performance.now()
  }
  pool.on('connect', (client) => {
    heard()
    const { stream } = (client as unknown as { connection: { stream: NodeJS.ReadableStream & { destroy(): unknown } } }).connection
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
    if (!pool.ending && (silent || now - heardAt >= silentAfterMs)) await ask(now)
    const isAwaited = waiting.size > 0 || pool.totalCount > pool.idleCount
    watching = !pool.ending && (silent || isAwaited)
    if (watching) lookAgain(silent ? TRY_AGAIN_MS : LOOK_EVERY_MS)
  }
  const ask = async (since: number): Promise<void> => {
    const answers = await isAnswering(connectionString, answerWithinMs)
    const stoodStill = performance.now() - since > answerWithinMs + LATE_MS
    if (answers || stoodStill || heardAt > since) {
      silent = false
      heard()
      return
    }
    if (silent) return
    silent = true
    for (const refuse of waiting) refuse(new ServerSilent())
    for (const socket of sockets.values()) socket.destroy()
  }

  const connect = pool.connect.bind(pool) as () => Promise<pg.PoolClient>
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

/** Whatever it says, it has said something: a refusal is no silence. */
const isAnswering = async (connectionString: string, withinMs: number): Promise<boolean> => {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: withinMs, application_name: 'lienthong-silence' })
  client.on('error', () => undefined)
  try {
    await client.connect()
    return true
  } catch (error) {
    return !(error instanceof Error && error.message.startsWith('timeout'))
  } finally {
    void client.end().catch(() => undefined)
  }
}
