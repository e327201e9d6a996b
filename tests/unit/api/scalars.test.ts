import { describe, expect, test } from '@jest/globals'
import { InstantScalar, LocalDateScalar } from '../../../src/api/scalars.js'

describe('a Date', () => {
  test.each(['2026-03-15', '2024-02-29', '0001-01-01'])('%s goes out as it is', (day) => {
    expect(LocalDateScalar.serialize(day)).toBe(day)
  })

  test.each([['2026-02-30'], ['2026-99-99'], ['2026-3-5'], ['2026-03-15T00:00:00Z'], ['15/03/2026'], [''], [20260315], [new Date(0)]])(
    '%p does not go out: it is no day of the calendar',
    (value) => {
      expect(() => LocalDateScalar.serialize(value)).toThrow(TypeError)
    },
  )

  test.each(['2026-02-30', '2026-99-99', '15/03/2026'])('%s does not come in', (text) => {
    expect(() => LocalDateScalar.parseValue(text)).toThrow(/Ngày/)
  })
})

test('a DateTime goes out in the local time of Việt Nam with its offset', () => {
  expect(InstantScalar.serialize(new Date('2026-03-15T01:00:00.000Z'))).toBe('2026-03-15T08:00:00.000+07:00')
})
