import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { type RunningWorker, startWorker } from '../../src/worker-process.js'
import { expectAllDelivered } from '../support/ledger-agreement.js'
import { openTestSystem, type TestSystem } from '../support/test-system.js'
import { until } from '../support/until.js'

/** The queue on PostgreSQL, whose listening connections are cut by the server. */
let system: TestSystem
let worker: RunningWorker
beforeEach(async () => {
  system = await openTestSystem({ systems: { ONE_STOP: { poll: { everyMs: 200 } } } })
  // Without the guardian's help: what flows here flows by the queue alone.
  worker = await startWorker(system.context, { guardEveryMs: 3_600_000 })
})
afterEach(async () => {
  await worker.stop()
  await system.close()
})

const take = async (): Promise<void> => {
  await system.twins.ONE_STOP.act('takeDossier')
}
/** A job that was just being taken or ended when its connection was cut is given to another consumer a minute and a half later. */
const GIVEN_AGAIN_MS = 180_000
const untilDelivered = (count: number): Promise<unknown> =>
  until(
    `${count} are delivered`,
    async () => {
      const rows = await system.context.db.query<{ n: number }>(`SELECT count(*)::int AS n FROM transfer WHERE state = 'DELIVERED'`)
      return rows[0]?.n === count
    },
    GIVEN_AGAIN_MS,
  )

test('consumers listen again on new connections and deliver', async () => {
  await take()
  await untilDelivered(2)
  const cut = await system.context.db.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'lienthong-queue' AND datname = current_database()`,
  )
  expect(cut.length).toBeGreaterThan(0)
  await take()
  await take()
  await untilDelivered(6)
  await expectAllDelivered(system)
})
