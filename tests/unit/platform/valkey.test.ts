import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { Redis } from 'ioredis'
import { startValkey, type TestRedis } from '../../support/valkey.js'

let server: TestRedis

beforeAll(async () => {
  server = await startValkey()
})

afterAll(() => server.stop())

test('the test server keeps what is written and understands scripts, as BullMQ needs', async () => {
  const redis = new Redis(server.url, { maxRetriesPerRequest: null })
  await redis.set('lienthong:test', 'một cửa')
  expect(await redis.eval("return redis.call('GET', KEYS[1])", 1, 'lienthong:test')).toBe('một cửa')
  await redis.del('lienthong:test')
  await redis.quit()
})
