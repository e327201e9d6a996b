import { expect, test } from '@jest/globals'
import { healthBars } from '../../../src/console/overview/health-bars.js'

const HOUR = 3_600_000
const FROM = Date.parse('2026-03-02T00:00:00+07:00')
const at = (hours: number): string => new Date(FROM + hours * HOUR).toISOString()

type State = 'UP' | 'DOWN' | 'UNKNOWN'
/** A day of one system: each state from so many hours on. */
const dayOf = (...begins: readonly (readonly [State, number])[]) => ({
  systemId: 'VILIS' as const,
  from: at(0),
  until: at(24),
  spans: begins.map(([state, from], place) => ({ state, from: at(from), until: at(begins[place + 1]?.[1] ?? 24) })),
})
const drawn = (...begins: readonly (readonly [State, number])[]) => {
  const [row] = healthBars([dayOf(...begins)]).rows
  const { systemId: _, ...lengths } = row as Record<string, number>
  return Object.values(lengths).map((ms) => ms / HOUR)
}

test('what lasts long is drawn as it was', () => {
  expect(drawn(['UP', 0], ['DOWN', 10], ['UP', 13])).toEqual([10, 3, 11])
})

test('an outage of a minute is wide enough to be seen in a day, ends when it did, and the bar is no longer for it', () => {
  const [before, down, after] = drawn(['UP', 0], ['DOWN', 10], ['UP', 10 + 1 / 60]) as [number, number, number]
  expect(down).toBeCloseTo(24 / 150)
  expect(after).toBeCloseTo(24 - 10 - 1 / 60)
  expect(before + down + after).toBeCloseTo(24)
})

test('so is one that has just begun, and each of several close together', () => {
  expect(drawn(['UP', 0], ['DOWN', 23.99]).at(-1)).toBeCloseTo(24 / 150)
  const lengths = drawn(['UP', 0], ['DOWN', 20], ['UP', 20.01], ['DOWN', 20.02], ['UP', 20.03])
  expect(lengths[1]).toBeCloseTo(24 / 150)
  expect(lengths[3]).toBeCloseTo(24 / 150)
  expect(lengths.every((length) => length >= 0)).toBe(true)
  expect(lengths.reduce((sum, length) => sum + length, 0)).toBeCloseTo(24)
})

test('what nobody knows is not made wider', () => {
  expect(drawn(['UP', 0], ['UNKNOWN', 10], ['UP', 10.001])[1]).toBeCloseTo(0.001)
})
