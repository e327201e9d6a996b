import pg from 'pg'

/**
 * Whether an address leads to a transaction pooler: two connections, each idle after one statement, are then served by the same
 * server process. A pooler that refuses start-up options shows itself by that.
 */
export const isTransactionPooler = async (connectionString: string): Promise<boolean> => {
  const clients = [1, 2].map(() => new pg.Client({ connectionString, options: '-c search_path=bullmq', connectionTimeoutMillis: 5_000 }))
  try {
    const seen: { pid: number; path: string }[] = []
    for (const client of clients) {
      await client.connect()
      const { rows } = await client.query<{ pid: number; path: string }>(
        `SELECT pg_backend_pid() AS pid, current_setting('search_path') AS path`,
      )
      seen.push(...rows)
    }
    return new Set(seen.map(({ pid }) => pid)).size < clients.length || seen.some(({ path }) => path !== 'bullmq')
  } catch (error) {
    if (error instanceof Error && /unsupported startup parameter/.test(error.message)) return true
    throw error
  } finally {
    await Promise.all(clients.map((client) => client.end().catch(() => undefined)))
  }
}
