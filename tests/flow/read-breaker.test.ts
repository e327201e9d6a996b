import { afterEach, expect, test } from '@jest/globals'
import { openContext } from '../../src/context.js'
import { READ_FAILURES } from '../../src/model/read-failure.js'
import { describeInstant } from '../../src/model/working-calendar.js'
import { deliver } from '../../src/transfer/deliver-transfer.js'
import { deliveryOf, pollOnce, type RunningWorker, startWorker } from '../../src/worker-process.js'
import { startTestGateway, type TestGateway } from '../support/test-gateway.js'
import { openTestSystem, type TestSystem, type TestSystemOptions } from '../support/test-system.js'
import { relayed, until } from '../support/until.js'

/** Reads of ViLIS while it does not answer: live look-ups by two gateways, and polls. */
const LOOK_UP = 'TraCuuGiayChungNhan'
const FOREVER = 100_000
let system: TestSystem
let worker: RunningWorker | undefined
afterEach(async () => {
  await worker?.stop()
  worker = undefined
  await system.close()
})
const open = async (options: TestSystemOptions = {}): Promise<void> => {
  system = await openTestSystem({ gateway: true, polls: false, ...options })
}

interface Freshness {
  readonly asOf: string | null
  readonly staleBecause: string | null
  readonly errorCode: string | null
}
const read = async (gateway: TestGateway = system.gateway): Promise<Freshness> =>
  (
    await gateway.query<{ certificate: { freshness: Freshness } }>(
      'admin',
      '{ certificate(serialNumber: "BX 123456", read: LIVE) { freshness { asOf staleBecause errorCode } } }',
    )
  ).certificate.freshness
const requestsOf = async (operation: string): Promise<number> =>
  (await system.twins.VILIS.ledger()).requests.filter((request) => request.operation === operation).length
const breaker = async () => {
  const [row] = await system.context.db.query<{ open: boolean; failures: number; openings: number; recoveredAt: Date | null }>(
    `SELECT open_until IS NOT NULL AS open, failures, openings, recovered_at AS "recoveredAt" FROM system_breaker JOIN system_gate USING (system_id)
     WHERE system_id = 'VILIS' AND class = 'READ'`,
  )
  if (!row) throw new Error('no breaker')
  return row
}

test('after five failed look-ups ViLIS is asked no more by any gateway: each is answered at once with what any of them had', async () => {
  // So long that it is open for all that is looked at meanwhile.
  await open({ retry: { breaker: { openMs: 60_000, maxOpenMs: 600_000 } } })
  const context = await openContext(system.context.options)
  const second = await startTestGateway(context)
  try {
    expect(await read()).toMatchObject({ staleBecause: null, errorCode: null })
    await until(
      'what was read is written down, behind the answer',
      async () => (await system.context.db.query('SELECT 1 FROM registry_snapshot')).length > 0,
    )
    await system.twins.VILIS.misbehave({ kind: 'HTTP_503', operation: LOOK_UP, count: FOREVER })
    for (let times = 0; times < 8; times += 1) expect(await read()).toMatchObject({ errorCode: 'UPSTREAM_UNAVAILABLE' })
    expect(await requestsOf(LOOK_UP)).toBe(6)
    expect((await read()).asOf).not.toBeNull()
    expect(await read(second)).toMatchObject({ asOf: expect.any(String), errorCode: 'UPSTREAM_UNAVAILABLE' })
    expect(await requestsOf(LOOK_UP)).toBe(6)

    // Its time over, one look-up of all gateways tries; it fails, and ViLIS is left alone for twice as long.
    await system.pass(61_000)
    await until('one has tried', async () => {
      await Promise.all([read(), read(second), read(), read(second)])
      return (await breaker()).openings === 2
    })
    await Promise.all([read(), read(second), read(), read(second)])
    expect(await requestsOf(LOOK_UP)).toBe(7)

    await system.twins.VILIS.reset()
    await system.pass(121_000)
    await until('it is read again', async () => (await read()).errorCode === null)
    await until('by the other gateway too', async () => (await read(second)).errorCode === null)
    expect(await breaker()).toMatchObject({ open: false, failures: 0, recoveredAt: null })
  } finally {
    await second.stop()
    await context.close()
  }
})

test.each([
  [
    { kind: 'REFUSE_BEFORE', code: 'Server.BAO_TRI' },
    'bên đó trả lời là đang bảo trì',
    'ViLIS trả lời là đang bảo trì hoặc tạm ngưng nhận',
  ],
  [{ kind: 'REFUSE_BEFORE', code: 'TAM_NGUNG' }, 'bên đó trả lời là đang bảo trì', 'ViLIS trả lời là đang bảo trì hoặc tạm ngưng nhận'],
  [{ kind: 'HTTP_503' }, 'bên đó tạm thời không phục vụ', 'ViLIS tạm thời không phục vụ'],
  [{ kind: 'DROP_BEFORE' }, 'kết nối bị ngắt khi chưa có trả lời', 'Kết nối tới ViLIS bị ngắt giữa chừng'],
] as const)('of what it is not asked any more (%j) every gateway tells why, and when it is asked again', async (fault, why, last) => {
  await open({ retry: { breaker: { openMs: 60_000, maxOpenMs: 600_000 } } })
  const context = await openContext(system.context.options)
  const second = await startTestGateway(context)
  try {
    await system.twins.VILIS.misbehave({ ...fault, operation: LOOK_UP, count: FOREVER })
    for (let times = 0; times < 5; times += 1) expect((await read()).staleBecause).toContain(`(ViLIS): ${why}`)
    const [row] = await system.context.db.query<{ until: Date }>(
      `SELECT open_until AS until FROM system_breaker WHERE system_id = 'VILIS' AND class = 'READ'`,
    )
    const told =
      `${READ_FAILURES.BREAKER_OPEN}. Lần hỏng cuối: ${last}.` + ` Hỏi lại chậm nhất từ ${describeInstant(row?.until ?? new Date(0))}`
    for (const gateway of [system.gateway, second]) expect((await read(gateway)).staleBecause).toBe(told)
    expect(await requestsOf(LOOK_UP)).toBe(5)
  } finally {
    await second.stop()
    await context.close()
  }
})

test('a look-up that our account has no right to is told so, and shuts nobody out of what it may read', async () => {
  await open()
  await system.twins.VILIS.misbehave({ kind: 'REFUSE_BEFORE', code: 'Server.KHONG_CO_QUYEN', operation: LOOK_UP, count: 7 })
  for (let times = 0; times < 7; times += 1) expect((await read()).staleBecause).toBe(READ_FAILURES.NO_RIGHT)
  expect(await read()).toMatchObject({ errorCode: null })
  expect(await breaker()).toMatchObject({ open: false, failures: 0 })
})

test('what ViLIS refuses of a look-up is an answer: it shuts nobody out', async () => {
  await open()
  await system.twins.VILIS.misbehave({ kind: 'REFUSE_BEFORE', code: 'Client.SAI_LUOC_DO', operation: LOOK_UP, count: 7 })
  for (let times = 0; times < 7; times += 1) expect(await read()).toMatchObject({ errorCode: 'UPSTREAM_UNAVAILABLE' })
  expect(await read()).toMatchObject({ errorCode: null })
  expect(await requestsOf(LOOK_UP)).toBe(8)
})

test('transfers are sent though nothing can be read, and an answer between failures lets them be forgotten', async () => {
  await open()
  await system.twins.VILIS.misbehave({ kind: 'HTTP_503', operation: LOOK_UP, count: 4 })
  for (let times = 0; times < 4; times += 1) await read()
  expect(await breaker()).toMatchObject({ open: false, failures: 4 })
  await read()
  expect(await breaker()).toMatchObject({ open: false, failures: 0 })
  await system.twins.VILIS.misbehave({ kind: 'HTTP_503', operation: LOOK_UP, count: 5 })
  for (let times = 0; times < 5; times += 1) await read()
  expect((await breaker()).open).toBe(true)
  await system.twins.ONE_STOP.act('takeDossier')
  await pollOnce(system.context, 'ONE_STOP')
  await relayed(system)
  const delivery = deliveryOf(system.context, () => undefined)
  expect(await deliver(delivery, 'VILIS', () => true)).toEqual({ delivered: 1, rest: { kind: 'NOTHING' } })
})

test('polls open it too, and try again after its first time, however often that was doubled: a poll is the probe', async () => {
  await open({ systems: { VILIS: { poll: { everyMs: 200 } } } })
  await system.twins.VILIS.misbehave({ kind: 'HTTP_503', operation: 'LayThayDoi', count: FOREVER })
  worker = await startWorker(system.context)
  await until('polls have opened it', async () => (await breaker()).open)
  await system.context.db.query(
    `UPDATE system_breaker SET openings = 10, open_until = app_now() + interval '60 seconds', probe_until = NULL
     WHERE system_id = 'VILIS' AND class = 'READ' RETURNING 1 AS done`,
  )
  await system.twins.VILIS.reset()
  await system.pass(5_000)
  await until('a poll has closed it', async () => !(await breaker()).open)
})
