import { readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { apologyReasonOf, letterNumber, proposeNewDate } from '../../../src/model/apology.js'
import type { CalendarData } from '../../../src/model/calendar-data.js'
import type { DiscrepancyClass } from '../../../src/model/discrepancy.js'
import { accountOf } from '../../../src/model/ledger-account.js'
import type { LedgerFacts } from '../../../src/model/ledger-facts.js'
import { readMonths } from '../../../src/model/month-report.js'
import { recordOf } from '../../../src/model/process-record.js'
import { buildWorkingCalendar, describeInstant, localInstant } from '../../../src/model/working-calendar.js'
import { describeWorkingTime } from '../../../src/model/working-time-words.js'

/** 23 November 2026 is a Monday; the office works 07:00-11:30 and 13:30-17:00. */
const calendar = buildWorkingCalendar(JSON.parse(readFileSync('prisma/reference/working-calendar.json', 'utf8')) as CalendarData)
const HOUR = 3_600_000
const at = (text: string): Date => localInstant(`2026-11-${text.slice(0, 2)}`, text.slice(3))

const bare: LedgerFacts = {
  origin: 'ONE_STOP',
  status: 'IN_PROGRESS',
  statusAt: at('23 08:00'),
  receivedAt: at('23 08:00'),
  knownAt: at('23 08:00'),
  dueAt: at('25 16:00'),
  finishedAt: null,
  returnedAt: null,
  events: [],
  transfers: [],
  drift: [],
}
const NO_LIMITS = { DESK: null, REGISTRY: null, TAX: null, APPLICANT: null, INTERLINK: null }
/** Handed in at 08:00 on Monday; ViLIS was down from 09:00 until 10:30 of the next day, with 9.5 hours of the office between them. */
const outage = accountOf(
  {
    ...bare,
    transfers: [
      {
        id: 'lượt',
        systemId: 'VILIS',
        operation: 'RECEIVE',
        mode: 'LIVE',
        state: 'DELIVERED',
        status: null,
        createdAt: at('23 09:00'),
        firstAttemptAt: at('23 09:00'),
        firstFailedAt: at('23 09:00'),
        settledAt: at('24 10:30'),
        supersedesId: null,
        side: 'THEIRS',
        neededPerson: false,
      },
    ],
  },
  { calendar, resendByHandMs: 8 * HOUR },
  at('26 08:00'),
)

describe('a letter of apology', () => {
  test('says how long, from when to when and by whose fault', () => {
    expect(apologyReasonOf(outage, calendar, at('26 08:00'))).toBe(
      'Việc liên thông hồ sơ giữa các hệ thống thông tin bị gián đoạn tổng cộng 1 ngày 1 giờ 30 phút làm việc: chưa chuyển được sang ViLIS từ 09:00 ngày 23/11/2026 đến 10:30 ngày 24/11/2026 (nguyên nhân: phía ViLIS). Việc chậm trễ này không do người nộp hồ sơ.',
    )
  })

  test('names what reconciliation found by its kind', () => {
    const drift = (found: DiscrepancyClass) =>
      apologyReasonOf(
        accountOf(
          {
            ...bare,
            drift: [
              {
                kind: 'DRIFT',
                systemId: 'ONE_STOP',
                found,
                operation: null,
                transferId: null,
                from: at('23 09:00'),
                to: at('23 11:00'),
                holds: true,
                side: 'UNKNOWN',
                endedBy: 'MACHINE',
              },
            ],
          },
          { calendar, resendByHandMs: 8 * HOUR },
          at('26 08:00'),
        ),
        calendar,
        at('26 08:00'),
      )
    const when = 'từ 09:00 ngày 23/11/2026 đến 11:00 ngày 23/11/2026'
    expect(drift('MISSING_THERE')).toContain(`: hồ sơ bị thiếu ở một cửa, phải sửa lại ${when}.`)
    expect(drift('DIFFERS')).toContain(`: số liệu ở một cửa khác với hồ sơ, phải sửa lại ${when}.`)
  })

  test.each<[string, string, number, string | undefined, string | null]>([
    [
      'gives 9.5 hours back from now, to the close of that day, when the due date has passed',
      '26 08:00',
      9.5,
      undefined,
      '17:00:00 ngày 27/11/2026',
    ],
    ['from the due date, when that lies ahead', '24 11:00', 9.5, undefined, '17:00:00 ngày 27/11/2026'],
    ['over a weekend', '27 16:00', 2, undefined, '17:00:00 ngày 30/11/2026'],
    ['never before the date that the rules give', '26 08:00', 1, '30 17:00', '17:00:00 ngày 30/11/2026'],
    ['by the rules alone, when no time was lost', '26 08:00', 0, '30 17:00', '17:00:00 ngày 30/11/2026'],
    ['not at all, when nothing is known', '26 08:00', 0, undefined, null],
    ['not by a date of the rules that has passed', '26 08:00', 0, '25 17:00', null],
  ])('proposes a new date: %s', (_what, now, hours, computed, expected) => {
    const proposed = proposeNewDate(
      { lostMs: hours * HOUR, dueAt: at('25 16:00'), computed: computed === undefined ? undefined : at(computed), now: at(now) },
      calendar,
    )
    expect(proposed && describeInstant(proposed)).toBe(expected)
  })

  test('promises no day beyond the calendar, of which nobody knows the holidays', () => {
    const [dueAt, now] = [new Date('2027-12-30T03:00:00Z'), new Date('2027-12-31T03:00:00Z')]
    const proposed = (hours: number) => proposeNewDate({ lostMs: hours * HOUR, dueAt, now }, calendar)
    expect(proposed(1)?.toISOString()).toBe('2027-12-31T10:00:00.000Z')
    expect(proposed(16)).toBeNull()
  })

  test('has a number with its year', () => {
    expect([letterNumber({ number: 7, year: 2026 }, 'PXL'), letterNumber({ number: 123, year: 2027 }, 'PXL')]).toEqual([
      '07/2026/PXL',
      '123/2027/PXL',
    ])
  })

  test.each([
    [9.5 * HOUR, '1 ngày 1 giờ 30 phút làm việc'],
    [8 * HOUR, '1 ngày làm việc'],
    [12 * 60_000, '12 phút làm việc'],
    [10_000, 'dưới 1 phút làm việc'],
  ])('tells %i ms as %s', (ms, words) => {
    expect(describeWorkingTime(ms, 8)).toBe(words)
  })
})

describe('the process record', () => {
  const record = (INTERLINK: number | null, statutoryDays: number | null) =>
    recordOf(outage, { days: { ...NO_LIMITS, REGISTRY: 5, TAX: 5, INTERLINK }, statutoryDays }, calendar, at('26 08:00'))

  test('holds each step against the limit of its party, and the whole against the time by law', () => {
    const { steps, whole } = record(1, 3)
    expect(steps.map(({ number, party, workingMs, limitMs, isWithin }) => [number, party, workingMs / HOUR, limitMs, isWithin])).toEqual([
      [1, 'DESK', 1, null, null],
      [2, 'INTERLINK', 9.5, 8 * HOUR, false],
      [3, 'REGISTRY', 13.5, 40 * HOUR, null],
    ])
    // Within so far, and under way: nobody can say yet.
    expect(whole).toEqual({ workingMs: 24 * HOUR, limitMs: 24 * HOUR, isWithin: null })
    expect(record(2, 2).whole.isWithin).toBe(false)
    expect(record(2, null).whole).toMatchObject({ limitMs: null, isWithin: null })
    expect(record(2, 2).steps[1]?.isWithin).toBe(true)
  })

  test('judges nothing that is said to end, or to begin, ahead of our clock', () => {
    const wholeOf = (receivedAt: string) => {
      const ahead = accountOf(
        { ...bare, status: 'COMPLETED', receivedAt: at(receivedAt), finishedAt: at('27 10:00') },
        { calendar, resendByHandMs: 8 * HOUR },
        at('26 08:00'),
      )
      const { steps, whole } = recordOf(ahead, { days: NO_LIMITS, statutoryDays: 3 }, calendar, at('26 08:00'))
      return { steps: steps.map(({ to, isWithin }) => [to, isWithin]), hours: whole.workingMs / HOUR, isWithin: whole.isWithin }
    }
    expect(wholeOf('25 08:00')).toEqual({ steps: [[null, null]], hours: 8, isWithin: null })
    expect(wholeOf('26 10:00')).toEqual({ steps: [], hours: 0, isWithin: null })
  })
})

describe('months of a report', () => {
  test.each([
    ['2026-11', '2026-11', '2026-10-31T17:00:00.000Z', '2026-11-30T17:00:00.000Z'],
    ['2025-12', '2026-12', '2025-11-30T17:00:00.000Z', '2026-12-31T17:00:00.000Z'],
  ])('%s to %s', (from, to, first, before) => {
    expect(readMonths(from, to)).toEqual({ from: new Date(first), before: new Date(before) })
  })

  test.each([
    ['2026-13', '2026-13'],
    ['2026-11', '2026-10'],
    ['2010-01', '2026-01'],
    ['hôm nay', '2026-01'],
  ])('%s to %s are none', (from, to) => {
    expect(readMonths(from, to)).toBeNull()
  })
})
