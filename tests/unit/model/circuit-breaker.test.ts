import { expect, test } from '@jest/globals'
import { type Breaker, breakerAfter, breakerStateOf, type CallReport, CLOSED_BREAKER } from '../../../src/model/circuit-breaker.js'

const RULES = { failuresToOpen: 3, openMs: 5_000, maxOpenMs: 60_000 }
const FAILED: CallReport = { kind: 'FAILED', cause: 'không kết nối được' }
const at = (seconds: number): Date => new Date(Date.UTC(2026, 2, 15) + seconds * 1_000)
const after = (breaker: Breaker, seconds: number, ...reports: CallReport[]): Breaker =>
  reports.reduce((b, report) => breakerAfter(b, report, at(seconds), RULES), breaker)
const openSeconds = ({ openUntil }: Breaker, from: number): number => ((openUntil?.getTime() ?? Number.NaN) - at(from).getTime()) / 1_000

test('it keeps by which code it was opened, until it closes', () => {
  const coded = { ...FAILED, code: 'CLOSED' }
  const open = after(CLOSED_BREAKER, 0, FAILED, FAILED, coded)
  expect(open.code).toBe('CLOSED')
  expect(after(CLOSED_BREAKER, 0, coded, coded, FAILED).code).toBeNull()
  expect(after(open, 5, { kind: 'ANSWERED' }).code).toBeNull()
})

test('opens at the third failure in a row, and an answer between them begins the count anew', () => {
  expect(breakerStateOf(after(CLOSED_BREAKER, 0, FAILED, FAILED, { kind: 'ANSWERED' }, FAILED, FAILED), at(0))).toBe('CLOSED')
  expect(breakerStateOf(after(CLOSED_BREAKER, 0, FAILED, FAILED, FAILED), at(0))).toBe('OPEN')
})

test('while it is open, what earlier calls tell changes nothing', () => {
  const open = after(CLOSED_BREAKER, 0, FAILED, FAILED, FAILED)
  expect(after(open, 4, FAILED, { kind: 'ANSWERED' }, FAILED)).toBe(open)
})

test('its time over, one answered probe closes it', () => {
  const open = after(CLOSED_BREAKER, 0, FAILED, FAILED, FAILED)
  expect(breakerStateOf(open, at(5))).toBe('HALF_OPEN')
  expect(after(open, 5, { kind: 'ANSWERED' })).toEqual(CLOSED_BREAKER)
})

test('each failed probe doubles its time, up to a bound, and it remembers since when it is open', () => {
  let breaker = after(CLOSED_BREAKER, 0, FAILED, FAILED, FAILED)
  const times = [openSeconds(breaker, 0)]
  for (let second = 100; times.length < 6; second += 100) {
    breaker = after(breaker, second, FAILED)
    times.push(openSeconds(breaker, second))
  }
  expect(times).toEqual([5, 10, 20, 40, 60, 60])
  expect(breaker.openedAt).toEqual(at(0))
})

test('stays open as long as the other side asks for', () => {
  const open = after(CLOSED_BREAKER, 0, FAILED, FAILED, { ...FAILED, retryAfterMs: 30_000 })
  expect(openSeconds(open, 0)).toBe(30)
})

test('a call that was not made tells nothing', () => {
  const half = after(CLOSED_BREAKER, 0, FAILED, FAILED, FAILED)
  expect(after(half, 6, { kind: 'SILENT' })).toBe(half)
})
