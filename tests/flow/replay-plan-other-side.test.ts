import { afterAll, expect, test } from '@jest/globals'
import { unavailable } from '../../src/errors.js'
import { OPERATIONS } from '../../src/model/system.js'
import { replayTransfer } from '../../src/operator/act-on-transfer.js'
import { type PlanWorkDependencies, workOnPlans } from '../../src/operator/work-on-plans.js'
import type { LookAhead } from '../../src/transfer/look-ahead.js'
import { expectAllDelivered } from '../support/ledger-agreement.js'
import { OPERATOR, transferOf } from '../support/operator-acts.js'
import { actOn, countOf, planned, refuseAll, rowsOf, seePlan, workOf, workThrough } from '../support/replay-plans.js'
import { sharedTestSystem, type TestSystem, type TestSystemOptions } from '../support/test-system.js'
import { until } from '../support/until.js'

const REFUSED = { systems: ['VILIS'], states: ['REJECTED'] }

const shared = sharedTestSystem()
let system: TestSystem
const open = async (options: TestSystemOptions = {}): Promise<TestSystem> => {
  system = await shared.open({ gateway: true, ...options })
  return system
}
afterAll(() => shared.close())

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
    // Three times it is longer than a lease, and each time a slow machine has a quarter of one left to renew it.
    await system.pass(45_000)
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

test('what was seen is kept whatever one of the rows ends with: the others are not asked a second time', async () => {
  await open()
  await refuseAll(system, 4)
  const plan = await planned(system, REFUSED)
  await actOn(system, plan, 'dryRun')
  const asked: string[] = []
  let isGone = true
  const work = askingBy(async (sending, real) => {
    asked.push(sending.idempotencyKey)
    if (isGone && asked.length === 4) throw unavailable('NOT_STORED', new Error('the database is gone for a moment'))
    return real.ask(sending)
  })
  await workOnPlans({ ...work, onError: () => undefined }, () => false)
  expect(countOf(await seePlan(system, plan))).toMatchObject({ WOULD_BE_SENT: 3 })
  isGone = false
  await workOnPlans(work, () => false)
  expect(countOf(await seePlan(system, plan))).toMatchObject({ WOULD_BE_SENT: 4 })
  expect(asked).toHaveLength(5)
})

type Strength = 'FIELDS' | 'EXISTS'

/** So many that ViLIS has taken count as refused with us. It tells no more of what it has than `told`, though `agreed` was agreed. */
const refusedButThere = async (agreed: Strength, told: Strength = agreed, count = 1): Promise<string> => {
  const operations = Object.fromEntries(OPERATIONS.VILIS.map((operation) => [operation, { inquiryStrength: agreed }]))
  await open({ systems: { VILIS: { operations } } })
  await system.twins.VILIS.act('inquiryStrength', { strength: told })
  const codes = await refuseAll(system, count)
  for (const code of codes) {
    const { id } = await transferOf(system, `${code}.RECEIVE.1`)
    await replayTransfer(system.context.db, { transferId: id, reason: 'Nhập tay ở ViLIS', actor: OPERATOR })
  }
  await system.drain()
  await system.context.db.query(
    `UPDATE transfer SET state = 'REJECTED', settled_at = app_now(), updated_at = app_now() WHERE operation = 'RECEIVE' RETURNING 1 AS done`,
  )
  return `${codes[0]}.RECEIVE.1`
}

test('a plan that supersedes never confirms the old content by the new one that they tell to have', async () => {
  const key = await refusedButThere('FIELDS')
  await system.context.db.query(`UPDATE procedure SET name = 'Tên thủ tục đã sửa' WHERE code = '1.012783'`)
  const plan = await planned(system, REFUSED, { kind: 'SUPERSEDE' })
  await actOn(system, plan, 'dryRun')
  const seen = await workThrough(system, plan)
  expect(rowsOf(seen)).toMatchObject([{ forecast: 'UNCERTAIN', forecastReason: expect.stringContaining('nội dung hiện nay') }])
  const { plan: approved } = await actOn(system, seen, 'approve', { role: 'admin' })
  // Approved or not: no row of it may go.
  expect(await actOn(system, approved ?? seen, 'start')).toMatchObject({ reason: 'NOTHING_TO_RUN' })
  expect(countOf(await workThrough(system, plan))).toMatchObject({ UNCERTAIN: 1, WAITING: 1 })
  expect(await transferOf(system, key)).toMatchObject({ state: 'REJECTED' })
})

test.each([
  ['FIELDS', 'ALREADY_THERE'],
  ['EXISTS', 'UNCERTAIN'],
] as const)('what was refused counts as there when %s of it are told: %s', async (strength, forecast) => {
  await refusedButThere(strength)
  const plan = await planned(system, REFUSED)
  await actOn(system, plan, 'dryRun')
  expect(rowsOf(await workThrough(system, plan))).toMatchObject([{ forecast }])
})

test('a system that answers and tells less than was agreed is no system that fails: its breaker stays closed', async () => {
  await refusedButThere('FIELDS', 'EXISTS', 8)
  const plan = await planned(system, REFUSED)
  await actOn(system, plan, 'dryRun')
  const seen = await workThrough(system, plan)
  expect(countOf(seen)).toMatchObject({ UNCERTAIN: 8 })
  expect(new Set(rowsOf(seen).map(({ forecastReason }) => forecastReason)).size).toBe(1)
  expect(await system.context.db.query(`SELECT class FROM system_breaker WHERE open_until IS NOT NULL OR failures > 0`)).toEqual([])
})
