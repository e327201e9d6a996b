import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, expect, test } from '@jest/globals'
import { expectAllDelivered } from '../support/ledger-agreement.js'
import { type RunningProgram, startProgram } from '../support/program.js'
import { countOf, planned, refuseAll, seePlan, started } from '../support/replay-plans.js'
import { openTestSystem, type TestSystem, testSecrets } from '../support/test-system.js'
import { until } from '../support/until.js'

let system: TestSystem
const programs: RunningProgram[] = []
afterEach(async () => {
  await Promise.all(programs.splice(0).map((program) => program.signal('SIGKILL')))
  await system.close()
})

const worker = (): RunningProgram => {
  const { databaseUrl, stateDir } = system.context.options
  const program = startProgram('worker', {
    ...testSecrets,
    DATABASE_URL: databaseUrl,
    STATE_DIR: stateDir,
    LIENTHONG_CONFIG: join(stateDir, 'lienthong.json'),
  })
  programs.push(program)
  return program
}

test('a worker process killed in the middle of a plan: another one ends it, and ViLIS has each dossier once', async () => {
  const quick = { callDeadlineMs: 1_500, maxProcessingMs: 0 }
  system = await openTestSystem({
    gateway: true,
    replayPlans: { everyMs: 200, maxUnderWay: 10 },
    retry: { waitsMs: [300], leaseMarginMs: 1_000, inquiryWaitMs: 100 },
    systems: { VILIS: { operations: { RECEIVE: quick } }, ONE_STOP: { poll: { everyMs: 200 } } },
  })
  await writeFile(join(system.context.options.stateDir, 'lienthong.json'), JSON.stringify(system.context.options.configuration))
  await refuseAll(system, 60)
  const plan = await started(system, await planned(system, { systems: ['VILIS'], states: ['REJECTED'] }, { perSecond: 25 }))
  const first = worker()
  await until('the plan is in the middle of its run', async () => (await system.accepted('VILIS')).length >= 10)
  await first.signal('SIGKILL')
  const left = countOf(await seePlan(system, plan))
  expect(left.WAITING).toBeGreaterThan(0)

  worker()
  // The lease of the dead one is over.
  await system.pass(61_000)
  await until('the plan is done', async () => (await seePlan(system, plan)).state === 'DONE')
  expect(countOf(await seePlan(system, plan))).toMatchObject({ DELIVERED: 60 })
  await expectAllDelivered(system)
})
