import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, expect, test } from '@jest/globals'
import { expectAllDelivered, transfersOf } from '../support/ledger-agreement.js'
import { type RunningProgram, startProgram } from '../support/program.js'
import type { TestDatabase } from '../support/test-database.js'
import { openTestSystem, type TestSystem, testSecrets } from '../support/test-system.js'
import { until } from '../support/until.js'

let system: TestSystem
let worker: RunningProgram | undefined
let backup: TestDatabase | undefined
afterEach(async () => {
  await worker?.signal('SIGKILL')
  await system.close()
  await backup?.drop()
})

test('a worker that runs on while its database is replaced by a backup inquires and sends nothing twice', async () => {
  system = await openTestSystem({ systems: { ONE_STOP: { poll: { everyMs: 200 } }, VILIS: { poll: { everyMs: 200 } } } })
  const { databaseUrl, stateDir, configuration } = system.context.options
  await writeFile(join(stateDir, 'lienthong.json'), JSON.stringify(configuration))
  await system.restart(async (database) => {
    backup = await database.backUp()
  })
  worker = startProgram('worker', {
    ...testSecrets,
    DATABASE_URL: databaseUrl,
    STATE_DIR: join(stateDir, 'worker'),
    LIENTHONG_CONFIG: join(stateDir, 'lienthong.json'),
  })
  await worker.said(/tiến trình chuyển đang chạy/)
  for (let count = 0; count < 3; count += 1) await system.twins.ONE_STOP.act('takeDossier', { overrides: { procedureCode: '1.012783' } })
  const areDelivered = async (planned: number): Promise<boolean> => {
    const transfers = await transfersOf(system)
    return transfers.length === planned && transfers.every(({ state }) => state === 'DELIVERED')
  }
  await until('three dossiers are at the registry and the portal', () => areDelivered(6))

  await system.restart((database) => database.restore(backup as TestDatabase))
  await until('all is found there again', () => areDelivered(6))
  await expectAllDelivered(system)
  const attempts = await system.context.db.query<{ kind: string }>('SELECT DISTINCT kind FROM attempt')
  expect(attempts).toEqual([{ kind: 'INQUIRE' }])
  expect(await system.context.db.query('SELECT reason FROM recovery_epoch')).toEqual([
    { reason: 'Cơ sở dữ liệu được tạo lại từ một bản sao.' },
  ])
})
