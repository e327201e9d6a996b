import { describe, expect, test } from '@jest/globals'
import { addWorkingDays, deskDate, deskInstant, deskWall, isOfficeTime } from '../../../adapters/one-stop/sandbox/office-time.js'

describe('the desk counts working days', () => {
  test.each([
    ['within a week', '2026-03-16T02:00:00.000Z', 3, '2026-03-19T02:00:00.000Z'],
    ['over a weekend', '2026-03-19T02:00:00.000Z', 2, '2026-03-23T02:00:00.000Z'],
    ['from Saturday, counted from Monday 07:30', '2026-03-21T02:00:00.000Z', 1, '2026-03-24T00:30:00.000Z'],
    ['from the evening, counted from the next morning', '2026-03-16T11:00:00.000Z', 1, '2026-03-18T00:30:00.000Z'],
    ['from before opening, counted from 07:30 of the day', '2026-03-15T22:00:00.000Z', 1, '2026-03-17T00:30:00.000Z'],
  ])('%s', (_name, from, days, due) => {
    expect(addWorkingDays(from, days)).toBe(due)
  })

  test('its day begins at midnight of Vietnam', () => {
    expect(deskDate('2026-03-15T17:30:00.000Z')).toBe('2026-03-16')
    expect(deskWall('2026-03-15T17:30:00.000Z')).toBe('2026-03-16T00:30:00')
    expect(deskInstant('2026-03-15T17:30:00.250Z')).toBe('2026-03-16T00:30:00.250+07:00')
    expect(isOfficeTime('2026-03-16T00:29:59.000Z')).toBe(false)
    expect(isOfficeTime('2026-03-16T00:30:00.000Z')).toBe(true)
    expect(isOfficeTime('2026-03-16T10:00:00.000Z')).toBe(false)
  })
})
