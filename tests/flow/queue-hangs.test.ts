import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { openRelay, type TcpRelay } from '../../bench/drill/tcp-relay.js'
import { type GuardianDependencies, startGuardian } from '../../src/queue/guardian.js'
import { pollOnce } from '../../src/worker-process.js'
import { openTestSystem, type TestSystem } from '../support/test-system.js'
import { until } from '../support/until.js'
import { startValkey, type TestRedis } from '../support/valkey.js'

/** The queue's Redis does not answer: what is done for the tables and for people is done all the same. */
let redis: TestRedis
let wire: TcpRelay
let system: TestSystem
beforeAll(async () => {
  redis = await startValkey()
  const { port } = new URL(redis.url)
  wire = await openRelay(() => [Number(port)])
  system = await openTestSystem({ gateway: true, polls: false, redisUrl: `redis://127.0.0.1:${wire.port}/7` })
  await system.twins.ONE_STOP.act('takeDossier')
  await pollOnce(system.context, 'ONE_STOP')
  wire.cut()
})
afterAll(async () => {
  wire.heal()
  await system.close()
  await wire.close()
  await redis.stop()
})

const guardianWith = (changes: Partial<GuardianDependencies>) =>
  startGuardian({
    sql: system.context.db,
    queues: system.context.queues,
    applyPending: system.context.applyPending,
    restoreSchedules: async () => undefined,
    yieldToNewer: async () => undefined,
    keepIdentifiers: async () => undefined,
    retention: async () => undefined,
    watchDueDates: async () => undefined,
    onApplied: () => undefined,
    onReclaimed: () => undefined,
    onError: () => undefined,
    everyMs: 10,
    patienceMs: 100,
    keepEventsHours: 72,
    ...changes,
  })

test('leases are reclaimed and due dates are watched, round after round, and stopping waits for nobody', async () => {
  const { db } = system.context
  let looks = 0
  const guardian = guardianWith({
    watchDueDates: async () => {
      looks += 1
    },
  })
  try {
    await until('due dates were looked at in two rounds', async () => looks >= 2)
    await db.query(`UPDATE transfer SET state = 'SENDING', lease_until = app_now() WHERE system_id = 'VILIS' RETURNING id`)
    await until('a lost lease is reclaimed', async () => {
      const rows = await db.query(`SELECT 1 AS reclaimed FROM transfer WHERE system_id = 'VILIS' AND state = 'INDETERMINATE'`)
      return rows.length === 1
    })
  } finally {
    await guardian.stop()
  }
  expect(looks).toBeGreaterThanOrEqual(2)
})

test('a guardian that is stopped applies what it is at and nothing more, and what fails after that is told to nobody', async () => {
  for (let n = 0; n < 3; n += 1) await system.twins.ONE_STOP.act('takeDossier')
  await pollOnce(system.context, 'ONE_STOP', () => true)
  await system.pass(3_000)
  const applied: string[] = []
  const errors: unknown[] = []
  let goOn = (): void => undefined
  const held = new Promise<void>((resolve) => {
    goOn = resolve
  })
  const guardian = guardianWith({
    applyPending: async (code) => {
      applied.push(code)
      await held
      throw new Error('Cannot use a pool after calling end on the pool')
    },
    onError: (error) => errors.push(error),
  })
  await until('one is at it', async () => applied.length > 0)
  await guardian.stop()
  goOn()
  await held
  await new Promise(setImmediate)
  expect({ applied: applied.length, errors }).toEqual({ applied: 1, errors: [] })
})

test('an operator who resumes a system is answered, and the table knows it', async () => {
  const act = (name: string) =>
    system.gateway.query<{ act: { __typename: string } }>(
      'operator',
      `mutation ($input: SystemActInput!) { act: ${name}(input: $input) { __typename } }`,
      { input: { clientKey: `khong-hang-doi-${name}`, systemId: 'VILIS', reason: 'Bảo trì' } },
    )
  expect((await act('pauseSystem')).act.__typename).toBe('SystemActDone')
  expect((await act('resumeSystem')).act.__typename).toBe('SystemActDone')
  expect(await system.context.db.query(`SELECT paused_at FROM system_gate WHERE system_id = 'VILIS'`)).toEqual([{ paused_at: null }])
})
