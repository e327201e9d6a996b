import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, expect, test } from '@jest/globals'
import { type RunningProgram, startProgram } from '../support/program.js'
import { type StartPooler, startPooler } from '../support/start-pooler.js'
import { openTestSystem, type TestSystem, testSecrets } from '../support/test-system.js'

let system: TestSystem
let pooler: StartPooler
let worker: RunningProgram
afterEach(async () => {
  await worker.signal('SIGKILL')
  await pooler.close()
  await system.close()
})

test('a process starts behind a pooler that refuses what is asked for at the start of a connection', async () => {
  system = await openTestSystem()
  const { databaseUrl, stateDir, configuration } = system.context.options
  pooler = await startPooler(databaseUrl)
  await writeFile(join(stateDir, 'lienthong.json'), JSON.stringify(configuration))
  worker = startProgram('worker', {
    ...testSecrets,
    DATABASE_URL: pooler.url,
    DATABASE_DIRECT_URL: databaseUrl,
    STATE_DIR: join(stateDir, 'worker'),
    LIENTHONG_CONFIG: join(stateDir, 'lienthong.json'),
  })
  const started = worker.said(/tiến trình chuyển đang chạy/).then(() => 'started')
  expect(await Promise.race([started, worker.ended.then(() => worker.everything())])).toBe('started')
  expect(worker.everything()).not.toContain('unsupported startup parameter')
})
