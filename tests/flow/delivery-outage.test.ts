import { afterAll, describe, expect, test } from '@jest/globals'
import { replayTransfer } from '../../src/operator/act-on-transfer.js'
import { expectAllDelivered, expectLedgersAgree, transfersOf } from '../support/ledger-agreement.js'
import { OPERATOR, transferOf } from '../support/operator-acts.js'
import { sharedTestSystem, type TestSystem, type TestSystemOptions } from '../support/test-system.js'

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

const shared = sharedTestSystem()
let system: TestSystem
const open = async (options: TestSystemOptions = {}): Promise<TestSystem> => {
  system = await shared.open(options)
  return system
}
afterAll(() => shared.close())

const take = async (overrides: Record<string, unknown> = {}): Promise<string> =>
  (await system.twins.ONE_STOP.act<{ code: string }>('takeDossier', { overrides })).code

/** The wait that the last attempt was settled with: from the row alone, whatever the real clock did. */
const waitOf = async (key: string): Promise<number> => {
  const { nextAttemptAt, updatedAt } = await transferOf(system, key)
  return (nextAttemptAt?.getTime() ?? Number.NaN) - updatedAt.getTime()
}

describe('ViLIS down for an hour', () => {
  test('dossiers are taken in meanwhile, and all of them arrive once when it is back', async () => {
    await open()
    const codes = [await take()]
    await system.twins.VILIS.offline()
    for (let hour = 0; hour < 6; hour += 1) {
      codes.push(await take())
      await system.drain()
      await system.pass(10 * MINUTE)
    }
    const waiting = await transfersOf(system, 'VILIS')
    expect(waiting.filter(({ state }) => state !== 'WAITING_RETRY' && state !== 'QUEUED' && state !== 'PLANNED')).toEqual([])
    expect((await system.accepted('PORTAL')).map(({ dossierCode }) => dossierCode).sort()).toEqual([...codes].sort())

    await system.twins.VILIS.online()
    await system.pass(HOUR)
    await system.drain()
    expect((await system.accepted('VILIS')).map(({ dossierCode }) => dossierCode).sort()).toEqual([...codes].sort())
    await expectAllDelivered(system)
  })

  test('is tried again after 5 s, 30 s, 2 min, 10 min, an hour, and then hourly, never before', async () => {
    await open()
    await system.twins.VILIS.offline()
    const key = `${await take()}.RECEIVE.1`
    await system.drain()
    for (const [failures, wait] of [5 * SECOND, 30 * SECOND, 2 * MINUTE, 10 * MINUTE, HOUR, HOUR].entries()) {
      expect(await waitOf(key)).toBe(wait)
      if (wait >= 10 * MINUTE) {
        await system.pass(wait - 5 * MINUTE)
        await system.drain()
        expect(await transferOf(system, key)).toMatchObject({ attempts: failures + 1, state: 'WAITING_RETRY' })
      }
      await system.pass(wait)
      await system.drain()
      expect(await transferOf(system, key)).toMatchObject({ attempts: failures + 2, state: 'WAITING_RETRY' })
    }
    await system.twins.VILIS.online()
    await system.pass(HOUR)
    await system.drain()
    await expectAllDelivered(system)
  })

  test('spends the budget of its transfers, which are then EXHAUSTED in plain sight until a person replays them', async () => {
    await open()
    await system.twins.VILIS.offline()
    const code = await take()
    await system.drain()
    const { budgetUntil, dueAt } = await transferOf(system, `${code}.RECEIVE.1`)
    expect(budgetUntil.getTime()).toBeGreaterThanOrEqual(dueAt.getTime())
    const [clock] = await system.context.db.query<{ now: Date }>('SELECT app_now() AS now')
    await system.pass(budgetUntil.getTime() - (clock?.now.getTime() ?? 0) - 30 * MINUTE)
    await system.drain()
    // The second failure asks for half a minute: within the budget. The waits that follow run over it.
    for (const wait of [30 * SECOND, 2 * MINUTE, 10 * MINUTE]) {
      expect((await transferOf(system, `${code}.RECEIVE.1`)).state).toBe('WAITING_RETRY')
      await system.pass(wait)
      await system.drain()
    }
    const exhausted = await transferOf(system, `${code}.RECEIVE.1`)
    expect(exhausted).toMatchObject({ state: 'EXHAUSTED', nextAttemptAt: null })
    expect(exhausted.lastError).toBeTruthy()

    await system.twins.VILIS.online()
    await system.pass(2 * 24 * HOUR)
    await system.drain()
    expect(await system.accepted('VILIS')).toEqual([])

    const act = { transferId: exhausted.id, reason: 'ViLIS đã hoạt động lại', actor: OPERATOR }
    expect(await replayTransfer(system.context.db, act)).toEqual({ kind: 'DONE' })
    await system.drain()
    expect((await system.accepted('VILIS')).map(({ key }) => key)).toEqual([`${code}.RECEIVE.1`])
    await expectAllDelivered(system)
  })
})

describe('Retry-After', () => {
  const waitAfter = async (retryAfter: string): Promise<number> => {
    await system.twins.VILIS.misbehave({ kind: 'HTTP_429', retryAfter, operation: 'TiepNhanHoSo' })
    const code = await take()
    await system.drain()
    return Math.round((await waitOf(`${code}.RECEIVE.1`)) / SECOND)
  }

  test('is honoured within its bounds, clamped when absurd, and never shortens the schedule', async () => {
    await open()
    expect(await waitAfter('90')).toBe(90)
    expect(await waitAfter('99999999999999999999')).toBe(3_600)
    expect(await waitAfter(new Date(Date.now() + 400 * 24 * HOUR).toUTCString())).toBe(3_600)
    // The shortest last: none is tried again while the others are still to come.
    expect(await waitAfter('0')).toBe(5)
    expect(await waitAfter('soon')).toBe(5)
    await expectLedgersAgree(system)
    await system.pass(HOUR)
    await system.drain()
    expect(await system.accepted('VILIS')).toHaveLength(5)
    await expectAllDelivered(system)
  })
})

test('an account of ours without a right at ViLIS fails no dossier: all wait, each says who has to mend it, and go once it is granted', async () => {
  await open()
  const codes = [await take(), await take()]
  await system.twins.VILIS.misbehave({ kind: 'REFUSE_BEFORE', operation: 'TiepNhanHoSo', code: 'Client.KHONG_CO_QUYEN', count: 2 })
  await system.drain()
  for (const code of codes)
    expect(await transferOf(system, `${code}.RECEIVE.1`)).toMatchObject({
      state: 'WAITING_RETRY',
      lastError: expect.stringContaining('cần đề nghị quản trị ViLIS cấp quyền'),
    })
  await system.pass(5 * SECOND)
  await system.drain()
  expect((await system.accepted('VILIS')).map(({ dossierCode }) => dossierCode).sort()).toEqual([...codes].sort())
  await expectAllDelivered(system)
})
