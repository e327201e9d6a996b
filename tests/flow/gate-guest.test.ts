import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { askPass, type GuestPass, returnPass } from '../../src/transfer/gate-guest-repository.js'
import { openGuestPlaces } from '../../src/transfer/guest-places.js'
import { type LookAhead, lookAhead } from '../../src/transfer/look-ahead.js'
import { type BareDeliveries, openBareDeliveries } from '../support/bare-deliveries.js'

/** A call that is no delivery passes the same gate as the claims, whichever process makes it. */
let bare: BareDeliveries
beforeAll(async () => {
  bare = await openBareDeliveries()
})
beforeEach(async () => {
  await bare.reset()
  await bare.db.query('TRUNCATE gate_guest')
})
afterAll(() => bare.close())

const WITHIN_MS = 15_000
const ask = (share = 1) => askPass(bare.db, { systemId: 'VILIS', withinMs: WITHIN_MS, requests: 1, share })
/** As a caller does: who is told to look again looks again. */
const askAgain = async (share?: number): ReturnType<typeof ask> => {
  for (;;) {
    const answer = await ask(share)
    if (answer.pass || answer.deferral !== 'BUSY') return answer
  }
}
const set = (columns: string): Promise<unknown> =>
  bare.db.query(`UPDATE system_gate SET ${columns} WHERE system_id = 'VILIS' RETURNING 1 AS done`)
const breaker = (columns: string): Promise<unknown> =>
  bare.db.query(`UPDATE system_breaker SET ${columns} WHERE system_id = 'VILIS' AND class = 'INQUIRE' RETURNING 1 AS done`)
const passesOf = (answers: readonly Awaited<ReturnType<typeof ask>>[]): GuestPass[] => answers.flatMap(({ pass }) => pass ?? [])

describe('calls in flight', () => {
  test('are as many as may be, of any number who ask at once, and the next one passes when one is over', async () => {
    await set('max_in_flight = 2')
    const passes = passesOf(await Promise.all(Array.from({ length: 8 }, () => askAgain())))
    expect(passes).toHaveLength(2)
    expect(await askAgain()).toMatchObject({ deferral: 'IN_FLIGHT' })
    await returnPass(bare.db, 'VILIS', passes[0] as GuestPass)
    expect(passesOf([await askAgain()])).toHaveLength(1)
  })

  test('of guests are no more than their share, so that deliveries go on beside them; one may always be', async () => {
    await set('max_in_flight = 8')
    expect(passesOf(await Promise.all(Array.from({ length: 8 }, () => askAgain(0.25))))).toHaveLength(2)
    await bare.plan(await bare.dossier(), 1, ['RECEIVE'], 86_400_000)
    expect((await bare.work()).delivered).toBe(1)
    await bare.db.query('TRUNCATE gate_guest')
    await set('max_in_flight = 2')
    expect(passesOf(await Promise.all(Array.from({ length: 4 }, () => askAgain(0.25))))).toHaveLength(1)
  })

  test('of guests keep deliveries back, until the guest is over or its process must be dead', async () => {
    await set('max_in_flight = 1')
    await bare.plan(await bare.dossier(), 1, ['RECEIVE'], 86_400_000)
    expect(passesOf([await askAgain()])).toHaveLength(1)
    expect((await bare.work()).delivered).toBe(0)
    await bare.pass(WITHIN_MS + 1)
    expect((await bare.work()).delivered).toBe(1)
  })
})

test('the rate is shared: no more pass at once than the bucket holds, and it is told when the next one may', async () => {
  // A tenth of the rate after an outage that has just ended: four a second, into a bucket of little more than two.
  await set(`max_per_second = 40, tokens = 2, refilled_at = app_now(), recovered_at = app_now(), ramp_ms = 3600000`)
  const answers = await Promise.all(Array.from({ length: 6 }, () => askAgain()))
  const passed = passesOf(answers).length
  expect(passed).toBeGreaterThanOrEqual(2)
  // The database's clock runs on while they ask.
  const [gate] = await bare.db.query<{ seconds: number }>(
    `SELECT extract(epoch FROM app_now() - recovered_at)::float8 AS seconds FROM system_gate WHERE system_id = 'VILIS'`,
  )
  expect(passed).toBeLessThanOrEqual(2.2 + 4.2 * (gate?.seconds ?? 0))
  for (const answer of answers) if (!answer.pass) expect(answer).toMatchObject({ deferral: 'RATE', waitMs: expect.any(Number) })
})

test('a pause and an open breaker let nothing pass; a half-open one lets one guest try', async () => {
  await set(`paused_at = app_now(), paused_by = 'thu'`)
  expect(await askAgain()).toMatchObject({ deferral: 'PAUSED' })
  await set('paused_at = NULL')
  await breaker(`open_until = app_now() + interval '1 minute', openings = 1`)
  expect(await askAgain()).toMatchObject({ deferral: 'OPEN' })
  await bare.pass(60_001)
  expect(passesOf(await Promise.all(Array.from({ length: 5 }, () => askAgain())))).toHaveLength(1)
})

describe('what a guest is told when the gate does not let it pass', () => {
  const look = (): LookAhead =>
    lookAhead({
      ...bare.dependencies,
      readDeadlineMs: () => WITHIN_MS,
      places: openGuestPlaces(() => 4),
      share: 1,
      onError: bare.dependencies.onError as () => void,
      patienceMs: 0,
    })
  const sending = {
    operation: 'RECEIVE',
    idempotencyKey: 'k',
    dossierCode: 'H58.22-260315-0001',
    digest: '',
    correlationId: 'thu',
    adopting: false,
  }
  const ask = () => look().ask(sending as unknown as Parameters<LookAhead['ask']>[0])

  test('LATER, when the calls in flight or the rate are used up: that passes by itself', async () => {
    await set('max_in_flight = 1')
    const [pass] = passesOf([await askAgain()])
    expect(await ask()).toEqual({ kind: 'LATER' })
    await returnPass(bare.db, 'VILIS', pass as GuestPass)
    expect(await ask()).toEqual({ kind: 'ABSENT' })
    await set(`max_in_flight = NULL, max_per_second = 0.001, tokens = 0, refilled_at = app_now(), recovered_at = NULL`)
    expect(await ask()).toEqual({ kind: 'LATER' })
  })

  test('SHUT with the reason, when it is paused or its breaker is open: that may last', async () => {
    await set(`paused_at = app_now(), paused_by = 'thu'`)
    expect(await ask()).toEqual({ kind: 'SHUT', cause: 'hệ thống nhận đang được tạm dừng' })
    await set('paused_at = NULL')
    await breaker(`open_until = app_now() + interval '1 minute', openings = 1`)
    expect(await ask()).toMatchObject({ kind: 'SHUT', cause: expect.stringContaining('cầu dao') })
  })
})
