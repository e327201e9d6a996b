import pg from 'pg'

/** Start-up options of a session. Prisma writes an instant without an offset and reads it past its own, so each session's clock must be UTC, whatever the server's is. */
export const IN_UTC = '-c TimeZone=UTC'

/** A connection that was swallowed without a word is found to be dead some twenty seconds after it was last used, where the system itself would wait for two hours. */
const KEEP_ALIVE = { keepAlive: true, keepAliveInitialDelayMillis: 10_000 } as const

type Stream = NodeJS.ReadableStream & { destroy(error?: Error): unknown }
/** What carries a connection. */
export const streamOf = (client: pg.ClientBase): Stream => (client as unknown as { connection: { stream: Stream } }).connection.stream

/**
 * Its user waits for an answer no longer than `query_timeout`. What comes after that on the same connection would wait in line behind what is not
 * answered: so the connection ends, and whoever keeps it (a consumer that listens) is told.
 */
class Client extends pg.Client {
  override query(...given: never[]): never {
    const answered: unknown = (super.query as (...given: never[]) => unknown)(...given)
    if (answered instanceof Promise)
      answered.catch((error: Error) => {
        if (error.message === 'Query read timeout') streamOf(this).destroy(error)
      })
    return answered as never
  }
}

/**
 * Connections to PostgreSQL that survive its going away. The pool itself reports what happens to idle connections; one in use fails its statement, and
 * one in use between two statements would, without a listener of its own, end the process. One that comes back in the middle of a transaction, for its
 * user has given up waiting for the server, is closed and lent to nobody: the next one would wait for the same answer.
 */
export const openPool = (options: pg.PoolConfig, onError: (error: Error) => void): pg.Pool => {
  const pool = new pg.Pool({ ...KEEP_ALIVE, Client, ...options })
  pool.on('error', onError)
  pool.on('connect', (client) => void client.on('error', () => undefined))
  pool.on('release', (_error, client) => {
    if (client.getTransactionStatus() !== 'I') void (client as pg.Client).end()
  })
  return pool
}
