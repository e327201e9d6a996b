import { expect, test } from '@jest/globals'
import { faultOfWindow, windowStateOf } from '../../../src/model/maintenance.js'

const HOUR_MS = 3_600_000
const now = new Date('2026-03-10T02:00:00.000Z')
const hours = (count: number): Date => new Date(now.getTime() + count * HOUR_MS)

test.each([
  ['from now on for three days', 0, 72, undefined],
  ['a moment ago', -0.05, 1, undefined],
  ['that ends before it begins', 3, 2, 'WINDOW_EMPTY'],
  ['without a length', 3, 3, 'WINDOW_EMPTY'],
  ['that is over', -3, -2, 'WINDOW_PAST'],
  ['that began an hour ago', -1, 2, 'WINDOW_PAST'],
  ['longer than three days', 1, 73.01, 'WINDOW_TOO_LONG'],
  ['years ahead', 24 * 400, 24 * 400 + 1, 'WINDOW_TOO_FAR'],
])('a window %s', (_what, from, until, reason) => {
  expect(faultOfWindow({ from: hours(from), until: hours(until) }, now)?.reason).toBe(reason)
})

test.each([
  ['PLANNED', 1, 2, null],
  ['RUNNING', 0, 1, null],
  ['OVER', -2, 0, null],
  ['OVER', -1, 1, now],
  ['OVER', 1, 2, now],
] as const)('is %s between %s and %s, ended: %s', (state, from, until, endedAt) => {
  expect(windowStateOf({ from: hours(from), until: hours(until), endedAt }, now)).toBe(state)
})
