import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { Redis } from 'ioredis'
import pg from 'pg'
import { openQueueStore, type QueueStore } from '../../src/queue/queue-store.js'
import { until } from '../support/until.js'
import { startValkey, type TestRedis } from '../support/valkey.js'

/** What is an outage of the queue's Redis, and what is none: it is there and refuses our account; it is well and the work of a job fails. */
const USER = 'hang-doi'
let redis: TestRedis
let admin: Redis
let store: QueueStore
const told: string[] = []
const errors: Error[] = []
beforeEach(async () => {
  told.length = 0
  errors.length = 0
  redis = await startValkey()
  admin = new Redis(redis.url)
  await admin.call('ACL', 'SETUSER', USER, 'reset', 'on', '>mat-khau', '~*', '&*', '+@all')
  const url = new URL(`${redis.url}/12`)
  url.username = USER
  url.password = 'mat-khau'
  store = await openQueueStore({
    databaseUrl: 'postgres://khong-dung',
    redisUrl: url.href,
    poolSize: 1,
    onError: (error) => errors.push(error),
    onOutage: ({ kind, cause }) => told.push(kind === 'GOES_ON' ? kind : `${kind} ${cause}`),
    tellOutageEveryMs: 300,
  })
})
afterEach(async () => {
  await store.close()
  await admin.call('ACL', 'DELUSER', USER)
  await admin.quit()
  await redis.stop()
})

const add = (id: string): Promise<void> => store.queue('viec').addAll([{ name: 'viec', id, data: {}, delayMs: 0 }])

test('a Redis that refuses our account is away: told once, then every so often, and once when it takes us again', async () => {
  let done = 0
  store.consume('viec', 2, async () => {
    done += 1
  })
  await add('truoc')
  await until('it works', async () => done === 1)
  await admin.call('ACL', 'SETUSER', USER, 'resetpass')
  await admin.call('CLIENT', 'KILL', 'USER', USER)
  await until('it is told again', async () => told.includes('GOES_ON'))
  expect(store.standing()?.awaySince).toBeInstanceOf(Date)
  await admin.call('ACL', 'SETUSER', USER, '>mat-khau')
  await until('it is back', async () => store.standing()?.awaySince === undefined)
  await add('sau')
  await until('its work goes on', async () => done === 2)
  expect(told.filter((one) => one !== 'GOES_ON')).toEqual([expect.stringMatching(/^BEGUN /), expect.stringMatching(/^OVER /)])
  expect(errors).toEqual([])
})

test('work that fails for a database that is away is no outage of the queue, and is told', async () => {
  store.consume('viec', 1, async () => {
    const client = new pg.Client('postgres://ai-do@127.0.0.1:1/khong-co')
    await client.connect().catch((cause: unknown) => {
      throw new Error('the database is away', { cause })
    })
  })
  await add('mot')
  await until('its failure is told', async () => errors.length > 0, 20_000)
  expect(errors[0]?.cause).toMatchObject({ message: 'the database is away', cause: { code: 'ECONNREFUSED' } })
  expect(told).toEqual([])
  expect(store.standing()).toEqual({ awaySince: undefined })
})
