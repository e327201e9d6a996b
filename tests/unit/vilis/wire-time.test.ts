import { describe, expect, test } from '@jest/globals'
import { formatCompact, formatOffsetInstant, localDate, parseWireInstant } from '../../../adapters/soap/wire-time.js'

const VN = 'Asia/Ho_Chi_Minh'

describe('an instant on the wire', () => {
  test.each([
    ['an offset says its own zone', '2026-03-15T08:00:00+07:00', VN, '2026-03-15T01:00:00.000Z'],
    ['an offset beats the declared zone', '2026-03-15T08:00:00+07:00', 'UTC', '2026-03-15T01:00:00.000Z'],
    ['Z is UTC', '2026-03-15T08:00:00Z', VN, '2026-03-15T08:00:00.000Z'],
    ['without offset it is in the declared zone', '2026-03-15T08:00:00', VN, '2026-03-15T01:00:00.000Z'],
    ['without offset in UTC', '2026-03-15T08:00:00', 'UTC', '2026-03-15T08:00:00.000Z'],
    ['the compact form', '20260315080000', VN, '2026-03-15T01:00:00.000Z'],
    ['a day that begins the evening before in UTC', '20260101003000', VN, '2025-12-31T17:30:00.000Z'],
    ['a fraction', '2026-03-15T08:00:00.1234567+07:00', VN, '2026-03-15T01:00:00.123Z'],
    ['white space around', ' 2026-03-15T08:00:00Z\n', VN, '2026-03-15T08:00:00.000Z'],
    ['a negative offset', '2026-03-15T08:00:00-03:30', VN, '2026-03-15T11:30:00.000Z'],
    ['summer time by the named zone', '2026-07-01T12:00:00', 'Europe/Tallinn', '2026-07-01T09:00:00.000Z'],
    ['a day of summer time that was looked at before', '2026-10-25T12:00:00', 'Europe/Tallinn', '2026-10-25T10:00:00.000Z'],
    ['and before its change', '2026-10-25T02:59:59', 'Europe/Tallinn', '2026-10-24T23:59:59.000Z'],
    ['the last second of 9999, for ever', '9999-12-31T23:59:59', VN, '9999-12-31T16:59:59.000Z'],
    ['an hour that came twice is the first', '2026-10-25T03:30:00', 'Europe/Tallinn', '2026-10-25T00:30:00.000Z'],
  ])('%s', (_name, text, zone, iso) => {
    expect(parseWireInstant(text, zone)).toBe(iso)
  })

  test.each([
    '',
    '0001-01-01T00:00:00',
    '1900-01-01T00:00:00Z',
    '1989-12-31T23:59:59Z',
    '9999-12-31T23:59:59Z',
    '9999-12-31T23:59:59-05:00',
    '2026-02-30T08:00:00Z',
    '2026-13-01T08:00:00Z',
    '2026-03-15T24:00:00Z',
    '2026-03-15T08:00:00+15:00',
    '2026-03-15',
    '2026-03-15+07:00',
    '15/03/2026 08:00:00',
    '20260315',
    'hôm qua',
  ])('%j is none', (text) => {
    expect(parseWireInstant(text, VN)).toBeNull()
  })

  test('an hour that the zone skipped is none', () => {
    expect(parseWireInstant('2026-03-29T03:30:00', 'Europe/Tallinn')).toBeNull()
  })
})

describe('writing an instant', () => {
  const iso = '2025-12-31T17:30:00.000Z'

  test('with the offset of the zone on that day', () => {
    expect(formatOffsetInstant(iso, VN)).toBe('2026-01-01T00:30:00+07:00')
    expect(formatOffsetInstant(iso, 'UTC')).toBe('2025-12-31T17:30:00+00:00')
    expect(formatOffsetInstant(iso, 'America/St_Johns')).toBe('2025-12-31T14:00:00-03:30')
    expect(formatOffsetInstant('2025-12-31T17:30:00.250Z', VN)).toBe('2026-01-01T00:30:00.250+07:00')
  })

  test('compact, and its day', () => {
    expect(formatCompact(iso, VN)).toBe('20260101003000')
    expect(localDate(iso, VN)).toBe('2026-01-01')
    expect(localDate(iso, 'UTC')).toBe('2025-12-31')
  })

  test('reads back what it wrote', () => {
    for (const zone of [VN, 'UTC', 'Europe/Tallinn', 'America/St_Johns']) {
      expect(parseWireInstant(formatOffsetInstant(iso, zone), 'UTC')).toBe(iso)
      expect(parseWireInstant(formatCompact(iso, zone), zone)).toBe(iso)
    }
  })

  test('refuses what is no instant of ours', () => {
    expect(() => formatCompact('soon', VN)).toThrow(RangeError)
  })
})
