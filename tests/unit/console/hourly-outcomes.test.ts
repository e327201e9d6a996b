import { expect, test } from '@jest/globals'
import { hourlyOutcomes } from '../../../src/console/overview/hourly-outcomes.js'

const NOW = Date.parse('2026-03-02T09:20:00+07:00')

test('every hour stands in the chart, with its states gathered to outcomes', () => {
  const count = (hour: string, state: 'DELIVERED' | 'HELD' | 'EXHAUSTED' | 'INDETERMINATE', amount: number) => ({
    hour,
    state,
    count: amount,
  })
  const hours = hourlyOutcomes(
    [
      count('2026-03-02T07:00:00.000+07:00', 'DELIVERED', 3),
      count('2026-03-02T09:00:00.000+07:00', 'HELD', 1),
      count('2026-03-02T09:00:00.000+07:00', 'EXHAUSTED', 2),
      count('2026-03-02T09:00:00.000+07:00', 'INDETERMINATE', 4),
      count('2026-03-01T09:00:00.000+07:00', 'HELD', 100),
    ],
    3,
    NOW,
  )
  const none = { DELIVERED: 0, MOVING: 0, WAITING: 0, ATTENTION: 0, CLOSED: 0 }
  expect(hours).toEqual([
    { ...none, hour: Date.parse('2026-03-02T07:00:00+07:00'), DELIVERED: 3 },
    { ...none, hour: Date.parse('2026-03-02T08:00:00+07:00') },
    { ...none, hour: Date.parse('2026-03-02T09:00:00+07:00'), WAITING: 4, ATTENTION: 3 },
  ])
})
