import { afterAll, describe, expect, test } from '@jest/globals'
import { deliver } from '../../src/transfer/deliver-transfer.js'
import { readGates } from '../../src/transfer/gate-reads-repository.js'
import { takeTurn } from '../../src/transfer/turn-repository.js'
import { deliveryOf, pollOnce } from '../../src/worker-process.js'
import { claimNext, settleClaim } from '../support/claims.js'
import { expectAllDelivered } from '../support/ledger-agreement.js'
import { sharedTestSystem, type TestSystem, type TestSystemOptions } from '../support/test-system.js'
import { relayed } from '../support/until.js'

/** The gate before ViLIS, shared by all processes: its breaker, its rate, its number in flight. */
const MINUTE = 60_000
/** So long that a breaker is open still when it is looked at. */
const OPEN_MS = MINUTE / 2
const shared = sharedTestSystem()
let system: TestSystem
afterAll(() => shared.close())

const open = async (dossiers: number, options: TestSystemOptions = {}): Promise<void> => {
  system = await shared.open({ polls: false, retry: { breaker: { openMs: OPEN_MS } }, ...options })
  for (let left = dossiers; left > 0; left -= 1) await system.twins.ONE_STOP.act('takeDossier')
  await pollOnce(system.context, 'ONE_STOP')
  await relayed(system)
}
const work = (goesOn = true) =>
  deliver(
    deliveryOf(system.context, () => undefined),
    'VILIS',
    () => goesOn,
  )
const attempts = async (): Promise<number> =>
  (await system.context.db.query<{ n: number }>(`SELECT count(*)::int AS n FROM attempt`))[0]?.n ?? Number.NaN
const turn = (wanted: number) =>
  takeTurn(system.context.db, { systemId: 'VILIS', leaseMs: MINUTE, worker: 'w', wanted, requestsPerClaim: 1, settlings: [] })
const setGate = (assignment: string) =>
  system.context.db.query(`UPDATE system_gate SET ${assignment} WHERE system_id = 'VILIS' RETURNING 1 AS done`)

describe('the breaker', () => {
  test('spends five attempts on a system that is down, however many transfers wait, and says when to come again', async () => {
    await open(12)
    await system.twins.VILIS.offline()
    const { delivered, rest } = await work()
    expect(delivered).toBe(5)
    expect(rest).toMatchObject({ kind: 'LATER' })
    expect(await work()).toMatchObject({ delivered: 0, rest: { kind: 'LATER' } })
    expect(await attempts()).toBe(5)
  })

  test('lets one call at a time pass when its time is over, and all of them when that one was answered', async () => {
    await open(8)
    await system.twins.VILIS.offline()
    await work()
    await system.pass(OPEN_MS + 1_000)
    const [probe, second] = [await turn(4), await turn(4)]
    expect(probe.claims).toHaveLength(1)
    expect(second).toMatchObject({ claims: [], gate: { deferral: null } })
    expect(second.gate.shutUntil).not.toBeNull()
    // The probe's worker is gone: after its lease the next one may try.
    await system.twins.VILIS.online()
    for (let minutes = 0; minutes < 8; minutes += 2) {
      await system.pass(2 * MINUTE)
      await system.drain()
    }
    await expectAllDelivered(system)
  })

  test('closes for all processes when one probe is answered', async () => {
    await open(8)
    await system.twins.VILIS.offline()
    await work()
    await system.twins.VILIS.online()
    await system.pass(OPEN_MS + 1_000)
    await work(false)
    expect((await turn(4)).claims).toHaveLength(4)
  })

  test('that has closed lets the rate grow from a tenth of the limit to the whole of it', async () => {
    await open(8)
    await system.twins.VILIS.offline()
    // Without a limit yet: one would end the work before five have failed, where failing takes less time than the limit grants.
    await work()
    await setGate('max_per_second = 50')
    const rate = async (): Promise<number> =>
      (await readGates(system.context.db)).find(({ systemId }) => systemId === 'VILIS')?.ratePerSecond ?? Number.NaN
    expect(await rate()).toBe(50)
    await system.twins.VILIS.online()
    await system.pass(OPEN_MS + 1_000)
    await work(false)
    // The ramp takes thirty seconds.
    expect(await rate()).toBeLessThan(25)
    await system.pass(15_000)
    expect(await rate()).toBeGreaterThan(25)
    await system.pass(30_000)
    expect(await rate()).toBe(50)
  })

  test('of inquiries that is half open, while nothing waits to be inquired, keeps no sending back', async () => {
    await open(8)
    await system.context.db.query(
      `UPDATE system_breaker SET failures = 5, openings = 1, opened_at = app_now() - interval '1 minute', open_until = app_now() - interval '1 second'
       WHERE system_id = 'VILIS' AND class = 'INQUIRE' RETURNING 1 AS done`,
    )
    expect((await turn(4)).claims).toHaveLength(4)
  })

  test('a refusal of a dossier is an answer: it opens nothing', async () => {
    await open(8)
    await system.twins.VILIS.misbehave({ kind: 'REFUSE_BEFORE', code: 'Client.SAI_LUOC_DO', operation: 'TiepNhanHoSo', count: 8 })
    expect((await work()).delivered).toBe(8)
  })
})

describe('the limits', () => {
  test('no more are in flight than may be, and each settled one makes room', async () => {
    await open(6)
    await setGate('max_in_flight = 2')
    expect((await turn(5)).claims).toHaveLength(2)
    const full = await turn(5)
    expect(full).toMatchObject({ claims: [], gate: { deferral: 'IN_FLIGHT' } })
    await system.pass(2 * MINUTE)
    await setGate('max_in_flight = 3')
    expect(await claimNext(system.context.db, 'VILIS', MINUTE, 'w')).toBeDefined()
  })

  test('a settlement and the next claim share a turn', async () => {
    await open(3)
    await setGate('max_in_flight = 1')
    const claim = await claimNext(system.context.db, 'VILIS', MINUTE, 'w')
    if (!claim) throw new Error('nothing to claim')
    const settlings = [[claim, { to: 'DELIVERED', retryCount: 0, absentCount: 0 }, { outcome: 'ACCEPTED' }]] as const
    const next = await takeTurn(system.context.db, {
      systemId: 'VILIS',
      leaseMs: MINUTE,
      worker: 'w',
      wanted: 3,
      requestsPerClaim: 1,
      settlings,
    })
    expect(next.settled).toEqual([true])
    expect(next.claims).toHaveLength(1)
    expect(await settleClaim(system.context.db, ...settlings[0])).toBe(false)
  })

  test('in a second no more are claimed than the rate and what was saved up allow, from however many processes', async () => {
    await open(40)
    await setGate(`max_per_second = 20, tokens = 0, refilled_at = app_now()`)
    let claimed = 0
    for (let tenth = 0; tenth < 10; tenth += 1) {
      await system.pass(100)
      const turns = await Promise.all([turn(8), turn(8), turn(8)])
      claimed += turns.reduce((sum, { claims }) => sum + claims.length, 0)
    }
    expect(claimed).toBeGreaterThanOrEqual(10)
    // The database's clock runs on while the test works: what it really took is in the bucket's own count.
    const [gate] = await system.context.db.query<{ seconds: number }>(
      `SELECT extract(epoch FROM app_now() - min(started_at))::float8 + 0.2 AS seconds FROM attempt`,
    )
    expect(claimed).toBeLessThanOrEqual(20 * (gate?.seconds ?? 0) + 2)
  })

  test('after an outage the rate begins with a tenth', async () => {
    await open(40)
    await setGate(`max_per_second = 20, tokens = 0, refilled_at = app_now(), recovered_at = app_now(), ramp_ms = 3600000`)
    await system.pass(1_000)
    expect((await turn(40)).claims.length).toBeLessThanOrEqual(2)
  })

  test('a paused system is left alone, and goes on where it was', async () => {
    await open(2)
    await setGate('paused_at = app_now()')
    expect(await work()).toEqual({ delivered: 0, rest: { kind: 'NOTHING' } })
    expect(await attempts()).toBe(0)
    await setGate('paused_at = NULL')
    await system.drain()
    expect(await system.accepted('VILIS')).toHaveLength(2)
  })
})
