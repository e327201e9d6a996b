import { Redis } from 'ioredis'
import type { Context } from '../../src/context.js'
import { SYSTEM_IDS } from '../../src/model/system.js'
import { errorCode } from '../../src/platform/start-error.js'
import { startValkey } from './valkey.js'

/** One of the two stores of the queue, for tests that run on each: `describe.each(queueStores(1))('on %s', (_, openStore) => …)`. */
export interface StoreUnderTest {
  /** Undefined: the queue is on PostgreSQL. */
  readonly redisUrl: string | undefined
  /** Everything that the store holds is gone, as after the loss of its disk. */
  wipe(context: Context): Promise<void>
  close(): Promise<void>
}

const onPostgres = async (): Promise<StoreUnderTest> => ({
  redisUrl: undefined,
  wipe: async ({ db }) => {
    const tables = await db.query<{ name: string }>(
      `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname = 'bullmq' AND tablename NOT LIKE '%migration%'`,
    )
    const truncate = `TRUNCATE ${tables.map(({ name }) => name).join(', ')}`
    // Consumers at work may hold these tables in another order: the server then undoes the whole statement.
    for (let wiped = false; !wiped; )
      wiped = await db.query(truncate).then(
        () => true,
        (error: unknown) => {
          if (errorCode(error instanceof Error ? error.cause : error) !== '40P01') throw error
          return false
        },
      )
  },
  close: async () => undefined,
})

/** `databaseNumber` keeps test files that run side by side on one given server apart. */
const onRedis = async (databaseNumber: number): Promise<StoreUnderTest> => {
  const server = await startValkey()
  const url = new URL(server.url)
  url.pathname = `/${databaseNumber}`
  const client = new Redis(url.href)
  await client.flushdb()
  return {
    redisUrl: url.href,
    wipe: async () => {
      await client.flushdb()
    },
    close: async () => {
      await client.flushdb()
      await client.quit()
      await server.stop()
    },
  }
}

export const queueStores = (databaseNumber: number): [name: string, open: () => Promise<StoreUnderTest>][] => [
  ['PostgreSQL', onPostgres],
  ['Redis', () => onRedis(databaseNumber)],
]

/** Wake-ups in the store, ready or delayed, of all systems. */
export const wakeUpsIn = async ({ queues }: Context): Promise<number> => {
  let depth = 0
  for (const systemId of SYSTEM_IDS) depth += (await queues.get(systemId)?.depth()) ?? 0
  return depth
}
