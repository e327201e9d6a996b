import { readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import type { CalendarData } from '../../../src/model/calendar-data.js'
import { computeDueDate } from '../../../src/model/compute-due-date.js'
import { type DeadlineRules, deadlineRuleProblems, type SupplementPolicy } from '../../../src/model/deadline-rules.js'
import type { DossierStatus } from '../../../src/model/dossier-status.js'
import type { ClockEvent, DueDate, DueDateQuestion } from '../../../src/model/due-date.js'
import { describeDueDateStep, describeNotComputable } from '../../../src/model/explain-due-date.js'
import { buildWorkingCalendar, describeInstant, localInstant } from '../../../src/model/working-calendar.js'

/*
 * Worked examples, for an officer to check by hand. The office works 07:00-11:30 and 13:30-17:00 on weekdays (8 hours are a day), with the
 * holidays of `prisma/reference/working-calendar.json`. A count that is full when a session closes ends there: from 13:30 it ends at 11:30. The times and policies below are the examples' own.
 */
const read = <Data>(file: string): Data => JSON.parse(readFileSync(`prisma/reference/${file}`, 'utf8')) as Data
const calendar = buildWorkingCalendar(read<CalendarData>('working-calendar.json'))

const always = { validFrom: '2014-07-01', validTo: null, standing: 'B: ví dụ' }
const stops = (subject: 'STATUS' | 'STEP', value: string, name: string, more: object = {}) =>
  ({ subject, value, name, procedure: '*', effect: 'STOPS', calendarDays: null, ...always, ...more }) as const
const policy = (name: SupplementPolicy['policy'], more: Partial<SupplementPolicy> = {}): SupplementPolicy => ({
  procedure: '*',
  policy: name,
  endsWhen: 'HANDED_IN',
  ...always,
  ...more,
})
const rules = (changes: Partial<DeadlineRules> = {}): DeadlineRules => ({
  statutoryTimes: [
    { procedure: '1.012783', days: 7, ...always },
    { procedure: '1.013831', days: 10, ...always, validTo: '2024-07-31' },
    { procedure: '1.013831', days: 9, ...always, validFrom: '2024-08-01', validTo: '2025-06-30' },
    { procedure: '1.013831', days: 8, ...always, validFrom: '2025-07-01' },
    { procedure: '1.012786', days: 10, ...always },
    { procedure: '1.011443', days: 1, ...always },
  ],
  pauseRules: [
    stops('STATUS', 'SUPPLEMENT_REQUIRED', 'Chờ bổ sung giấy tờ'),
    stops('STATUS', 'FINANCIAL_OBLIGATION_REQUIRED', 'Chờ nghĩa vụ tài chính'),
    stops('STEP', 'PENDING_TAX', 'Cơ quan thuế', { procedure: 'LAND' }),
    stops('STEP', 'PUBLIC_POSTING', 'Niêm yết 30 ngày', { procedure: '1.012786', calendarDays: 30 }),
  ],
  supplementPolicies: [policy('EXTEND')],
  ...changes,
})

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
type Told = readonly [when: string, what: DossierStatus | 'HANDED_IN', step?: string]

/** A dossier received then, to which this happened. */
const dossier = (procedureKey: string, received: string, told: readonly Told[] = []): DueDateQuestion => {
  let status: DossierStatus = 'ACCEPTED'
  const events: ClockEvent[] = [{ at: at(received), kind: 'STATUS', statusFrom: null, statusTo: 'ACCEPTED', step: null }]
  for (const [when, what, step = null] of told) {
    const next: DossierStatus = what === 'HANDED_IN' ? status : what
    events.push({ at: at(when), kind: what === 'HANDED_IN' ? 'SUPPLEMENT' : 'STATUS', statusFrom: status, statusTo: next, step })
    status = next
  }
  return { procedureKey, landRegistration: true, receivedAt: at(received), status, events }
}
const compute = (question: DueDateQuestion, by = rules()): DueDate => computeDueDate(question, by, calendar)
const due = (question: DueDateQuestion, by = rules()): string => {
  const computed = compute(question, by)
  return computed.kind === 'COMPUTED' ? describeInstant(computed.dueAt).replace(':00 ngày', ' ngày') : computed.reason
}
const told = (computed: DueDate): string[] => computed.steps.map((step) => describeDueDateStep(step, 8))

describe('without a pause', () => {
  test.each([
    ['1.012783', '08:00 7/7/2025', '08:00 ngày 16/07/2025', '7 days over one weekend'],
    ['1.012783', '16:59 7/7/2025', '16:59 ngày 16/07/2025', 'a minute before the office closes: the day counts'],
    ['1.012783', '17:01 7/7/2025', '17:00 ngày 16/07/2025', 'a minute after: counted from 07:00 of 8/7'],
    ['1.012783', '08:00 22/1/2025', '08:00 ngày 07/02/2025', 'Tết Ất Tỵ: 23, 24/1, then 3, 4, 5, 6, 7/2'],
    ['1.012783', '08:00 24/4/2025', '08:00 ngày 07/05/2025', '25/4, Saturday 26/4 (made up), 28, 29/4, 5, 6, 7/5'],
    ['1.011443', '08:00 25/4/2025', '08:00 ngày 26/04/2025', 'one day from a Friday ends on the Saturday that is made up for'],
    ['1.011443', '08:00 24/4/2026', '08:00 ngày 28/04/2026', 'Giỗ Tổ on a Sunday is made good on Monday 27/4'],
    ['1.013831', '16:00 31/7/2024', '16:00 ngày 14/08/2024', 'received on the last day of the old time: 10 days'],
    ['1.013831', '07:00 1/8/2024', '17:00 ngày 13/08/2024', 'and on the first day of the new one: 9'],
    ['1.013831', '16:30 30/6/2025', '16:30 ngày 11/07/2025', '9 days, although most of them lie after 1/7/2025'],
    ['1.013831', '17:30 30/6/2025', '17:00 ngày 11/07/2025', 'received after hours on 30/6: still the time of that day'],
    ['1.013831', '08:00 1/7/2025', '08:00 ngày 11/07/2025', '8 days'],
  ])('%s received at %s is due at %s (%s)', (procedure, received, expected) => {
    expect(due(dossier(procedure, received))).toBe(expected)
  })
})

describe('a supplement', () => {
  // 7 days from 08:00 on 7/7. Demanded at 08:00 on 9/7: 2 days used. Handed in at 08:00 on 14/7: 5 are left.
  const once: Told[] = [
    ['09:00 7/7/2025', 'IN_PROGRESS'],
    ['08:00 9/7/2025', 'SUPPLEMENT_REQUIRED'],
    ['08:00 14/7/2025', 'HANDED_IN'],
    ['10:00 15/7/2025', 'IN_PROGRESS'],
  ]
  // And a second one, demanded at 08:00 on 16/7, handed in at 13:30 on 18/7.
  const twice: Told[] = [
    ...once,
    ['08:00 16/7/2025', 'SUPPLEMENT_REQUIRED'],
    ['13:30 18/7/2025', 'HANDED_IN'],
    ['14:00 18/7/2025', 'IN_PROGRESS'],
  ]

  test.each<[string, readonly Told[], SupplementPolicy, string]>([
    ['goes on with what was left', once, policy('EXTEND'), '08:00 ngày 21/07/2025'],
    ['begins anew', once, policy('RESTART'), '08:00 ngày 23/07/2025'],
    ['ends when the registry says so, where that is the rule', once, policy('EXTEND', { endsWhen: 'RESUMED' }), '10:00 ngày 22/07/2025'],
    ['twice goes on twice: 2 + 2 days used, 3 from 13:30 on 18/7', twice, policy('EXTEND'), '11:30 ngày 23/07/2025'],
    ['twice begins anew twice: 7 days from 13:30 on 18/7', twice, policy('RESTART'), '11:30 ngày 29/07/2025'],
    ['may be told by the registry alone', once.filter(([, what]) => what !== 'HANDED_IN'), policy('RESTART'), '10:00 ngày 24/07/2025'],
  ])('%s', (_name, events, which, expected) => {
    expect(due(dossier('1.012783', '08:00 7/7/2025', events), rules({ supplementPolicies: [which] }))).toBe(expected)
  })

  test('follows the policy of the day on which it is complete', () => {
    const changed = rules({
      supplementPolicies: [policy('EXTEND', { validTo: '2025-07-15' }), policy('RESTART', { validFrom: '2025-07-16' })],
    })
    expect(due(dossier('1.012783', '08:00 7/7/2025', once), changed)).toBe('08:00 ngày 21/07/2025')
    expect(due(dossier('1.012783', '08:00 7/7/2025', twice), changed)).toBe('11:30 ngày 29/07/2025')
  })

  test('handed in after the wait was ended is told, and changes nothing', () => {
    const late: Told[] = [
      ['08:00 9/7/2025', 'SUPPLEMENT_REQUIRED'],
      ['08:00 14/7/2025', 'IN_PROGRESS'],
      ['08:05 14/7/2025', 'HANDED_IN'],
    ]
    const computed = compute(dossier('1.012783', '08:00 7/7/2025', late))
    expect(computed).toMatchObject({ kind: 'COMPUTED', dueAt: at('08:00 21/7/2025') })
    expect(told(computed)).toContain('Nhận bổ sung lúc 08:05 ngày 14/07/2025, cho yêu cầu đã kết thúc trước đó: không đổi cách tính.')
  })

  test('and a pause outside office hours are told forwards: nothing is counted back from the hour at which the office opens', () => {
    // Sunday 13/7: counted from Monday. Demanded that same Sunday; handed in at night: counted anew from 07:00.
    const atNight: Told[] = [
      ['12:51 13/7/2025', 'SUPPLEMENT_REQUIRED'],
      ['03:28 15/7/2025', 'HANDED_IN'],
    ]
    const question = dossier('1.012783', '12:00 13/7/2025', atNight)
    expect(told(compute(question, rules({ supplementPolicies: [policy('RESTART')] })))).toEqual([
      'Tiếp nhận lúc 12:00 ngày 13/07/2025, tính từ 07:00 ngày 14/07/2025. Thời hạn giải quyết 7 ngày làm việc.',
      'Tạm dừng từ 12:51 ngày 13/07/2025 đến 03:28 ngày 15/07/2025: Chờ bổ sung giấy tờ.',
      'Tính lại từ đầu khi nhận đủ bổ sung: từ 07:00 ngày 15/07/2025.',
      expect.stringMatching(/^Từ 07:00 ngày 15\/07\/2025 đến 17:00 ngày 23\/07\/2025: tính 7 ngày làm việc, cộng dồn 7 ngày\./),
      'Hạn trả: 17:00 ngày 23/07/2025.',
    ])
  })

  test('that nobody had asked for says since when nothing is known, unless the time begins anew in any case', () => {
    const unasked = dossier('1.012783', '08:00 7/7/2025', [['08:00 14/7/2025', 'HANDED_IN']])
    expect(due(unasked)).toBe('SUPPLEMENT_WITHOUT_DEMAND')
    expect(due(unasked, rules({ supplementPolicies: [policy('RESTART')] }))).toBe('08:00 ngày 23/07/2025')
  })
})

describe('payment, tax and posting', () => {
  test('the time of the tax office and of the payment does not count', () => {
    // 2 days used by 08:00 on 9/7; the clock stands until 13:30 on 21/7; 5 days are left.
    const taxed: Told[] = [
      ['08:00 9/7/2025', 'IN_PROGRESS', 'PENDING_TAX'],
      ['10:00 14/7/2025', 'FINANCIAL_OBLIGATION_REQUIRED'],
      ['13:30 21/7/2025', 'IN_PROGRESS'],
    ]
    const computed = compute(dossier('1.012783', '08:00 7/7/2025', taxed))
    expect(told(computed)).toEqual([
      'Tiếp nhận lúc 08:00 ngày 07/07/2025, tính từ 08:00 ngày 07/07/2025. Thời hạn giải quyết 7 ngày làm việc.',
      'Từ 08:00 ngày 07/07/2025 đến 08:00 ngày 09/07/2025: tính 2 ngày làm việc, cộng dồn 2 ngày.',
      'Tạm dừng từ 08:00 ngày 09/07/2025 đến 10:00 ngày 14/07/2025: Cơ quan thuế.',
      'Tạm dừng từ 10:00 ngày 14/07/2025 đến 13:30 ngày 21/07/2025: Chờ nghĩa vụ tài chính.',
      'Từ 13:30 ngày 21/07/2025 đến 11:30 ngày 28/07/2025: tính 5 ngày làm việc, cộng dồn 7 ngày.',
      'Hạn trả: 11:30 ngày 28/07/2025.',
    ])
  })

  test('an obligation that is still open leaves no date to say, but what is left', () => {
    const computed = compute(dossier('1.012783', '08:00 7/7/2025', [['10:15 9/7/2025', 'FINANCIAL_OBLIGATION_REQUIRED']]))
    expect(describeNotComputable(computed, 8)).toBe(
      'Chưa tính được: đang tạm dừng từ 10:15 ngày 09/07/2025 và chưa biết bao giờ kết thúc; còn 4 ngày 5 giờ 45 phút làm việc khi chạy lại.',
    )
    expect(told(computed).at(-1)).toBe('Tạm dừng từ 10:15 ngày 09/07/2025, chưa kết thúc: Chờ nghĩa vụ tài chính.')
  })

  test('posting stops the clock for 30 calendar days, whether its end is told or not, or for less when it is taken down', () => {
    // 10 days from 08:00 on 1/7; posted at 08:00 on 3/7: 2 used; taken down on Saturday 2/8; counted on from 07:00 on Monday 4/8.
    const posted: Told[] = [['08:00 3/7/2025', 'IN_PROGRESS', 'PUBLIC_POSTING']]
    expect(due(dossier('1.012786', '08:00 1/7/2025', posted))).toBe('17:00 ngày 13/08/2025')
    expect(due(dossier('1.012786', '08:00 1/7/2025', [...posted, ['09:00 20/8/2025', 'IN_PROGRESS', 'PENDING_SIGN']]))).toBe(
      '17:00 ngày 13/08/2025',
    )
    expect(due(dossier('1.012786', '08:00 1/7/2025', [...posted, ['08:00 21/7/2025', 'IN_PROGRESS', 'PENDING_SIGN']]))).toBe(
      '08:00 ngày 31/07/2025',
    )
    expect(due(dossier('1.012783', '08:00 1/7/2025', posted))).toBe('08:00 ngày 10/07/2025')
  })

  test('a step runs or stops by the rule of the day on which it began', () => {
    const step: Told[] = [
      ['08:00 9/7/2025', 'IN_PROGRESS', 'TAX_TRANSFER'],
      ['08:00 11/7/2025', 'IN_PROGRESS', 'PENDING_SIGN'],
    ]
    const from = (validFrom: string): DeadlineRules =>
      rules({ pauseRules: [...rules().pauseRules, stops('STEP', 'TAX_TRANSFER', 'Lập phiếu chuyển', { validFrom })] })
    expect(due(dossier('1.012783', '08:00 7/7/2025', step), from('2025-07-09'))).toBe('08:00 ngày 18/07/2025')
    expect(due(dossier('1.012783', '08:00 7/7/2025', step), from('2025-07-10'))).toBe('08:00 ngày 16/07/2025')
  })
})

test('what happens after the time has run out moves the due date no more: late never hides', () => {
  const late: Told[] = [
    ['09:00 17/7/2025', 'SUPPLEMENT_REQUIRED'],
    ['08:00 21/7/2025', 'HANDED_IN'],
  ]
  expect(due(dossier('1.012783', '08:00 7/7/2025', late), rules({ supplementPolicies: [policy('RESTART')] }))).toBe('08:00 ngày 16/07/2025')
})

test('a finished dossier keeps the date that it had, and one that finished out of a pause the date from there', () => {
  expect(
    due(
      dossier('1.012783', '08:00 7/7/2025', [
        ['15:00 10/7/2025', 'COMPLETED'],
        ['08:00 14/7/2025', 'RESULT_RETURNED'],
      ]),
    ),
  ).toBe('08:00 ngày 16/07/2025')
  const paid: Told[] = [
    ['08:00 9/7/2025', 'FINANCIAL_OBLIGATION_REQUIRED'],
    ['08:00 14/7/2025', 'COMPLETED'],
  ]
  expect(due(dossier('1.012783', '08:00 7/7/2025', paid))).toBe('08:00 ngày 21/07/2025')
})

test('what was handed in online counts from its acceptance', () => {
  const online: DueDateQuestion = {
    ...dossier('1.012783', '20:00 5/7/2025'),
    status: 'ACCEPTED',
    events: [
      { at: at('20:00 5/7/2025'), kind: 'STATUS', statusFrom: null, statusTo: 'SUBMITTED', step: null },
      { at: at('09:00 8/7/2025'), kind: 'STATUS', statusFrom: 'SUBMITTED', statusTo: 'ACCEPTED', step: null },
    ],
  }
  expect(due(online)).toBe('09:00 ngày 17/07/2025')
  expect(due({ ...online, status: 'SUBMITTED', events: online.events.slice(0, 1) })).toBe('NOT_RECEIVED')
})

describe('what is not known is said, never guessed', () => {
  const plain = dossier('1.012783', '08:00 7/7/2025')
  const inTet: Told[] = []
  test.each<[string, DueDateQuestion, DeadlineRules, string]>([
    ['no statutory time', dossier('1.013988', '08:00 7/7/2025'), rules(), 'NO_STATUTORY_TIME'],
    ['no events', { ...plain, events: [] }, rules(), 'HISTORY_INCOMPLETE'],
    [
      'a dossier first seen on its way',
      { ...plain, events: plain.events.map((one) => ({ ...one, statusTo: 'IN_PROGRESS' })) },
      rules(),
      'HISTORY_INCOMPLETE',
    ],
    ['events that lead elsewhere', { ...plain, status: 'COMPLETED' }, rules(), 'HISTORY_INCOMPLETE'],
    [
      'a report from before reception',
      dossier('1.012783', '08:00 7/7/2025', [['08:00 4/7/2025', 'SUPPLEMENT_REQUIRED']]),
      rules(),
      'OUT_OF_ORDER',
    ],
    [
      'a report that leaves a pause in which the dossier was not',
      {
        ...plain,
        events: [
          ...plain.events,
          { at: at('08:00 8/7/2025'), kind: 'STATUS', statusFrom: 'SUPPLEMENT_REQUIRED', statusTo: 'IN_PROGRESS', step: null },
        ],
      },
      rules(),
      'OUT_OF_ORDER',
    ],
    [
      'no rule of that day',
      dossier('1.012783', '08:00 7/7/2025', [['08:00 8/7/2025', 'SUPPLEMENT_REQUIRED']]),
      rules({ pauseRules: [] }),
      'NO_RULE',
    ],
    ['not accepted', dossier('1.012783', '08:00 7/7/2025', [['08:00 8/7/2025', 'SUPPLEMENT_REQUIRED']]), rules(), 'PAUSE_OPEN'],
    ['before the calendar', dossier('1.012783', '08:00 7/7/2023', inTet), rules(), 'CALENDAR_MISSING'],
    ['received beyond it', dossier('1.012783', '08:00 3/1/2028', inTet), rules(), 'CALENDAR_MISSING'],
  ])('%s', (_name, question, by, reason) => {
    expect(due(question, by)).toBe(reason)
    expect(describeNotComputable(compute(question, by), 8)).toMatch(/^Chưa tính được: .*\.$/)
  })

  test('a date counted over days that are not announced yet says so', () => {
    const computed = compute(dossier('1.012783', '08:00 1/2/2027'))
    expect(computed).toMatchObject({ kind: 'COMPUTED', reservations: [expect.stringContaining('Đinh Mùi 2027')] })
    expect(compute(dossier('1.012783', '08:00 7/7/2025'))).toMatchObject({ reservations: [] })
  })

  test('a date beyond the last day of the calendar is provisional and says so, also when its office hours end with it', () => {
    const data = read<CalendarData>('working-calendar.json')
    const ending = buildWorkingCalendar({ ...data, officeHours: data.officeHours.map((row) => ({ ...row, validTo: data.to })) })
    for (const one of [calendar, ending]) {
      const computed = computeDueDate(dossier('1.012783', '08:00 28/12/2027'), rules(), one)
      expect(computed).toMatchObject({
        kind: 'COMPUTED',
        reservations: ['lịch chỉ có ngày nghỉ đến 31/12/2027, từ đó chỉ trừ ngày nghỉ hằng tuần'],
      })
      expect(computed.steps.map((step) => describeDueDateStep(step, 8, true)).at(-1)).toBe('Hạn trả tạm tính: 08:00 ngày 06/01/2028.')
    }
  })

  test('what it stands on and nobody has confirmed is named, each once, and what a public document says is not', () => {
    const across = compute(
      dossier('1.012783', '08:00 24/4/2026'),
      rules({ statutoryTimes: [{ procedure: '1.012783', days: 7, ...always, standing: 'C: một văn bản' }] }),
    )
    expect(across).toMatchObject({ kind: 'COMPUTED' })
    const { unconfirmed } = across as Extract<DueDate, { kind: 'COMPUTED' }>
    expect(unconfirmed.some((what) => /Nghỉ bù Giỗ Tổ Hùng Vương .*27\/04\/2026 \(suy ra: Bộ luật Lao động/.test(what))).toBe(true)
    expect(unconfirmed.some((what) => what.startsWith('Giờ làm việc 07:00-11:30, 13:30-17:00 (theo một phần mềm khác: '))).toBe(true)
    // 30/4 and 1/5 stand in the Labour Code, the time in a document.
    expect(unconfirmed.join()).not.toMatch(/Ngày Chiến thắng|Thời hạn giải quyết/)
    const guessed = compute(dossier('1.012783', '08:00 7/7/2025'))
    expect(guessed).toMatchObject({
      unconfirmed: expect.arrayContaining(['Thời hạn giải quyết 7 ngày làm việc (chưa đọc văn bản: ví dụ)']),
    })
  })
})

describe('the rules that come with the gateway', () => {
  const data = read<DeadlineRules>('deadline-rules.json')
  const codes = read<{ code: string; statutoryDays: number | null }[]>('procedures.json')
  const problems = (changes: Partial<DeadlineRules>): string =>
    deadlineRuleProblems(
      { ...data, ...changes },
      codes.map(({ code }) => code),
    ).join('\n')

  test('are valid, and each row says what it stands on', () => {
    expect(problems({})).toBe('')
    for (const { standing } of [...data.statutoryTimes, ...data.pauseRules, ...data.supplementPolicies])
      expect(standing).toMatch(/^(C|code|I|B): /)
  })

  test.each<[string, Partial<DeadlineRules>, string]>([
    [
      'two times on one day',
      { statutoryTimes: [...data.statutoryTimes, { procedure: '1.012783', days: 5, ...always }] },
      'hai dòng cùng có hiệu lực',
    ],
    ['a time of nothing', { statutoryTimes: [{ procedure: '1.012783', days: 0, ...always }] }, 'phải lớn hơn 0'],
    ['a procedure that there is not', { statutoryTimes: [{ procedure: '9.999999', days: 3, ...always }] }, 'chưa có thủ tục này'],
    [
      'a day that there is not',
      { statutoryTimes: [{ procedure: '1.012783', days: 3, ...always, validFrom: '2025-13-01' }] },
      '«2025-13-01» không phải là ngày',
    ],
    ['an end before its beginning', { supplementPolicies: [policy('EXTEND', { validTo: '2010-01-01' })] }, 'trước khi có hiệu lực'],
    ['a status that there is not', { pauseRules: [...data.pauseRules, stops('STATUS', 'SLEEPING', 'x')] }, 'không có trạng thái SLEEPING'],
    [
      'days without a policy',
      { supplementPolicies: [policy('EXTEND', { validTo: '2025-06-30' })] },
      'Không có chính sách bổ sung chung (*) từ ngày 2025-07-01',
    ],
    [
      'no rule for a status that stops the clock',
      { pauseRules: data.pauseRules.slice(1) },
      'Không có quy tắc chung (*) cho trạng thái SUPPLEMENT_REQUIRED',
    ],
  ])('refuse %s', (_name, changes, problem) => {
    expect(problems(changes)).toContain(problem)
  })
})
