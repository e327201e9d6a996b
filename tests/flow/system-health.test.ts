import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { createSystemHealth } from '../../src/transfer/system-health.js'
import { type RunningWorker, startWorker } from '../../src/worker-process.js'
import { openTestSystem, type TestSystem } from '../support/test-system.js'
import { until } from '../support/until.js'

let system: TestSystem
let worker: RunningWorker
beforeEach(async () => {
  system = await openTestSystem({ systems: { ONE_STOP: { poll: { everyMs: 200 } } } })
  worker = await startWorker(system.context)
})
afterEach(async () => {
  await worker.stop()
  await system.close()
})

const healthOf = async (systemId: string) =>
  (
    await system.context.db.query<{ health: string; lastFailure: string | null }>(
      `SELECT health, last_failure AS "lastFailure" FROM foreign_system WHERE id = $1`,
      [systemId],
    )
  )[0]

test('a system that cannot be read is known to be down, with the cause, though nothing was to be sent; and to be up again', async () => {
  await until('the desk is known to be up', async () => (await healthOf('ONE_STOP'))?.health === 'UP')
  await system.twins.ONE_STOP.offline()
  await until('the desk is known to be down', async () => (await healthOf('ONE_STOP'))?.health === 'DOWN')
  expect((await healthOf('ONE_STOP'))?.lastFailure).toMatch(/\S/)
  await system.twins.ONE_STOP.online()
  await until('the desk is up again', async () => (await healthOf('ONE_STOP'))?.health === 'UP')
})

test('one that answers and serves nothing is not said to be silent, and does not serve since it was well, whichever way', async () => {
  const health = createSystemHealth(system.context.db, (error) => {
    throw error
  })
  const sinceOf = async () =>
    (await system.context.db.query<{ since: Date }>(`SELECT health_since AS since FROM foreign_system WHERE id = 'PORTAL'`))[0]?.since
  const goes = async (outcome: string, code?: string) => {
    health.report({ systemId: 'PORTAL', outcome, ...(code !== undefined && { code }), cause: 'Cổng dịch vụ công tạm thời không nhận.' })
    await health.flush()
    await system.pass(60_000)
    return { ...(await healthOf('PORTAL')), since: await sinceOf() }
  }
  await goes('ACCEPTED')
  const closed = await goes('UNAVAILABLE', 'CLOSED')
  expect(closed).toMatchObject({ health: 'REFUSING', lastFailure: 'Cổng dịch vụ công tạm thời không nhận.' })
  expect(await goes('UNAVAILABLE', 'ECONNREFUSED')).toMatchObject({ health: 'DOWN', since: closed.since })
  expect(await goes('UNKNOWN', 'FAULT_Server')).toMatchObject({ health: 'REFUSING', since: closed.since })
  expect(await goes('SAME')).toMatchObject({ health: 'UP' })
  expect(await sinceOf()).not.toEqual(closed.since)
})

test('what is kept of a failure is our sentence, without the other side’s words, which may name a person', async () => {
  const health = createSystemHealth(system.context.db, (error) => {
    throw error
  })
  const cause = 'ViLIS báo lỗi: “hồ sơ của Trần Thị Thử 082190000000” (SOAP fault Server, HTTP 500).'
  health.report({ systemId: 'VILIS', outcome: 'INDETERMINATE', cause })
  await health.flush()
  expect((await healthOf('VILIS'))?.lastFailure).toBe('ViLIS báo lỗi (SOAP fault Server, HTTP 500).')
})
