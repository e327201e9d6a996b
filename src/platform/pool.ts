import pg from 'pg'

/** Start-up options of a session. Prisma writes an instant without an offset and reads it past its own, so each session's clock must be UTC, whatever the server's is. */
export const IN_UTC = '-c TimeZone=UTC'

/**
 * Connections to PostgreSQL that survive its going away. The pool itself reports what happens to idle connections; one in use fails its statement, and
 * one in use between two statements would, without a listener of its own, end the process. One that comes back in the middle of a transaction, for its
 * user has given up waiting for the server, is closed and lent to nobody: the next one would wait for the same answer.
 */
export const openPool = (options: pg.PoolConfig, onError: (error: Error) => void): pg.Pool => {
  const pool = new pg.Pool({ keepAlive: true, ...options })
  pool.on('error', onError)
  pool.on('connect', (client) => void client.on('error', () => undefined))
  pool.on('release', (_error, client) => {
    if (client.getTransactionStatus() !== 'I') void (client as pg.Client).end()
  })
  return pool
}
