import { expect, test } from '@jest/globals'
import { limitFaultOf } from '../../../src/model/system-limits.js'

test.each([0.1, 50, 100_000, null])('%p requests a second may be set', (maxPerSecond) => {
  expect(limitFaultOf({ maxPerSecond })).toBeNull()
})

test.each([0, -1, 0.09, 100_001, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
  '%p requests a second are refused by the name of the field',
  (maxPerSecond) => {
    expect(limitFaultOf({ maxPerSecond, maxInFlight: 5 })).toMatchObject({ field: 'maxPerSecond', reason: 'LIMIT_OUT_OF_RANGE' })
  },
)

test.each([1, 10_000, null])('%p in flight may be set', (maxInFlight) => {
  expect(limitFaultOf({ maxInFlight })).toBeNull()
})

test.each([
  [0, 'LIMIT_OUT_OF_RANGE'],
  [-5, 'LIMIT_OUT_OF_RANGE'],
  [10_001, 'LIMIT_OUT_OF_RANGE'],
  [Number.NaN, 'LIMIT_OUT_OF_RANGE'],
  [1.5, 'LIMIT_NOT_WHOLE'],
])('%p in flight are refused by the name of the field', (maxInFlight, reason) => {
  expect(limitFaultOf({ maxPerSecond: 5, maxInFlight })).toMatchObject({ field: 'maxInFlight', reason })
})

test('nothing to set is refused, nothing being what was left out and not what is to be without a limit', () => {
  expect(limitFaultOf({})).toMatchObject({ reason: 'LIMITS_MISSING' })
  expect(limitFaultOf({ maxPerSecond: null })).toBeNull()
})
