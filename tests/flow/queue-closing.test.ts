import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import type { TcpRelay } from '../../bench/drill/tcp-relay.js'
import { openQueueStore } from '../../src/queue/queue-store.js'
import { type RunningProgram, startProgram } from '../support/program.js'
import { openRedisWire, type RedisWire } from '../support/redis-wire.js'
import { openTestSystem, type TestSystem, testSecrets } from '../support/test-system.js'
import { until } from '../support/until.js'

/** Who consumes from a Redis that has gone away is closed all the same. That no socket is left open is seen to after each test file. */
let redis: RedisWire
beforeEach(async () => {
  redis = await openRedisWire(12)
})
afterEach(() => redis.stop())

const cut = (wire: TcpRelay): void => wire.cut()
const silence = (wire: TcpRelay): void => wire.hold('FROM_SERVER', 'FROM_CLIENT')

test.each([
  ['takes no connections', cut, 'BEGUN'],
  ['has just stopped to take connections', cut, undefined],
  ['says nothing any more', silence, 'BEGUN'],
  ['says nothing since a moment ago', silence, undefined],
])('consumers of a Redis that %s are closed, and what they have in hand is ended before', async (_what, leave, closedWhen) => {
  const outages: string[] = []
  const store = await openQueueStore({
    databaseUrl: 'postgres://khong-dung',
    redisUrl: redis.redisUrl,
    poolSize: 1,
    onError: () => undefined,
    onOutage: ({ kind }) => outages.push(kind),
  })
  let begun = 0
  let ended = 0
  let goOn = (): void => undefined
  const held = new Promise<void>((resolve) => {
    goOn = resolve
  })
  for (const name of ['mot', 'hai', 'ba'])
    store.consume(name, 4, async () => {
      begun += 1
      if (name !== 'mot') return
      await held
      ended += 1
    })
  for (const name of ['mot', 'hai']) await store.queue(name).addAll([{ name: 'viec', id: 'viec-1', data: {}, delayMs: 0 }])
  await until('both are begun', async () => begun === 2)
  leave(redis.wire)
  if (closedWhen) await until('it is away', async () => outages.includes(closedWhen))
  let closed = false
  const closing = store.close().then(() => {
    closed = true
  })
  await new Promise(setImmediate)
  expect({ closed, ended }).toEqual({ closed: false, ended: 0 })
  goOn()
  await until('it is closed', async () => closed)
  await closing
  expect(ended).toBe(1)
})

let system: TestSystem | undefined
let worker: RunningProgram | undefined
afterEach(async () => {
  await worker?.signal('SIGKILL')
  await system?.close()
})

test('a worker whose Redis has gone away stops cleanly when it is told to', async () => {
  system = await openTestSystem()
  const { databaseUrl, stateDir, configuration } = system.context.options
  await writeFile(join(stateDir, 'lienthong.json'), JSON.stringify(configuration))
  worker = startProgram('worker', {
    ...testSecrets,
    DATABASE_URL: databaseUrl,
    REDIS_URL: redis.redisUrl,
    STATE_DIR: join(stateDir, 'worker'),
    LIENTHONG_CONFIG: join(stateDir, 'lienthong.json'),
  })
  await worker.said(/tiến trình chuyển đang chạy/)
  redis.wire.cut()
  await worker.said(/hàng đợi không tới được/)
  expect(await worker.signal('SIGTERM')).toBe(0)
  expect(worker.everything()).not.toContain('không dừng')
})
