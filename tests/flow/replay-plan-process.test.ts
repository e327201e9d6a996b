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
  // Longer than any machine takes to notice and to kill.
  const patient = { callDeadlineMs: 60_000, maxProcessingMs: 0 }
  system = await openTestSystem({
    gateway: true,
    replayPlans: { everyMs: 200, maxUnderWay: 10 },
    retry: { waitsMs: [300], leaseMarginMs: 1_000, inquiryWaitMs: 100 },
    systems: { VILIS: { operations: { RECEIVE: patient } }, ONE_STOP: { poll: { everyMs: 200 } } },
  })
  await writeFile(join(system.context.options.stateDir, 'lienthong.json'), JSON.stringify(system.context.options.configuration))
  await refuseAll(system, 60)
  const plan = await started(system, await planned(system, { systems: ['VILIS'], states: ['REJECTED'] }, { perSecond: 25 }))
  // Each call under way comes to stand in the end, so that the plan waits in its middle, however fast the machine is.
  await system.twins.VILIS.misbehave({ kind: 'HANG_AFTER', operation: 'TiepNhanHoSo', share: 0.5 })
  const first = worker()
  await until('the plan is in the middle of its run', async () => (await system.accepted('VILIS')).length >= 10)
  await first.kill(system.context.db)
  const left = countOf(await seePlan(system, plan))
  expect(left.WAITING).toBeGreaterThan(0)

  await system.twins.VILIS.behave()
  // The leases of the dead one are over, of the plan and of what it was sending; what the other one takes is its own for as long as it works.
  await system.pass(180_000)
  worker()
  await until('the plan is done', async () => (await seePlan(system, plan)).state === 'DONE')
  expect(countOf(await seePlan(system, plan))).toMatchObject({ DELIVERED: 60 })
  await expectAllDelivered(system)
})
