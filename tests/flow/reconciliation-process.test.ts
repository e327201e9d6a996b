import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, expect, test } from '@jest/globals'
import { findRun, type RunRow } from '../../src/reconciliation/run-repository.js'
import { findingsOfRun } from '../../src/reconciliation/run-search-repository.js'
import { startRun } from '../../src/reconciliation/start-run.js'
import { comparedSystems } from '../../src/reconciling.js'
import { DAY_MS, HOUR_MS } from '../support/dossier-journey.js'
import { type RunningProgram, startProgram } from '../support/program.js'
import { discrepancies, drift, tellTooLate, told } from '../support/reconcile.js'
import { openTestSystem, type TestSystem, testSecrets } from '../support/test-system.js'
import { until } from '../support/until.js'

let system: TestSystem
const programs: RunningProgram[] = []
afterEach(async () => {
  await Promise.all(programs.splice(0).map((program) => program.signal('SIGKILL')))
  await system.close()
})

/** At work: how long a process takes to start is no part of what is waited for. */
const worker = async (): Promise<RunningProgram> => {
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

const DAYS = 11
/** More than three working days, whatever holidays come now. */
const LONG_MS = 16 * DAY_MS

const now = async (): Promise<number> => (await system.context.db.query<{ now: Date }>('SELECT app_now() AS now'))[0]?.now.getTime() ?? 0

const take = async (daysAgo: number): Promise<string> => {
  const at = (await now()) - daysAgo * DAY_MS
  const overrides = {
    procedureCode: '1.012783',
    receivedAt: new Date(at).toISOString(),
    dueAt: new Date(at + 60 * DAY_MS).toISOString(),
  }
  return (await system.twins.ONE_STOP.act<{ code: string }>('takeDossier', { overrides })).code
}

const begin = async (): Promise<string> =>
  (await startRun(system.context.db, {
    scope: 'ALL',
    systems: comparedSystems(system.context),
    recentDays: 7,
    reason: 'thử',
    by: { subject: 'thu', name: 'thu' },
  })) as string

/** Every system has acknowledged what it was told of it. */
const isThrough = async (code: string): Promise<boolean> => {
  const sent = await system.context.db.query<{ state: string }>(
    `SELECT t.state FROM transfer t JOIN dossier d ON d.id = t.dossier_id WHERE d.code = $1`,
    [code],
  )
  return sent.length > 0 && sent.every(({ state }) => state === 'DELIVERED')
}

const runOf = async (id: string): Promise<RunRow> => (await findRun(system.context.db, id)) as RunRow

test('a worker process killed in the middle of a run, while transfers flow: another one ends it, finds what was injected of every class and invents nothing', async () => {
  system = await openTestSystem({
    retry: { waitsMs: [300], leaseMarginMs: 1_000, inquiryWaitMs: 100 },
    systems: { VILIS: { poll: { everyMs: 1_000 } }, ONE_STOP: { poll: { everyMs: 1_000 } } },
    reconciliation: { everyMs: 200, windowDays: 2, callsPerSecond: 20, graceMs: 2_000, staleDays: { ACCEPTED: 3 } },
  })
  await writeFile(join(system.context.options.stateDir, 'lienthong.json'), JSON.stringify(system.context.options.configuration))
  const still = await take(1)
  await system.drain()
  await system.pass(LONG_MS)
  const codes: string[] = []
  for (let day = DAYS; day > 0; day -= 1) codes.push(await take(day / DAYS))
  await system.drain()
  const [gone, due, shown, name, twice, done, late, ...well] = codes as [
    string,
    string,
    string,
    string,
    string,
    string,
    string,
    ...string[],
  ]
  await system.pass(HOUR_MS)
  await system.twins.VILIS.act('forward', { code: late })
  await system.drain()
  await system.pass(10_000)
  await drift(system, 'VILIS', 'DELETED', gone)
  await drift(system, 'VILIS', 'DUE_DATE', due)
  await drift(system, 'PORTAL', 'STATUS', shown, '4')
  await drift(system, 'ONE_STOP', 'APPLICANT', name)
  await drift(system, 'ONE_STOP', 'DUPLICATED', twice)
  await system.twins.VILIS.act('finishSilently', { code: done })
  await tellTooLate(system, late, new Date((await now()) - 3 * HOUR_MS))
  const unknown = 'H58.22-261101-9001'
  const received = (await now()) - DAY_MS
  const times = { receivedAt: new Date(received).toISOString(), dueAt: new Date(received + 10 * DAY_MS).toISOString() }
  await system.twins.VILIS.act('knowHistory', { dossiers: [{ code: unknown, ...times }] })
  await system.drain()
  const injected = [
    `${gone} VILIS MISSING_THERE  THERE`,
    `${due} VILIS DIFFERS DUE_DATE HERE`,
    `${shown} PORTAL DIFFERS STATUS THERE`,
    `${name} ONE_STOP DIFFERS APPLICANT REREAD`,
    `${twice} ONE_STOP DUPLICATE_THERE  PERSON`,
    `${done} VILIS RESULT_NOT_RETURNED STATUS HERE`,
    `${late} VILIS LATE_APPLIED STATUS PERSON`,
    `${unknown} VILIS MISSING_HERE  REREAD`,
    `${still} VILIS STALE  PERSON`,
  ].sort()

  /**
   * Meanwhile dossiers are taken and go on; each is read, planned, sent and answered by the workers. The next one comes when they are through with the last: by the clock a slow
   * machine, or one without a worker, would have ever more of them to read before the run can end.
   */
  let turn = 0
  let last: string | undefined
  const goOn = async (): Promise<void> => {
    if (last !== undefined && !(await isThrough(last))) return
    turn += 1
    last = await take((turn % DAYS) / DAYS)
    await system.twins.VILIS.act('forward', { code: well[turn % well.length] }).catch(() => undefined)
  }
  const first = await worker()
  const id = await begin()
  await until('the run is in its middle', async () => {
    await goOn()
    return (await runOf(id)).unitsDone >= 3
  })
  await first.kill(system.context.db)
  const left = await runOf(id)
  expect(left.state).toBe('RUNNING')
  expect(left.unitsDone).toBeLessThan(left.unitsTotal)

  // The lease of the dead one is over.
  await system.pass(61_000)
  await worker()
  const ended = await until('the run is done', async () => {
    await goOn()
    const run = await runOf(id)
    return run.state === 'DONE' && run
  })
  expect(ended.progress).toMatchObject({ ONE_STOP: { phase: 'DONE' }, VILIS: { phase: 'DONE' }, PORTAL: { phase: 'DONE' } })
  expect(told(await discrepancies(system, 'OPEN'))).toEqual(injected)
  const found = await findingsOfRun(system.context.db, id)
  expect(found.reduce((sum, row) => sum + row.found, 0)).toBe(injected.length)
})
