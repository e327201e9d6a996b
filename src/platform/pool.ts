import pg from 'pg'

/**
 * Connections to PostgreSQL that survive its going away. The pool itself reports what happens to idle connections; one in use fails its statement, and
 * one in use between two statements would, without a listener of its own, end the process.
 */
export const openPool = (options: pg.PoolConfig, onError: (error: Error) => void): pg.Pool => {
  const pool = new pg.Pool({ keepAlive: true, ...options })
  pool.on('error', onError)
  pool.on('connect', (client) => void client.on('error', () => undefined))
  return pool
}
