import { afterEach, expect, test } from '@jest/globals'
import { type PlanWorkDependencies, workOnPlans } from '../../src/operator/work-on-plans.js'
import type { LookAhead } from '../../src/transfer/look-ahead.js'
import { expectAllDelivered } from '../support/ledger-agreement.js'
import { actOn, countOf, planned, refuseAll, seePlan, workOf, workThrough } from '../support/replay-plans.js'
import { openTestSystem, type TestSystem, type TestSystemOptions } from '../support/test-system.js'
import { until } from '../support/until.js'

const REFUSED = { systems: ['VILIS'], states: ['REJECTED'] }

let system: TestSystem
const open = async (options: TestSystemOptions = {}): Promise<TestSystem> => {
  system = await openTestSystem({ gateway: true, ...options })
  return system
}
afterEach(() => system.close())

/** A worker whose questions go through `ask` before they go out. */
const askingBy = (
  ask: (sending: Parameters<LookAhead['ask']>[0], real: LookAhead) => ReturnType<LookAhead['ask']>,
): PlanWorkDependencies => {
  const work = workOf(system)
  return {
    ...work,
    renewMs: 20,
    lookAhead: () => {
      const real = work.lookAhead()
      return { ...real, ask: (sending) => ask(sending, real) }
    },
  }
}

const leftOfLeaseS = async (): Promise<number> => {
  const [plan] = await system.context.db.query<{ left: number }>(
    `SELECT coalesce(extract(epoch FROM lease_until - app_now()), 0)::float8 AS left FROM replay_plan`,
  )
  return plan?.left ?? 0
}

test('a dry run that a slow system keeps waiting for longer than its lease keeps its plan: no other worker asks a second time', async () => {
  await open()
  await refuseAll(system, 3)
  const plan = await planned(system, REFUSED)
  await actOn(system, plan, 'dryRun')
  const asked: string[] = []
  let answer: () => void = () => undefined
  const answered = new Promise<void>((resolve) => {
    answer = resolve
  })
  const slow = askingBy(async (sending, real) => {
    asked.push(sending.idempotencyKey)
    await answered
    return real.ask(sending)
  })
  const working = workOnPlans(slow, () => false)
  await until('all three are asked for', async () => asked.length === 3)
  for (let minutes = 0; minutes < 3; minutes += 1) {
    await system.pass(55_000)
    await until('the lease was renewed', async () => (await leftOfLeaseS()) > 50)
    await workOnPlans(slow, () => false)
  }
  answer()
  await working
  expect(asked).toHaveLength(3)
  expect(countOf(await seePlan(system, plan))).toMatchObject({ WOULD_BE_SENT: 3 })
  expect(await leftOfLeaseS()).toBe(0)
})

test('a dry run that is cancelled begins no further row', async () => {
  await open()
  await refuseAll(system, 20)
  const plan = await planned(system, REFUSED)
  const running = (await actOn(system, plan, 'dryRun')).plan ?? plan
  let asked = 0
  let isTold = false
  const { db, ...work } = askingBy(async (sending, real) => {
    asked += 1
    if (asked === 8) await actOn(system, running, 'cancel')
    await until('the worker has been told', async () => isTold)
    return real.ask(sending)
  })
  const watched: typeof db = {
    ...db,
    query: async <Row>(...given: Parameters<typeof db.query>): Promise<Row[]> => {
      const rows = await db.query<Row>(...given)
      isTold ||= given[0].includes('SET lease_until = app_now()') && rows.length === 0
      return rows
    },
  }
  await workOnPlans({ ...work, db: watched }, () => false)
  expect(asked).toBe(8)
  expect(countOf(await seePlan(system, plan))).toEqual({ SKIPPED: 20 })
})

test('what a busy gate did not let ask is asked later, and is never taken for uncertain', async () => {
  await open()
  await refuseAll(system, 3)
  const plan = await planned(system, REFUSED)
  await actOn(system, plan, 'dryRun')
  const busy = new Map<string, number>()
  const work = askingBy(async (sending, real) => {
    const times = busy.get(sending.idempotencyKey) ?? 0
    busy.set(sending.idempotencyKey, times + 1)
    return times < 2 ? { kind: 'LATER' } : real.ask(sending)
  })
  await workOnPlans(work, () => false)
  const ready = await seePlan(system, plan)
  expect(ready.state).toBe('READY')
  expect(countOf(ready)).toMatchObject({ WOULD_BE_SENT: 3 })
  await actOn(system, ready, 'start')
  expect(countOf(await workThrough(system, plan))).toMatchObject({ DELIVERED: 3 })
  await expectAllDelivered(system)
})
