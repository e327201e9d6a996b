import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals'
import { type BareDeliveries, openBareDeliveries } from '../support/bare-deliveries.js'

/** Dossiers that a well system will not have now, due before all others, must not shut the others out. */
const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE
const FAILING = 40
const WELL = 20

let bare: BareDeliveries
beforeAll(async () => {
  bare = await openBareDeliveries()
})
afterEach(() => bare.reset())
afterAll(() => bare.close())

/** Their operations, the failing ones most urgent. Returns how many of the others were delivered after so many minutes. */
const deliveredIn = async (minutes: number): Promise<number> => {
  for (let left = FAILING; left > 0; left -= 1) await bare.plan(await bare.dossier(), 1, ['WITHDRAW'])
  for (let left = WELL; left > 0; left -= 1) await bare.plan(await bare.dossier(), 1, ['RECEIVE'], DAY)
  for (let minute = 0; minute < minutes; minute += 1) {
    await bare.work()
    await bare.pass(MINUTE)
  }
  return (await bare.transfers()).filter(({ state }) => state === 'DELIVERED').length
}

test('an operation for which our account has no right opens no breaker: the others go at once', async () => {
  bare.answer(async ({ operation }) =>
    operation === 'WITHDRAW'
      ? { kind: 'UNAVAILABLE', code: 'KHONG_CO_QUYEN', cause: 'Chưa có quyền (KHONG_CO_QUYEN).', shows: 'ANSWERED' }
      : { kind: 'ACCEPTED', alreadyHad: false },
  )
  expect(await deliveredIn(1)).toBe(WELL)
})

test.each(['UNAVAILABLE', 'INDETERMINATE'] as const)(
  'behind twice as many dossiers that end %s each time, the others are delivered all the same',
  async (kind) => {
    bare.answer(async ({ operation }) =>
      operation === 'WITHDRAW' ? { kind, code: 'HTTP_503', cause: 'lỗi' } : { kind: 'ACCEPTED', alreadyHad: false },
    )
    expect(await deliveredIn(60)).toBe(WELL)
  },
)

test('nobody is passed over by what is due sooner for longer than ten days, however far off his own due date is', async () => {
  const seen: string[] = []
  bare.answer(async ({ dossierCode }) => {
    seen.push(dossierCode)
    return { kind: 'ACCEPTED', alreadyHad: false }
  })
  const [patient, late, urgent] = [await bare.dossier(), await bare.dossier(), await bare.dossier()]
  await bare.plan(patient, 1, ['RECEIVE'], 60 * DAY)
  await bare.pass(9 * DAY)
  await bare.plan(urgent, 1, ['RECEIVE'], DAY / 2)
  await bare.plan(late, 1, ['RECEIVE'], 5 * DAY)
  await bare.work()
  expect(seen).toEqual([urgent.code, patient.code, late.code])
})

test('what ends unknown each time, and is not there each time, is sent ever more seldom', async () => {
  let sendings = 0
  bare.answer(async () => {
    sendings += 1
    return { kind: 'INDETERMINATE', code: 'TIMEOUT', cause: 'im lặng' }
  })
  await bare.plan(await bare.dossier(), 1, ['RECEIVE'], 4 * DAY)
  for (let time = 0; time < DAY; time += 10 * MINUTE) {
    for (let round = 0; round < 3; round += 1) await bare.work()
    await bare.pass(10 * MINUTE)
  }
  // Hourly, after the first few.
  expect(sendings).toBeGreaterThan(10)
  expect(sendings).toBeLessThan(30)
})
