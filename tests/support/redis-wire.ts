import { Redis } from 'ioredis'
import { openRelay, type TcpRelay } from '../../bench/drill/tcp-relay.js'
import { startValkey } from './valkey.js'

/** A Redis behind a wire that a test breaks. */
export interface RedisWire {
  readonly wire: TcpRelay
  readonly redisUrl: string
  stop(): Promise<void>
}

/** `databaseNumber` keeps tests that run side by side on one given server apart. */
export const openRedisWire = async (databaseNumber: number): Promise<RedisWire> => {
  const redis = await startValkey()
  // It tells its port a moment before it takes connections: this client waits for that.
  const client = new Redis(redis.url)
  await client.ping()
  await client.quit()
  const { port } = new URL(redis.url)
  const wire = await openRelay(() => [Number(port)])
  return {
    wire,
    redisUrl: `redis://127.0.0.1:${wire.port}/${databaseNumber}`,
    stop: async () => {
      await wire.close()
      await redis.stop()
    },
  }
}
