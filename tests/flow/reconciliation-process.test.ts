import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, expect, test } from '@jest/globals'
import { findRun, type RunRow } from '../../src/reconciliation/run-repository.js'
import { findingsOfRun } from '../../src/reconciliation/run-search-repository.js'
import { startRun } from '../../src/reconciliation/start-run.js'
import { comparedSystems } from '../../src/reconciling.js'
import { DAY_MS } from '../support/dossier-journey.js'
import { type RunningProgram, startProgram } from '../support/program.js'
import { discrepancies, told } from '../support/reconcile.js'
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

const DAYS = 7

const take = async (daysAgo: number): Promise<string> => {
  const at = Date.now() - daysAgo * DAY_MS
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

test('a worker process killed in the middle of a run, while transfers flow: another one ends it, finds what was injected and invents nothing', async () => {
  system = await openTestSystem({
    retry: { waitsMs: [300], leaseMarginMs: 1_000, inquiryWaitMs: 100 },
    systems: { VILIS: { poll: { everyMs: 1_000 } }, ONE_STOP: { poll: { everyMs: 1_000 } } },
    reconciliation: { everyMs: 200, windowDays: 1, callsPerSecond: 10, graceMs: 2_000 },
  })
  await writeFile(join(system.context.options.stateDir, 'lienthong.json'), JSON.stringify(system.context.options.configuration))
  const codes: string[] = []
  for (let day = DAYS; day > 0; day -= 1) codes.push(await take(day))
  await system.drain()
  await system.pass(10_000)
  const [gone, due, shown, name] = [codes[1], codes[3], codes[5], codes[DAYS - 1]] as [string, string, string, string]
  await system.twins.VILIS.act('drift', { kind: 'DELETED', code: gone })
  await system.twins.VILIS.act('drift', { kind: 'DUE_DATE', code: due })
  await system.twins.PORTAL.act('drift', { kind: 'STATUS', code: shown, value: '4' })
  await system.twins.ONE_STOP.act('drift', { kind: 'APPLICANT', code: name })
  const injected = [
    `${gone} VILIS MISSING_THERE  THERE`,
    `${due} VILIS DIFFERS DUE_DATE HERE`,
    `${shown} PORTAL DIFFERS STATUS THERE`,
    `${name} ONE_STOP DIFFERS APPLICANT REREAD`,
  ].sort()

  /**
   * Meanwhile dossiers are taken and go on; each is read, planned, sent and answered by the workers. The next one comes when they are through with the last: by the clock a slow
   * machine, or one without a worker, would have ever more of them to read before the run can end.
   */
  const well = codes.filter((code) => ![gone, due, shown, name].includes(code))
  let turn = 0
  let last: string | undefined
  const goOn = async (): Promise<void> => {
    if (last !== undefined && !(await isThrough(last))) return
    turn += 1
    last = await take(turn % DAYS)
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
  const done = await until('the run is done', async () => {
    await goOn()
    const run = await runOf(id)
    return run.state === 'DONE' && run
  })
  expect(done.progress).toMatchObject({ ONE_STOP: { phase: 'DONE' }, VILIS: { phase: 'DONE' }, PORTAL: { phase: 'DONE' } })
  expect(told(await discrepancies(system, 'OPEN'))).toEqual(injected)
  const found = await findingsOfRun(system.context.db, id)
  expect(found.reduce((sum, row) => sum + row.found, 0)).toBe(injected.length)
})
