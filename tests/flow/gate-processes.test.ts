import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, expect, test } from '@jest/globals'
import { installObserver } from '../../bench/drill/judge/facts.js'
import type { SystemId } from '../../src/model/system.js'
import { expectAllDelivered } from '../support/ledger-agreement.js'
import { type RunningProgram, startProgram } from '../support/program.js'
import { queueStores } from '../support/queue-stores.js'
import { openTestSystem, type TestSystem, type TestSystemOptions, testSecrets } from '../support/test-system.js'
import { until } from '../support/until.js'

/** The gate before ViLIS, seen by real worker processes on the PostgreSQL queue. */
const FOREVER = 100_000
/** Longer than a test, in which several programs are started one after the other. */
const LONG_MS = 600_000
const patient = { callDeadlineMs: LONG_MS }
let system: TestSystem
const programs: RunningProgram[] = []
afterEach(async () => {
  await Promise.all(programs.splice(0).map((program) => program.signal('SIGKILL')))
  await system.close()
})

const open = async (options: TestSystemOptions): Promise<void> => {
  system = await openTestSystem({ ...options, systems: { ONE_STOP: { poll: { everyMs: 200 } }, ...options.systems } })
  await writeFile(join(system.context.options.stateDir, 'lienthong.json'), JSON.stringify(system.context.options.configuration))
}
/** Resolves when it runs: what starting takes on a busy machine is no part of what is waited for. */
const work = async (): Promise<RunningProgram> => {
  const { databaseUrl, stateDir } = system.context.options
  const program = startProgram('worker', {
    ...testSecrets,
    DATABASE_URL: databaseUrl,
    STATE_DIR: stateDir,
    LIENTHONG_CONFIG: join(stateDir, 'lienthong.json'),
  })
  programs.push(program)
  await program.said(/tiến trình chuyển đang chạy/)
  return program
}
const take = async (count: number): Promise<void> => {
  for (let left = count; left > 0; left -= 1) await system.twins.ONE_STOP.act('takeDossier')
}
const shownAtPortal = (count: number): Promise<true> =>
  until(`the portal shows ${count}`, async () => (await system.accepted('PORTAL')).length === count)

/** Attempts at ViLIS by each process, the busiest last. */
const attempts = (systemId: SystemId = 'VILIS', condition = 'true') =>
  system.context.db.query<{ worker: string; count: number }>(
    `SELECT a.worker, count(*)::int AS count FROM attempt a JOIN transfer t ON t.id = a.transfer_id
     WHERE t.system_id = $1 AND ${condition} GROUP BY a.worker ORDER BY count, a.worker`,
    [systemId],
  )
const unsettled = async (systemId: SystemId): Promise<number> => {
  const [left] = await system.context.db.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM transfer WHERE system_id = $1 AND state <> 'DELIVERED'`,
    [systemId],
  )
  return left?.count ?? Number.NaN
}
const breakerIsOpen = async (): Promise<boolean> =>
  (await system.context.db.query(`SELECT 1 FROM system_breaker WHERE system_id = 'VILIS' AND class = 'SEND' AND open_until > app_now()`))
    .length === 1
const wakeUps = async () => {
  const queue = system.context.queues.get('VILIS')
  return { ready: await queue?.ready(), all: await queue?.depth() }
}

test('while ViLIS hangs in every call, polls of it as well, dossiers go on from the desk to the portal', async () => {
  await open({
    systems: { VILIS: { concurrency: 2, readDeadlineMs: LONG_MS, poll: { everyMs: 200 }, operations: { RECEIVE: patient } } },
  })
  await system.twins.VILIS.misbehave({ kind: 'HANG', count: FOREVER })
  await work()
  await take(6)
  await shownAtPortal(6)
  const hanging = async (operation: string): Promise<number> =>
    (await system.twins.VILIS.ledger()).requests.filter((request) => request.operation === operation && request.answered === 'HUNG').length
  await until('both senders and a poll hang', async () => (await hanging('TiepNhanHoSo')) === 2 && (await hanging('LayThayDoi')) === 1)
  await take(6)
  await shownAtPortal(12)
  expect(await attempts('VILIS', 'a.ended_at IS NULL')).toEqual([{ worker: expect.any(String), count: 2 }])
  expect(await system.accepted('VILIS')).toEqual([])
})

/** Wake-ups that were put into the queue of ViLIS since the observer looks on, beside those that its transfers have asked for. */
const wakeUpsMade = async (): Promise<{ made: number; askedFor: number }> => {
  const [counts] = await system.context.db.query<{ made: number; askedFor: number }>(
    `SELECT (SELECT count(*)::int FROM drill.job WHERE text LIKE '(transfer-VILIS,%') AS made,
       (SELECT count(*)::int FROM outbox_event WHERE wake_at IS NOT NULL AND system_id = 'VILIS') AS "askedFor"`,
  )
  return counts ?? { made: Number.NaN, askedFor: 0 }
}

test('what one process has found to be down, another spends no attempt on, and the queue is not churned meanwhile', async () => {
  await open({
    retry: { breaker: { openMs: LONG_MS, maxOpenMs: LONG_MS } },
    systems: { VILIS: { concurrency: 1, poll: { enabled: false } } },
  })
  await installObserver((text, parameters) => system.context.db.query(text, parameters))
  await system.twins.VILIS.offline()
  const first = await work()
  await take(8)
  await until('the first one has opened the breaker', breakerIsOpen)
  const spent = await attempts()
  expect(spent).toEqual([{ worker: expect.any(String), count: 5 }])
  await shownAtPortal(8)
  await first.kill(system.context.db)
  await work()
  await take(4)
  await shownAtPortal(12)
  await until('the second one has taken the wake-ups for ViLIS', async () => (await wakeUps()).ready === 0)
  expect(await attempts()).toEqual(spent)
  expect((await attempts('PORTAL')).map(({ worker }) => worker)).not.toEqual([spent[0]?.worker])
  // One for each that was asked for, which a guardian may put back once, and one for the end of the open time, which all consumers share.
  const { made, askedFor } = await wakeUpsMade()
  expect(askedFor).toBeGreaterThanOrEqual(12)
  expect(made).toBeGreaterThan(0)
  expect(made).toBeLessThanOrEqual(2 * askedFor + 1)
})

test('a limit that is raised while two processes run lets both send more, and until then neither did', async () => {
  await open({
    gateway: true,
    systems: { VILIS: { concurrency: 3, limits: { maxPerSecond: null, maxInFlight: 2 }, operations: { RECEIVE: patient } } },
  })
  await system.twins.VILIS.misbehave({ kind: 'HANG', operation: 'TiepNhanHoSo', count: FOREVER })
  await Promise.all([work(), work()])
  await take(10)
  await shownAtPortal(10)
  const inFlight = async (): Promise<number[]> => (await attempts('VILIS', 'a.ended_at IS NULL')).map(({ count }) => count)
  const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0)
  await until('two are in flight', async () => sum(await inFlight()) === 2)
  const { act } = await system.gateway.query<{ act: { __typename: string } }>(
    'operator',
    'mutation ($input: SystemLimitsInput!) { act: setSystemLimits(input: $input) { __typename } }',
    { input: { clientKey: 'nang-gioi-han', systemId: 'VILIS', reason: 'ViLIS đã nâng cấp', maxInFlight: 6 } },
  )
  expect(act.__typename).toBe('SystemActDone')
  await until('each process has three in flight', async () => (await inFlight()).join() === '3,3')
})

test('a wake-up for the end of an open time that is lost with its process and its queue strands nothing', async () => {
  await open({
    retry: { waitsMs: [300], breaker: { openMs: 2_000, maxOpenMs: 2_000 } },
    systems: { VILIS: { concurrency: 2, poll: { enabled: false } } },
  })
  await system.twins.VILIS.offline()
  const first = await work()
  await take(6)
  await until(
    'all are settled at the portal',
    async () => (await unsettled('PORTAL')) === 0 && (await system.accepted('PORTAL')).length === 6,
  )
  await until('the breaker is open', breakerIsOpen)
  await until('a wake-up is left for later, and none for now', async () => {
    const { ready, all } = await wakeUps()
    return ready === 0 && (all ?? 0) > 0
  })
  await first.kill(system.context.db)
  const [, openStore] = queueStores(0)[0] ?? []
  const store = await openStore?.()
  // The relay may just be about to publish what the dead process has settled last.
  await until('no wake-up is left', async () => {
    await store?.wipe(system.context)
    return (await wakeUps()).all === 0
  })
  await system.twins.VILIS.online()
  await work()
  await until('all are registered', async () => (await unsettled('VILIS')) === 0)
  await expectAllDelivered(system)
})
