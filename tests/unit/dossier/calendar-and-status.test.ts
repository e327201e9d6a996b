import { expect, test } from '@jest/globals'
import { WEEKDAYS_ALONE } from '../../../src/model/calendar-data.js'
import {
  DOSSIER_STATUSES,
  type DossierStatus,
  describeStatus,
  isLegalStatusMove,
  isReachableStatus,
  nationalCode,
  statusOfNationalCode,
} from '../../../src/model/dossier-status.js'
import { buildWorkingCalendar, localDateOf } from '../../../src/model/working-calendar.js'

const all = DOSSIER_STATUSES.map(({ status }) => status)

test('the ten national statuses are numbered 1 to 10, each number one status, and no other number is any', () => {
  expect(DOSSIER_STATUSES.map(({ code }) => code)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
  for (const status of all) expect(statusOfNationalCode(nationalCode(status))).toBe(status)
  for (const code of [0, 11, -1, 1.5]) expect(statusOfNationalCode(code)).toBeUndefined()
})

test('5 → 4 and 6 → 4 are legal, staying is, and what has ended for good moves nowhere', () => {
  expect(isLegalStatusMove('SUPPLEMENT_REQUIRED', 'IN_PROGRESS')).toBe(true)
  expect(isLegalStatusMove('FINANCIAL_OBLIGATION_REQUIRED', 'IN_PROGRESS')).toBe(true)
  for (const from of all) {
    expect(isLegalStatusMove(from, from)).toBe(true)
    const ways = all.filter((to) => to !== from && isLegalStatusMove(from, to))
    const leavesTheEnd = from === 'STOPPED' ? ['RESULT_RETURNED'] : []
    if (describeStatus(from).terminal) expect(ways).toEqual(leavesTheEnd)
  }
})

test('a finished dossier is never re-opened, and nothing goes back to before its acceptance', () => {
  for (const to of all) {
    if (describeStatus(to).clock !== 'ENDED')
      for (const from of ['COMPLETED', 'RESULT_RETURNED', 'STOPPED'] as const) expect(isReachableStatus(from, to)).toBe(false)
    if (to !== 'SUBMITTED') expect(isReachableStatus(to, 'SUBMITTED')).toBe(false)
  }
})

test('reachable is what a chain of legal moves leads to', () => {
  expect(isReachableStatus('SUBMITTED', 'RESULT_RETURNED')).toBe(true)
  expect(isReachableStatus('NOT_ACCEPTED', 'IN_PROGRESS')).toBe(false)
  const stopped: DossierStatus[] = ['SUPPLEMENT_REQUIRED', 'FINANCIAL_OBLIGATION_REQUIRED']
  expect(DOSSIER_STATUSES.filter(({ clock }) => clock === 'STOPPED').map(({ status }) => status)).toEqual(stopped)
})

test('the local date changes at 17:00 UTC', () => {
  expect(localDateOf(new Date('2025-06-30T16:59:59.999Z'))).toBe('2025-06-30')
  expect(localDateOf(new Date('2025-06-30T17:00:00.000Z'))).toBe('2025-07-01')
})

test.each([
  ['2026-03-13T01:00:00.000Z', 1, '2026-03-16T01:00:00.000Z', 'Friday to Monday'],
  ['2026-03-13T18:00:00.000Z', 1, '2026-03-15T18:00:00.000Z', 'Saturday at the desk, still Friday in UTC'],
  ['2026-03-16T01:00:00.000Z', 0, '2026-03-16T01:00:00.000Z', 'none'],
  ['2026-03-16T01:00:00.000Z', 10, '2026-03-30T01:00:00.000Z', 'two weeks'],
])('%s and %i working days is %s (%s)', (from, days, to) => {
  expect(buildWorkingCalendar(WEEKDAYS_ALONE).addWorkingDays(new Date(from), days).toISOString()).toBe(to)
})
