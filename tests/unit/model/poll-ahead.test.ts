import { expect, test } from '@jest/globals'
import { pollAheadMs } from '../../../src/model/circuit-breaker.js'

const RULES = { failuresToOpen: 5, openMs: 5_000, maxOpenMs: 60_000 }

test.each([
  [1, 0],
  [2, 5_000],
  [3, 15_000],
  [9, 55_000],
])('opened %i times in a row, a poll may try %i ms before its time is over', (openings, aheadMs) => {
  expect(pollAheadMs({ openings }, RULES)).toBe(aheadMs)
})

test('a first time that is longer than the longest gives no time ahead', () => {
  expect(pollAheadMs({ openings: 4 }, { ...RULES, openMs: 90_000 })).toBe(0)
})
