import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { type RunningProgram, startProgram } from '../support/program.js'
import { queueStores, type StoreUnderTest } from '../support/queue-stores.js'
import { sharedTestSystem, type TestSystem, testSecrets } from '../support/test-system.js'
import { until } from '../support/until.js'

const shared = sharedTestSystem()
let system: TestSystem
const alive = new Set<RunningProgram>()

const MINUTE = 60_000
/** Longer than any machine takes to notice and to kill; what a dead worker leaves is over when the clock is moved. */
const patient = { callDeadlineMs: MINUTE, maxProcessingMs: 0 }
const OF_PORTAL = { SYNC_DOSSIER: patient, SYNC_PROGRESS: patient }
const OF_VILIS = { RECEIVE: patient, SUPPLEMENT: patient, WITHDRAW: patient, CONFIRM_RETURN: patient }

beforeEach(async () => {
  system = await shared.open({
    retry: { waitsMs: [300], leaseMarginMs: 1_000, inquiryWaitMs: 100 },
    systems: { VILIS: { operations: OF_VILIS }, PORTAL: { operations: OF_PORTAL }, ONE_STOP: { poll: { everyMs: 200 } } },
  })
  await writeFile(join(system.context.options.stateDir, 'lienthong.json'), JSON.stringify(system.context.options.configuration))
})
afterEach(async () => {
  for (const program of alive) await kill(program)
})
afterAll(() => shared.close())

/** `redisUrl`: the queue of this worker; without it on PostgreSQL. */
const worker = (redisUrl?: string): RunningProgram => {
  const { databaseUrl, stateDir } = system.context.options
  const program = startProgram('worker', {
    ...testSecrets,
    DATABASE_URL: databaseUrl,
    STATE_DIR: stateDir,
    LIENTHONG_CONFIG: join(stateDir, 'lienthong.json'),
    ...(redisUrl !== undefined && { REDIS_URL: redisUrl }),
  })
  alive.add(program)
  return program
}
const kill = async (program: RunningProgram): Promise<void> => {
  alive.delete(program)
  await program.kill(system.context.db)
}
/** Two calls and a margin: what it had claimed is nobody's now. */
const leasesEnd = (): Promise<void> => system.pass(3 * MINUTE)

describe.each(queueStores(6))('with the queue on %s', (_, openStore) => {
  let store: StoreUnderTest
  beforeAll(async () => {
    store = await openStore()
  })
  afterAll(() => store.close())

  test('a worker killed while ViLIS has its dossier and has not answered: another one inquires, and it is registered once', async () => {
    await system.twins.VILIS.misbehave({ kind: 'HANG_AFTER', operation: 'TiepNhanHoSo', count: 1 })
    const first = worker(store.redisUrl)
    const { code } = await system.twins.ONE_STOP.act<{ code: string }>('takeDossier')
    await until('ViLIS has taken it', async () => (await system.accepted('VILIS')).length === 1)
    // Connections to PostgreSQL for the queue: none where it is on Redis.
    expect(await first.said(/"queueConnections":/)).toMatch(
      store.redisUrl === undefined ? /"queueConnections":[1-9]/ : /"queueConnections":0\b/,
    )
    await kill(first)
    const [sending] = await system.context.db.query(`SELECT state FROM transfer WHERE operation = 'RECEIVE'`)
    expect(sending).toEqual({ state: 'SENDING' })

    await leasesEnd()
    worker(store.redisUrl)
    await until('it is delivered', async () => {
      const [transfer] = await system.context.db.query<{ state: string }>(`SELECT state FROM transfer WHERE operation = 'RECEIVE'`)
      return transfer?.state === 'DELIVERED'
    })
    expect((await system.accepted('VILIS')).map(({ key }) => key)).toEqual([`${code}.RECEIVE.1`])
    const attempts = await system.context.db.query(
      `SELECT a.kind, a.outcome FROM attempt a JOIN transfer t ON t.id = a.transfer_id WHERE t.operation = 'RECEIVE' ORDER BY a.number`,
    )
    expect(attempts).toEqual([
      { kind: 'SEND', outcome: 'LOST' },
      { kind: 'INQUIRE', outcome: 'SAME' },
    ])
    const workers = await system.context.db.query(
      `SELECT DISTINCT worker FROM attempt a JOIN transfer t ON t.id = a.transfer_id WHERE t.operation = 'RECEIVE'`,
    )
    expect(workers).toHaveLength(2)
  })
})

test('workers killed again and again in the middle of a backlog: everything arrives, each once', async () => {
  const codes: string[] = []
  for (let taken = 0; taken < 20; taken += 1) codes.push((await system.twins.ONE_STOP.act<{ code: string }>('takeDossier')).code)
  await system.twins.VILIS.misbehave({ kind: 'SLOW_DRIP', operation: 'TiepNhanHoSo', everyMs: 1, share: 0.5, count: 10 })
  for (let time = 1; time <= 2; time += 1) {
    const before = (await system.accepted('VILIS')).length
    const doomed = worker()
    await doomed.said(/tiến trình chuyển đang chạy/)
    const middle = Math.min(before + 4, codes.length)
    await until('it is in the middle of its work', async () => (await system.accepted('VILIS')).length >= middle)
    await kill(doomed)
    await leasesEnd()
  }
  worker()
  await until(
    'all are delivered',
    async () => {
      const [open] = await system.context.db.query<{ count: number }>(
        `SELECT count(*)::int AS count FROM transfer WHERE state <> 'DELIVERED'`,
      )
      const [all] = await system.context.db.query<{ count: number }>(`SELECT count(*)::int AS count FROM transfer`)
      return all?.count === 40 && open?.count === 0
    },
    undefined,
    async () => ({
      undelivered: await system.context.db.query(
        `SELECT t.idempotency_key, t.state, t.last_error, t.lease_until, t.next_attempt_at, app_now() AS now,
           (SELECT json_agg(json_build_array(a.number, a.kind, a.started_at, a.outcome)) FROM attempt a WHERE a.transfer_id = t.id) AS attempts
         FROM transfer t WHERE t.state <> 'DELIVERED'`,
      ),
      gates: await system.context.db.query('SELECT * FROM system_breaker WHERE open_until IS NOT NULL'),
      cursors: await system.context.db.query('SELECT * FROM poll_cursor'),
    }),
  )
  expect((await system.accepted('VILIS')).map(({ key }) => key).sort()).toEqual(codes.map((code) => `${code}.RECEIVE.1`).sort())
  expect((await system.accepted('PORTAL')).map(({ dossierCode }) => dossierCode).sort()).toEqual([...codes].sort())
})
