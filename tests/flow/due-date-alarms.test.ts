import { afterAll, beforeEach, expect, test } from '@jest/globals'
import { watchDueDates } from '../../src/alerting/watch-due-dates.js'
import { abandonTransfer, replayTransfer } from '../../src/operator/act-on-transfer.js'
import { startWorker } from '../../src/worker-process.js'
import { DAY_MS, HOUR_MS } from '../support/dossier-journey.js'
import { OPERATOR, transferOf } from '../support/operator-acts.js'
import { sharedTestSystem, type TestSystem } from '../support/test-system.js'
import { until } from '../support/until.js'

/** What would miss its due date is alarmed before it does, once, where people and machines look. */
const shared = sharedTestSystem()
let system: TestSystem
let told: { level: string; message: string; fields: Record<string, unknown> }[]
beforeEach(async () => {
  told = []
  system = await shared.open({ gateway: true })
})
afterAll(() => shared.close())

const logger = {
  info: (fields: object, message: string) => void told.push({ level: 'info', message, fields: { ...fields } }),
  warn: (fields: object, message: string) => void told.push({ level: 'warn', message, fields: { ...fields } }),
}
const watch = (): Promise<void> => watchDueDates({ sql: system.context.db, horizonWorkingDays: 1, graceMs: 900_000, logger })

/** Taken at the desk, due so long from now by our own clock. */
const take = async (dueInMs: number): Promise<string> => {
  const dueAt = new Date(Date.now() + dueInMs).toISOString()
  const { code } = await system.twins.ONE_STOP.act<{ code: string }>('takeDossier', { overrides: { procedureCode: '1.012783', dueAt } })
  await system.drain()
  return code
}
const refuseNext = (): Promise<void> =>
  system.twins.VILIS.misbehave({ kind: 'REFUSE_BEFORE', code: 'Client.SAI_LUOC_DO', operation: 'TiepNhanHoSo' })

interface Node {
  readonly idempotencyKey: string
  readonly atRisk: { readonly since: string; readonly dueAt: string; readonly reason: string; readonly reasonLabel: string } | null
  readonly riskAlarms: readonly { readonly reason: string; readonly clearedAt: string | null; readonly clearedBecause: string | null }[]
}
const atRisk = async (wanted = true): Promise<Node[]> => {
  const answer = await system.gateway.query<{ transfers: { edges: { node: Node }[] } }>(
    'operator',
    `query ($atRisk: Boolean) { transfers(filter: { systems: [VILIS], atRisk: $atRisk }, first: 50) { edges { node {
      idempotencyKey atRisk { since dueAt reason reasonLabel } riskAlarms { reason clearedAt clearedBecause } } } } }`,
    { atRisk: wanted },
  )
  return answer.transfers.edges.map(({ node }) => node)
}
const reasons = async (): Promise<Record<string, string | undefined>> =>
  Object.fromEntries((await atRisk()).map(({ idempotencyKey, atRisk: risk }) => [idempotencyKey, risk?.reason]))
const gauge = async (): Promise<string | undefined> => {
  const text = await (await fetch(`${system.gateway.url}/metrics`, { headers: { connection: 'close' } })).text()
  return /^lienthong_transfers_at_risk\{system="VILIS"\} (\d+)$/m.exec(text)?.[1]
}

test('a refused one and its follower are alarmed within a working day of the date, once, and cleared when they arrive', async () => {
  await refuseNext()
  const code = await take(30 * DAY_MS)
  await system.pass(HOUR_MS)
  await system.twins.ONE_STOP.act('handInSupplement', { code })
  await system.drain()
  const [receive, supplement] = [`${code}.RECEIVE.1`, `${code}.SUPPLEMENT.2`]
  await watch()
  expect(await atRisk()).toEqual([])
  expect(await gauge()).toBe('0')

  await system.pass(30 * DAY_MS - 12 * HOUR_MS)
  await watch()
  await watch()
  expect(await reasons()).toEqual({ [receive]: 'REJECTED', [supplement]: 'BLOCKED' })
  const [risky] = (await atRisk()).filter(({ idempotencyKey }) => idempotencyKey === receive)
  const { dueAt } = await transferOf(system, receive)
  expect(risky?.atRisk).toMatchObject({ reasonLabel: 'Bên nhận từ chối, chờ người xử lý' })
  expect(Date.parse(risky?.atRisk?.dueAt ?? '')).toBe(dueAt.getTime())
  expect(Date.parse(risky?.atRisk?.since ?? '')).toBeLessThan(dueAt.getTime())
  expect(await gauge()).toBe('2')
  expect(told.map(({ level, fields }) => [level, fields.operation, fields.dossierCode, fields.reason])).toEqual([
    ['warn', 'RECEIVE', code, 'REJECTED'],
    ['warn', 'SUPPLEMENT', code, 'BLOCKED'],
  ])

  const { id } = await transferOf(system, receive)
  await replayTransfer(system.context.db, { transferId: id, reason: 'ViLIS đã sửa', actor: OPERATOR })
  await system.drain()
  await watch()
  expect(await atRisk()).toEqual([])
  expect(await gauge()).toBe('0')
  const settled = (await atRisk(false)).filter(({ idempotencyKey }) => idempotencyKey.startsWith(code))
  expect(settled.map(({ riskAlarms }) => riskAlarms)).toEqual([
    [{ reason: 'BLOCKED', clearedAt: expect.any(String), clearedBecause: 'DELIVERED' }],
    [{ reason: 'REJECTED', clearedAt: expect.any(String), clearedBecause: 'DELIVERED' }],
  ])
})

test('what the machine has just begun is not alarmed, what waits longer than the grace is', async () => {
  await system.twins.VILIS.offline()
  const code = await take(6 * HOUR_MS)
  await watch()
  expect(await reasons()).toEqual({})
  await system.pass(20 * 60_000)
  await watch()
  expect(await reasons()).toEqual({ [`${code}.RECEIVE.1`]: 'UNAVAILABLE' })
})

test('a new due date makes what is not settled less urgent and ends the alarm; one given up ends it too', async () => {
  await refuseNext()
  const moved = await take(6 * HOUR_MS)
  await refuseNext()
  const givenUp = await take(6 * HOUR_MS)
  await watch()
  expect(Object.keys(await reasons()).sort()).toEqual([`${moved}.RECEIVE.1`, `${givenUp}.RECEIVE.1`].sort())

  const dueAt = new Date(Date.now() + 60 * DAY_MS).toISOString()
  await system.pass(60_000)
  await system.twins.ONE_STOP.act('handInSupplement', { code: moved, newDueAt: dueAt })
  await system.drain()
  expect((await transferOf(system, `${moved}.RECEIVE.1`)).dueAt.toISOString().slice(0, 19)).toBe(dueAt.slice(0, 19))
  const [urgency] = await system.context.db.query<{ follows: boolean }>(
    `SELECT urgent_at = least(due_at, created_at + interval '10 days') AS follows FROM transfer WHERE idempotency_key = $1`,
    [`${moved}.RECEIVE.1`],
  )
  expect(urgency?.follows).toBe(true)
  const { id } = await transferOf(system, `${givenUp}.RECEIVE.1`)
  await abandonTransfer(system.context.db, { transferId: id, reason: 'Nộp giấy trực tiếp', actor: OPERATOR })
  await watch()
  expect(await reasons()).toEqual({})
  const ends = Object.fromEntries(
    (await atRisk(false)).map(({ idempotencyKey, riskAlarms }) => [idempotencyKey, riskAlarms[0]?.clearedBecause]),
  )
  expect(ends).toMatchObject({ [`${moved}.RECEIVE.1`]: 'DUE_DATE_MOVED', [`${givenUp}.RECEIVE.1`]: 'ABANDONED' })
})

test('several guardians at once raise it once; a worker looks by itself', async () => {
  await refuseNext()
  const code = await take(6 * HOUR_MS)
  await Promise.all([watch(), watch(), watch(), watch()])
  expect(told.filter(({ level }) => level === 'warn')).toHaveLength(1)

  await refuseNext()
  const other = await take(6 * HOUR_MS)
  const worker = await startWorker(system.context, { guardEveryMs: 100 })
  try {
    await until('the worker has raised it', async () => (await reasons())[`${other}.RECEIVE.1`] === 'REJECTED')
  } finally {
    await worker.stop()
  }
  expect((await atRisk()).map(({ riskAlarms }) => riskAlarms.length)).toEqual([1, 1])
  expect(Object.keys(await reasons())).toContain(`${code}.RECEIVE.1`)
})
