import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { openDevelopmentKey } from '../../src/sandbox/development-tokens.js'
import { type Ended, lienthong, lienthongProcess } from '../support/command-line.js'
import { expectAllDelivered } from '../support/ledger-agreement.js'
import { type RunningProgram, startProgram } from '../support/program.js'
import { refuseAll } from '../support/replay-plans.js'
import { openTestSystem, type TestSystem, testSecrets } from '../support/test-system.js'

/** A replay plan from the command line alone, with a gateway, a worker as a real program, and `lienthong`: as one too where it follows the plan. */
let system: TestSystem
let worker: RunningProgram
beforeEach(async () => {
  system = await openTestSystem({
    gateway: true,
    replayPlans: { everyMs: 200 },
    retry: { waitsMs: [300], inquiryWaitMs: 100 },
    systems: { ONE_STOP: { poll: { everyMs: 200 } } },
  })
  await writeFile(join(system.context.options.stateDir, 'lienthong.json'), JSON.stringify(system.context.options.configuration))
})
afterEach(async () => {
  await worker.signal('SIGKILL')
  await system.close()
})

const startWorker = (): RunningProgram => {
  const { databaseUrl, stateDir } = system.context.options
  return startProgram('worker', {
    ...testSecrets,
    DATABASE_URL: databaseUrl,
    STATE_DIR: stateDir,
    LIENTHONG_CONFIG: join(stateDir, 'lienthong.json'),
  })
}

const as = async (command: typeof lienthong, words: readonly string[]): Promise<Ended> => {
  const key = await openDevelopmentKey(system.context.options.stateDir)
  const token = await key.token({ sub: 'operator', name: 'Người thử', role: 'operator' })
  return command(words, { LIENTHONG_URL: system.gateway.url, LIENTHONG_TOKEN: token })
}
const operator = (line: string, ...more: string[]): Promise<Ended> => as(lienthong, [...line.split(' '), ...more])

test('is made of what a filter finds, tried, run and followed to its end, and touches nothing twice', async () => {
  await refuseAll(system, 6)
  worker = startWorker()
  const filter = '--system VILIS --state REJECTED'
  const why = ['--reason', 'ViLIS đã sửa lược đồ']
  const name = ['--name', 'Gửi lại sau khi sửa lược đồ']
  expect(await operator('plans create', ...name, ...why)).toMatchObject({
    exitCode: 2,
    out: '',
    err: expect.stringMatching(/^Cần ít nhất một điều kiện/),
  })
  expect((await operator(`plans create ${filter} --preview`)).out).toBe('6 lượt khớp: REJECTED 6.\n')
  for (const [given, missing] of [
    [name, '--reason'],
    [why, '--name'],
  ] as const)
    expect(await operator(`plans create ${filter}`, ...given)).toMatchObject({
      exitCode: 2,
      out: '',
      err: expect.stringContaining(missing),
    })
  expect(await operator(`plans create ${filter} --window 18:00-18:00`, ...name, ...why)).toMatchObject({
    exitCode: 1,
    out: '',
    err: expect.stringMatching(/^Giờ kết thúc của khung giờ chạy phải khác giờ bắt đầu/),
  })
  /** In Viet Nam, from now. */
  const localTime = (hours: number): string => new Date(Date.now() + (7 + hours) * 3_600_000).toISOString().slice(11, 16)
  const made = await operator(
    `plans create ${filter} --per-second 50 --window ${localTime(-2)}-${localTime(-4)} --stop-at 0.5 --stop-after 3 --json`,
    ...name,
    ...why,
  )
  expect(made).toMatchObject({ exitCode: 0, err: '' })
  const { id, version } = JSON.parse(made.out) as { id: string; version: number }
  expect((await operator(`plans status ${id}`)).out).toMatch(/mỗi giây +50\n.*lỗi quá 50%, sau 3 kết quả\n/)

  expect(await operator(`plans start ${id}`, ...why)).toMatchObject({ exitCode: 1, out: '' })
  const tried = await operator(`plans dry-run ${id} --follow`, ...why)
  expect(tried).toMatchObject({ exitCode: 0, out: expect.stringMatching(/READY[\s\S]*WOULD_BE_SENT 6[\s\S]*lienthong plans start/) })
  expect(await operator(`plans start ${id} --version ${version}`, ...why)).toMatchObject({ exitCode: 1, out: '' })
  const run = await as(lienthongProcess, [...`plans start ${id} --follow`.split(' '), ...why])
  expect(run.out).toMatch(/DONE[\s\S]*DELIVERED 6/)
  expect(run.err).toMatch(/\[#*\.*\] \d\/6 /)
  expect((await operator(`plans rows ${id} --result DELIVERED`)).out.trimEnd().split('\n')).toHaveLength(7)
  expect((await operator('plans list --state DONE')).out).toContain(id)
  expect(await operator(`plans cancel ${id}`, ...why)).toMatchObject({ exitCode: 1 })
  await expectAllDelivered(system)
})
