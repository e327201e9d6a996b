import { readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { type CalendarData, calendarProblems } from '../../../src/model/calendar-data.js'
import { buildWorkingCalendar, describeInstant, localInstant, workingDaysBefore } from '../../../src/model/working-calendar.js'

const data = JSON.parse(readFileSync('prisma/reference/working-calendar.json', 'utf8')) as CalendarData
const calendar = buildWorkingCalendar(data)
/** `08:00 3/2/2025` as an officer writes it. */
const at = (text: string): Date => {
  const [time = '', day = ''] = text.split(' ')
  return localInstant(
    day
      .split('/')
      .reverse()
      .map((part) => part.padStart(2, '0'))
      .join('-'),
    time,
  )
}
const HOUR = 3_600_000

describe('the office works 07:00-11:30 and 13:30-17:00, and holidays do not count', () => {
  test.each([
    ['09:00 15/7/2025', 1, '09:00:00 ngày 16/07/2025', 'a day later is the same time of the next working day'],
    ['07:00 15/7/2025', 1, '17:00:00 ngày 15/07/2025', 'a day that begins with the office ends with it'],
    ['16:59 15/7/2025', 1, '16:59:00 ngày 16/07/2025', 'within the hours'],
    ['17:01 15/7/2025', 1, '17:00:00 ngày 16/07/2025', 'after them: counted from 07:00 of the next day'],
    ['17:00 18/7/2025', 1, '17:00:00 ngày 21/07/2025', 'at closing on a Friday: counted from Monday'],
    ['12:00 15/7/2025', 1, '11:30:00 ngày 16/07/2025', 'at noon: counted from 13:30'],
    ['05:00 15/7/2025', 2, '17:00:00 ngày 16/07/2025', 'before opening'],
    ['09:00 24/1/2025', 3, '09:00:00 ngày 05/02/2025', 'Tết Ất Tỵ: closed from 25/1 to 2/2'],
    ['09:00 13/2/2026', 1, '09:00:00 ngày 23/02/2026', 'Tết Bính Ngọ: closed from 14/2 to 22/2'],
    ['09:00 25/4/2025', 1, '09:00:00 ngày 26/04/2025', 'Saturday 26/4 makes up for 2/5'],
    ['09:00 29/4/2025', 1, '09:00:00 ngày 05/05/2025', '30/4, 1/5 and the swapped 2/5'],
    ['09:00 3/5/2024', 1, '09:00:00 ngày 04/05/2024', 'Saturday 4/5 makes up for 29/4'],
    ['09:00 30/12/2025', 6, '09:00:00 ngày 09/01/2026', '1/1, 2/1 off and a weekend'],
    ['09:00 30/12/2025', 7, '09:00:00 ngày 10/01/2026', 'and Saturday 10/1 makes up for 2/1'],
    ['09:00 24/4/2026', 1, '09:00:00 ngày 28/04/2026', 'Giỗ Tổ on a Sunday is made good on Monday'],
  ])('%s and %i working days is %s (%s)', (from, days, due) => {
    expect(describeInstant(calendar.addWorkingTime(at(from), { days }))).toBe(due)
  })

  test.each([
    ['08:00 15/7/2025', '16:00 15/7/2025', 6],
    ['08:00 15/7/2025', '08:00 16/7/2025', 8],
    ['11:00 15/7/2025', '14:00 15/7/2025', 1],
    ['17:00 18/7/2025', '07:00 21/7/2025', 0],
    ['08:00 24/1/2025', '08:00 3/2/2025', 8],
    ['00:00 26/4/2025', '00:00 27/4/2025', 8],
    ['09:00 15/7/2025', '08:00 15/7/2025', 0],
  ])('between %s and %s the office worked %i hours', (from, to, hours) => {
    expect(calendar.workingMsBetween(at(from), at(to))).toBe(hours * HOUR)
  })

  test('what is added is what lies between, over every hour of four years', () => {
    for (let from = at('00:00 1/1/2024').getTime(); from < at('00:00 1/12/2027').getTime(); from += 7 * HOUR + 13 * 60_000) {
      const hours = (from / 60_000) % 41
      const due = calendar.addWorkingTime(new Date(from), { hours })
      expect(calendar.workingMsBetween(new Date(from), due)).toBe(hours * HOUR)
    }
  })

  test('the next working instant is now, this afternoon or after the holidays', () => {
    const next = (text: string): string => describeInstant(calendar.nextWorkingInstant(at(text)))
    expect(next('10:00 15/7/2025')).toBe('10:00:00 ngày 15/07/2025')
    expect(next('11:30 15/7/2025')).toBe('13:30:00 ngày 15/07/2025')
    expect(next('18:00 24/1/2025')).toBe('07:00:00 ngày 03/02/2025')
  })

  test('whole working days keep the time of day, in or out of the hours', () => {
    expect(describeInstant(calendar.addWorkingDays(at('22:15 24/1/2025'), 2))).toBe('22:15:00 ngày 04/02/2025')
  })

  test('the days that an explanation names are those on which the office would otherwise have been open, or closed', () => {
    expect(calendar.daysOffBetween(at('09:00 22/4/2025'), at('09:00 5/5/2025')).map(({ date }) => date)).toEqual([
      '2025-04-30',
      '2025-05-01',
      '2025-05-02',
    ])
    expect(calendar.daysOffBetween(at('09:00 24/4/2026'), at('09:00 28/4/2026')).map(({ date }) => date)).toEqual(['2026-04-27'])
    expect(calendar.compensatingDaysBetween(at('09:00 22/4/2025'), at('09:00 5/5/2025'))).toEqual(['2025-04-26'])
  })
})

test.each([
  ['10:00 27/1/2026', 2, '10:00:00 ngày 23/01/2026', 'over a weekend'],
  ['08:00 23/2/2026', 1, '08:00:00 ngày 13/02/2026', 'on the first day after Tết Bính Ngọ: Friday before it'],
  ['08:00 20/2/2026', 5, '23:59:59 ngày 06/02/2026', 'in the middle of Tết: as on the last day before it'],
  ['09:00 5/1/2026', 2, '09:00:00 ngày 30/12/2025', '1/1, 2/1 off and a weekend'],
  ['09:00 3/1/2024', 4, '09:00:00 ngày 29/12/2023', 'before the calendar begins every day counts'],
])('what has stood since %s for %i working days has stood since %s (%s)', (now, days, since) => {
  expect(describeInstant(workingDaysBefore(calendar, at(now), days))).toBe(since)
})

test('other office hours from a day on, and half Saturdays', () => {
  const later = {
    ...data.officeHours[0],
    validFrom: '2025-07-01',
    hours: [
      ['07:30', '11:30'],
      ['13:30', '17:30'],
    ] as const,
    standing: 'B',
  }
  const half = { ...later, weekdays: [6], hours: [['07:30', '11:30']] as const }
  const moved = { ...data, officeHours: [{ ...data.officeHours[0], validTo: '2025-06-30' }, later, half] } as CalendarData
  expect(calendarProblems(moved)).toEqual([])
  const changed = buildWorkingCalendar(moved)
  expect(describeInstant(changed.addWorkingTime(at('17:10 30/6/2025'), { hours: 1 }))).toBe('08:30:00 ngày 01/07/2025')
  expect(describeInstant(changed.addWorkingTime(at('17:10 1/7/2025'), { hours: 1 }))).toBe('08:10:00 ngày 02/07/2025')
  expect(describeInstant(changed.addWorkingTime(at('13:30 4/7/2025'), { days: 1 }))).toBe('11:30:00 ngày 05/07/2025')
})

test('what is not known of the days is named, and so is the end of the calendar', () => {
  const reasons = (from: string, to: string): string[] => calendar.gapsBetween(at(from), at(to)).map(({ reason }) => reason)
  expect(reasons('08:00 2/6/2025', '08:00 20/6/2025')).toEqual([])
  expect(reasons('08:00 25/1/2027', '08:00 20/2/2027')).toEqual([expect.stringContaining('Đinh Mùi 2027')])
  expect(reasons('08:00 20/12/2027', '08:00 5/1/2028')).toEqual(['lịch chỉ có ngày nghỉ đến 31/12/2027, từ đó chỉ trừ ngày nghỉ hằng tuần'])
  expect(reasons('08:00 20/12/2023', '08:00 5/1/2024')).toEqual(['lịch chỉ có ngày nghỉ từ 01/01/2024'])
})

describe('the calendar that comes with the gateway', () => {
  test('is valid, and each of its rows says what it stands on', () => {
    expect(calendarProblems(data)).toEqual([])
    for (const { standing } of [...data.daysOff, ...data.compensatingDays, ...data.officeHours]) expect(standing).toMatch(/^(C|code|I|B): /)
  })

  test('has each year the eleven days of the Labour Code, or their substitutes', () => {
    for (const year of ['2024', '2025', '2026', '2027']) {
      const ofYear = data.daysOff.filter(({ date, kind }) => date.startsWith(year) && kind !== 'SWAPPED')
      expect([year, ofYear.filter(({ kind }) => kind === 'HOLIDAY').length]).toEqual([year, 11])
      const onWeekends = ofYear.filter(({ date, kind }) => kind === 'HOLIDAY' && [0, 6].includes(new Date(date).getUTCDay()))
      expect([year, ofYear.length - 11]).toEqual([year, onWeekends.length])
    }
  })

  test('has Tết and Giỗ Tổ on their lunar days', () => {
    const lunar = new Intl.DateTimeFormat('en-u-ca-chinese', { timeZone: 'Asia/Ho_Chi_Minh', month: 'numeric', day: 'numeric' })
    const on = (date: string): string => lunar.format(new Date(`${date}T05:00:00Z`))
    const days = data.daysOff.filter(({ date }) => date < '2027').map(({ date, name }) => ({ name, lunar: on(date) }))
    expect(days.filter((day) => day.lunar === '1/1')).toHaveLength(3)
    for (const day of days.filter(({ name }) => name.startsWith('Giỗ Tổ'))) expect(day.lunar).toBe('3/10')
    for (const day of days.filter((row) => /^1\/[123]$/.test(row.lunar))) expect(day.name).toContain('Tết Nguyên đán')
  })
})

test.each<[string, Partial<CalendarData>, string]>([
  ['a day that is none', { daysOff: [{ date: '2025-02-30', kind: 'OTHER', name: 'x', standing: 'B' }] }, '«2025-02-30» không phải là ngày'],
  ['a day off twice', { daysOff: [...data.daysOff, ...data.daysOff.slice(0, 1)] }, 'Ngày nghỉ 2024-01-01 được ghi hai lần'],
  ['a day out of range', { to: '2027-06-30' }, 'Ngày nghỉ 2027-09-02 (Quốc khánh) nằm ngoài phạm vi'],
  [
    'a day off and made up for',
    { compensatingDays: [{ date: '2025-01-01', inPlaceOf: '2025-05-02', standing: 'B' }] },
    'vừa là ngày nghỉ vừa là ngày làm bù',
  ],
  ['a swap that nothing makes up for', { compensatingDays: [] }, 'Ngày nghỉ hoán đổi 2024-04-29 không có ngày làm bù'],
  ['overlapping hours', { officeHours: [...data.officeHours, ...data.officeHours] }, 'chồng lên giờ làm việc từ 2000-01-01'],
  [
    'sessions out of order',
    {
      officeHours: [
        {
          ...data.officeHours[0],
          hours: [
            ['07:00', '12:00'],
            ['11:00', '17:00'],
          ],
        } as never,
      ],
    },
    'chồng lên hoặc liền với buổi trước',
  ],
  [
    'a session that ends first',
    { officeHours: [{ ...data.officeHours[0], hours: [['17:00', '07:00']] } as never] },
    'kết thúc trước khi bắt đầu',
  ],
  ['no hours', { officeHours: [] }, 'Không có giờ làm việc nào trong tuần từ 2024-01-01'],
  ['a day of no hours', { hoursPerDay: 0 }, 'Số giờ của một ngày làm việc'],
])('refuses %s', (_name, change, problem) => {
  expect(calendarProblems({ ...data, ...change }).join('\n')).toContain(problem)
})

test('says once that a calendar ends before it begins', () => {
  expect(calendarProblems({ ...data, from: '2027-01-01', to: '2026-01-01' })).toEqual([
    'Phạm vi của lịch kết thúc (2026-01-01) trước khi bắt đầu (2027-01-01)',
  ])
})
