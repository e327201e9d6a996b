import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { nextWaitMs, type RetrySchedule } from '../../../src/model/retry-schedule.js'

const SCHEDULE: RetrySchedule = {
  waitsMs: [5_000, 30_000, 120_000, 600_000, 3_600_000],
  jitter: 0.2,
  retryAfterMinMs: 1_000,
  retryAfterMaxMs: 3_600_000,
}
const NO_JITTER = 0.5

describe('the wait before the next attempt', () => {
  test.each([
    [1, 5_000],
    [2, 30_000],
    [3, 120_000],
    [4, 600_000],
    [5, 3_600_000],
    [6, 3_600_000],
    [1_000, 3_600_000],
    [0, 5_000],
  ])('after failure %i is %i ms: the last one repeats', (failures, waitMs) => {
    expect(nextWaitMs(SCHEDULE, failures, NO_JITTER)).toBe(waitMs)
  })

  test('is drawn shorter and longer by the jitter, no further', () => {
    expect(nextWaitMs(SCHEDULE, 2, 0)).toBe(24_000)
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (failures, random) => {
        const middle = nextWaitMs(SCHEDULE, failures, NO_JITTER)
        const drawn = nextWaitMs(SCHEDULE, failures, random)
        expect(drawn).toBeGreaterThanOrEqual(Math.floor(middle * 0.8))
        expect(drawn).toBeLessThanOrEqual(Math.ceil(middle * 1.2))
      }),
    )
  })

  test.each([
    ['longer than the schedule is honoured', 90_000, 90_000],
    ['shorter never shortens the schedule', 2_000, 5_000],
    ['of nothing leaves the schedule', 0, 5_000],
    ['below nothing leaves the schedule', -50_000, 5_000],
    ['beyond the bound is clamped', 86_400_000, 3_600_000],
    ['that is no number leaves the schedule', Number.NaN, 5_000],
    ['that is infinite leaves the schedule', Number.POSITIVE_INFINITY, 5_000],
  ])('with a Retry-After %s', (_name, asked, waitMs) => {
    expect(nextWaitMs(SCHEDULE, 1, NO_JITTER, asked)).toBe(waitMs)
  })

  test('is at least what a Retry-After may ask at the least', () => {
    expect(nextWaitMs({ ...SCHEDULE, waitsMs: [0] }, 1, NO_JITTER, 1)).toBe(1_000)
  })
})
