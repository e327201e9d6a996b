import { afterAll, beforeEach, describe, expect, test } from '@jest/globals'
import { openContext } from '../../src/context.js'
import { deliver } from '../../src/transfer/deliver-transfer.js'
import { takeTurn } from '../../src/transfer/turn-repository.js'
import { deliveryOf, pollOnce, startWorker } from '../../src/worker-process.js'
import { expectAllDelivered } from '../support/ledger-agreement.js'
import { sharedTestSystem, type TestSystem } from '../support/test-system.js'
import { relayed, until } from '../support/until.js'

/** What operators do with the gate before a system, asked over GraphQL as they ask it. */
const shared = sharedTestSystem()
let system: TestSystem
/** So long that a breaker is open still when it is looked at. */
const OPEN_MS = 30_000
beforeEach(async () => {
  system = await shared.open({ gateway: true, polls: false, retry: { breaker: { openMs: OPEN_MS } } })
})
afterAll(() => shared.close())

const GATE = `id paused { since by reason } inFlight ratePerSecond
  limits { maxPerSecond maxInFlight setBy setAt fromConfiguration } breakers { operationClass state since until failures cause }`
const RESULT = `__typename ... on SystemActDone { repeated system { ${GATE} } } ... on InputRefused { reason field message }
  ... on ActRefused { reason message } ... on ClientKeyReused { message }`
interface Gate {
  readonly id: string
  readonly paused: { readonly since: string; readonly by: string; readonly reason: string } | null
  readonly inFlight: number | null
  readonly ratePerSecond: number | null
  readonly limits: object | null
  readonly breakers: readonly { readonly operationClass: string; readonly state: string; readonly cause: string | null }[] | null
}
interface Answer {
  readonly __typename: string
  readonly repeated?: boolean
  readonly system?: Gate
  readonly reason?: string
  readonly field?: string
  readonly message?: string
}

let keys = 0
const inputOf = (changes: object): object => {
  keys += 1
  return { clientKey: `thao-tac-${keys}`, systemId: 'VILIS', reason: 'ViLIS bảo trì', ...changes }
}
const act = async (name: 'setSystemLimits' | 'pauseSystem' | 'resumeSystem', changes: object = {}): Promise<Answer> => {
  const type = name === 'setSystemLimits' ? 'SystemLimitsInput' : 'SystemActInput'
  const text = `mutation ($input: ${type}!) { act: ${name}(input: $input) { ${RESULT} } }`
  return (await system.gateway.query<{ act: Answer }>('operator', text, { input: inputOf(changes) })).act
}
const gateFor = async (role: 'operator' | 'officer'): Promise<Gate | undefined> =>
  (await system.gateway.query<{ systems: Gate[] }>(role, `{ systems { ${GATE} } }`)).systems.find(({ id }) => id === 'VILIS')

const audits = () =>
  system.context.db.query<{ act: string; actor: string; reason: string; before: object; after: object }>(
    `SELECT act, actor, reason, before, after FROM audit_entry WHERE system_id = 'VILIS' ORDER BY at, id`,
  )
const take = async (count: number): Promise<void> => {
  for (let left = count; left > 0; left -= 1) await system.twins.ONE_STOP.act('takeDossier')
  await pollOnce(system.context, 'ONE_STOP')
  await relayed(system)
}
const work = () =>
  deliver(
    deliveryOf(system.context, () => undefined),
    'VILIS',
    () => true,
  )

describe('pausing', () => {
  test('stops the sending at once, says who and why, and resuming lets all go on where it was; both are audited', async () => {
    await take(3)
    const paused = await act('pauseSystem')
    expect(paused).toMatchObject({
      __typename: 'SystemActDone',
      repeated: false,
      system: { paused: { by: 'Người thử operator (operator)', reason: 'ViLIS bảo trì' } },
    })
    expect(await work()).toEqual({ delivered: 0, rest: { kind: 'NOTHING' } })
    expect((await system.twins.VILIS.ledger()).deeds).toEqual([])
    expect(await act('resumeSystem', { reason: 'Xong bảo trì' })).toMatchObject({ __typename: 'SystemActDone', system: { paused: null } })
    expect((await work()).delivered).toBe(3)
    await system.drain()
    await expectAllDelivered(system)
    const pausedNow = { pausedBy: 'Người thử operator (operator)', pauseReason: 'ViLIS bảo trì' }
    const running = { pausedAt: null, pausedBy: null, pauseReason: null }
    expect(await audits()).toMatchObject([
      { act: 'PAUSE', actor: 'operator', reason: 'ViLIS bảo trì', before: running, after: pausedNow },
      { act: 'RESUME', actor: 'operator', reason: 'Xong bảo trì', before: pausedNow, after: running },
    ])
  })

  test('what is paused already, or not at all, is refused with a sentence and leaves no trace', async () => {
    expect(await act('resumeSystem')).toMatchObject({ __typename: 'ActRefused', reason: 'NOT_PAUSED' })
    const [one, other] = await Promise.all([act('pauseSystem'), act('pauseSystem', { reason: 'Tôi cũng dừng' })])
    expect([one.__typename, other.__typename].sort()).toEqual(['ActRefused', 'SystemActDone'])
    expect([one.reason, other.reason]).toContain('ALREADY_PAUSED')
    expect(await audits()).toHaveLength(1)
  })

  test('twice with one key is done once; the key with another body is refused', async () => {
    const input = { clientKey: 'dung-mot-lan' }
    expect(await act('pauseSystem', input)).toMatchObject({ __typename: 'SystemActDone', repeated: false })
    expect(await act('pauseSystem', input)).toMatchObject({ __typename: 'SystemActDone', repeated: true })
    expect(await act('pauseSystem', { ...input, reason: 'Lý do khác' })).toMatchObject({ __typename: 'ClientKeyReused' })
    expect(await audits()).toHaveLength(1)
  })

  test('whose process died before it could keep the answer is known as done when it is sent again', async () => {
    const input = { clientKey: 'mat-tra-loi' }
    await act('pauseSystem', input)
    await system.context.db.query(
      `UPDATE client_request SET answer = NULL, created_at = now() - interval '1 minute' WHERE key = 'mat-tra-loi' RETURNING 1 AS done`,
    )
    expect(await act('pauseSystem', input)).toMatchObject({ __typename: 'SystemActDone', system: { paused: { reason: 'ViLIS bảo trì' } } })
    expect(await audits()).toHaveLength(1)
    expect(await act('pauseSystem')).toMatchObject({ __typename: 'ActRefused', reason: 'ALREADY_PAUSED' })
  })

  test('resuming wakes the consumers of a running worker, with no help of its guardian', async () => {
    const worker = await startWorker(system.context, { guardEveryMs: 3_600_000 })
    try {
      await act('pauseSystem')
      await take(4)
      await until('the wake-ups have come to nothing', async () => (await system.context.queues.get('VILIS')?.depth()) === 0)
      await act('resumeSystem')
      await until('all are delivered', async () => (await system.accepted('VILIS')).length === 4)
    } finally {
      await worker.stop()
    }
  })
})

describe('limits', () => {
  const turn = (wanted: number) =>
    takeTurn(system.context.db, { systemId: 'VILIS', leaseMs: 60_000, worker: 'w', wanted, requestsPerClaim: 1, settlings: [] })

  test('hold from the next claim on; what is left out stays, and null takes a limit away', async () => {
    await take(6)
    expect(await act('setSystemLimits', { maxInFlight: 2 })).toMatchObject({
      __typename: 'SystemActDone',
      system: { limits: { maxPerSecond: null, maxInFlight: 2, setBy: 'Người thử operator (operator)', fromConfiguration: false } },
    })
    expect((await turn(6)).claims).toHaveLength(2)
    expect((await gateFor('operator'))?.inFlight).toBe(2)
    await act('setSystemLimits', { maxPerSecond: 40 })
    expect(await gateFor('operator')).toMatchObject({ limits: { maxPerSecond: 40, maxInFlight: 2 }, ratePerSecond: 40 })
    expect((await turn(6)).claims).toEqual([])
    await act('setSystemLimits', { maxInFlight: null, maxPerSecond: null })
    expect((await turn(6)).claims).toHaveLength(4)
    expect(await audits()).toMatchObject([
      { act: 'SET_LIMITS', before: { maxInFlight: null, setBy: null }, after: { maxInFlight: 2, setBy: 'Người thử operator (operator)' } },
      { before: { maxPerSecond: null }, after: { maxPerSecond: 40, maxInFlight: 2 } },
      { before: { maxPerSecond: 40, maxInFlight: 2 }, after: { maxPerSecond: null, maxInFlight: null } },
    ])
  })

  test('that an operator has set outlive a restart with the old configuration', async () => {
    await act('setSystemLimits', { maxPerSecond: 7 })
    await (await openContext(system.context.options)).close()
    expect((await gateFor('operator'))?.limits).toMatchObject({ maxPerSecond: 7, fromConfiguration: false })
  })

  test.each([
    [{ maxPerSecond: 0 }, 'maxPerSecond', 'LIMIT_OUT_OF_RANGE'],
    [{ maxPerSecond: -3 }, 'maxPerSecond', 'LIMIT_OUT_OF_RANGE'],
    [{ maxPerSecond: 1e9 }, 'maxPerSecond', 'LIMIT_OUT_OF_RANGE'],
    [{ maxPerSecond: 10, maxInFlight: 0 }, 'maxInFlight', 'LIMIT_OUT_OF_RANGE'],
    [{ maxInFlight: 2_000_000 }, 'maxInFlight', 'LIMIT_OUT_OF_RANGE'],
    [{}, 'maxPerSecond', 'LIMITS_MISSING'],
  ])('%j is refused with the field’s name and changes nothing', async (limits, field, reason) => {
    expect(await act('setSystemLimits', limits)).toMatchObject({ __typename: 'InputRefused', field, reason, message: expect.any(String) })
    expect((await gateFor('operator'))?.limits).toMatchObject({ maxPerSecond: null, maxInFlight: null, fromConfiguration: true })
    expect(await audits()).toEqual([])
  })

  test('after an outage the rate that is shown grows with the rate that is allowed', async () => {
    await act('setSystemLimits', { maxPerSecond: 100 })
    await system.context.db.query(`UPDATE system_gate SET recovered_at = app_now() WHERE system_id = 'VILIS' RETURNING 1 AS done`)
    const atFirst = (await gateFor('operator'))?.ratePerSecond ?? Number.NaN
    expect(atFirst).toBeGreaterThanOrEqual(10)
    expect(atFirst).toBeLessThan(100)
    await system.pass(30_000)
    expect((await gateFor('operator'))?.ratePerSecond).toBe(100)
  })
})

test('a breaker is shown with its state and cause to operators, and nothing of the gate to an officer; the scrape knows it too', async () => {
  await take(6)
  await system.twins.VILIS.offline()
  await work()
  const send = async () => (await gateFor('operator'))?.breakers?.find(({ operationClass }) => operationClass === 'SEND')
  expect(await send()).toMatchObject({ state: 'OPEN', failures: 5, cause: expect.stringMatching(/\S/) })
  await system.pass(OPEN_MS + 1_000)
  expect((await send())?.state).toBe('HALF_OPEN')
  await act('pauseSystem')
  expect(await gateFor('officer')).toMatchObject({ paused: null, inFlight: null, ratePerSecond: null, limits: null, breakers: null })
  const metrics = await (await fetch(`${system.gateway.url}/metrics`)).text()
  expect(metrics).toContain('lienthong_breaker_open{system="VILIS",class="SEND"} 1')
  expect(metrics).toContain('lienthong_breaker_open{system="VILIS",class="INQUIRE"} 0')
  expect(metrics).toContain('lienthong_system_paused{system="VILIS"} 1')
  expect(metrics).toContain('lienthong_system_paused{system="PORTAL"} 0')
  expect(metrics).toContain('lienthong_in_flight{system="VILIS"} 0')
})

test('an officer and a citizens’ application may do none of it', async () => {
  for (const role of ['officer', 'citizen-app'] as const) {
    const answer = await system.gateway.ask(role, 'mutation ($input: SystemActInput!) { pauseSystem(input: $input) { __typename } }', {
      input: inputOf({}),
    })
    expect(answer.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }])
  }
  expect(await audits()).toEqual([])
})
