import { readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import type { CalendarData } from '../../../src/model/calendar-data.js'
import type { InterlinkWait, SentTransfer } from '../../../src/model/interlink-wait.js'
import { accountOf, reportedDeskMs, revisitAtOf } from '../../../src/model/ledger-account.js'
import type { LedgerEvent, LedgerFacts } from '../../../src/model/ledger-facts.js'
import { systemOf } from '../../../src/model/system.js'
import { buildWorkingCalendar, localInstant } from '../../../src/model/working-calendar.js'

/**
 * Worked examples, to be checked by hand: the office works 07:00-11:30 and 13:30-17:00, Monday to Friday; 23 November 2026 is a Monday. `23 08:00` is that day and time.
 */
const calendar = buildWorkingCalendar(JSON.parse(readFileSync('prisma/reference/working-calendar.json', 'utf8')) as CalendarData)
const HOUR = 3_600_000
const at = (text: string): Date => localInstant(`2026-11-${text.slice(0, 2)}`, text.slice(3))
const timeOf = (date: Date | null): string | null =>
  date && `${new Date(+date + 7 * HOUR).toISOString().slice(8, 10)} ${new Date(+date + 7 * HOUR).toISOString().slice(11, 16)}`

const event = (text: string, kind: LedgerEvent['kind'], over: Partial<LedgerEvent> = {}): LedgerEvent => ({
  kind,
  origin: 'VILIS',
  at: at(text),
  toldAt: at(text),
  applied: true,
  statusTo: null,
  officer: null,
  note: '',
  ...over,
})
let count = 0
const sent = (operation: SentTransfer['operation'], createdAt: string, over: Partial<SentTransfer> = {}): SentTransfer => {
  count += 1
  return {
    id: `lượt ${count}`,
    systemId: systemOf(operation),
    operation,
    mode: 'LIVE',
    state: 'DELIVERED',
    status: null,
    createdAt: at(createdAt),
    firstAttemptAt: at(createdAt),
    firstFailedAt: null,
    settledAt: at(createdAt),
    supersedesId: null,
    side: null,
    neededPerson: false,
    ...over,
  }
}
/** Handed in at 08:00 on Monday, due on Thursday at 08:00: three working days. */
const facts = (over: Partial<LedgerFacts> = {}): LedgerFacts => ({
  origin: 'ONE_STOP',
  status: 'IN_PROGRESS',
  statusAt: at('23 08:00'),
  receivedAt: at('23 08:00'),
  knownAt: at('23 08:00'),
  dueAt: at('26 08:00'),
  finishedAt: null,
  returnedAt: null,
  events: [event('23 08:00', 'RECEIVED', { origin: 'ONE_STOP', statusTo: 'ACCEPTED' })],
  transfers: [],
  drift: [],
  ...over,
})
const finished = (text: string, over: Partial<LedgerFacts> = {}): LedgerFacts =>
  facts({
    status: 'COMPLETED',
    finishedAt: at(text),
    statusAt: at(text),
    ...over,
    events: [...(over.events ?? facts().events), event(text, 'RESULT_ISSUED', { statusTo: 'COMPLETED' })],
  })
const account = (of: LedgerFacts, now = '30 08:00') => accountOf(of, { calendar, resendByHandMs: 8 * HOUR }, at(now))
const stepsOf = (of: LedgerFacts, now?: string): string[] =>
  account(of, now).steps.map(({ party, from, to }) => `${party} ${timeOf(from)} - ${timeOf(to) ?? '…'}`)
const hoursOf = (of: LedgerFacts, now?: string): Record<string, number> =>
  Object.fromEntries(
    Object.entries(account(of, now).parties).flatMap(([party, { workingMs }]) => (workingMs > 0 ? [[party, workingMs / HOUR]] : [])),
  )

const driftAtRegistry: InterlinkWait = {
  kind: 'DRIFT',
  systemId: 'VILIS',
  operation: null,
  transferId: null,
  from: at('23 09:00'),
  to: at('23 11:00'),
  holds: true,
  side: 'THEIRS',
  endedBy: 'MACHINE',
}

describe('who was waited for', () => {
  test('the desk until the registry has it, then the registry, until the result stands at the desk', () => {
    const of = finished('24 16:00', { transfers: [sent('RECEIVE', '23 09:00'), sent('POST_RESULT', '24 16:00')] })
    expect(stepsOf(of)).toEqual(['DESK 23 08:00 - 23 09:00', 'REGISTRY 23 09:00 - 24 16:00'])
    expect(hoursOf(of)).toEqual({ DESK: 1, REGISTRY: 13 })
    expect(account(of)).toMatchObject({ outcome: 'ON_TIME', lateMs: 0, savedMs: 0, systems: [] })
  })

  test('what failed first at 09:00 and was delivered at 10:30 the next day: the interlink, for 9.5 hours of the office', () => {
    const down = { firstFailedAt: at('23 09:00'), settledAt: at('24 10:30'), side: 'THEIRS' as const }
    const of = finished('24 16:00', { transfers: [sent('RECEIVE', '23 09:00', down), sent('POST_RESULT', '24 16:00')] })
    expect(stepsOf(of)).toEqual(['DESK 23 08:00 - 23 09:00', 'INTERLINK 23 09:00 - 24 10:30', 'REGISTRY 24 10:30 - 24 16:00'])
    expect(hoursOf(of)).toEqual({ DESK: 1, INTERLINK: 9.5, REGISTRY: 3.5 })
    const [vilis] = account(of).systems
    expect(vilis).toEqual({
      systemId: 'VILIS',
      waited: { workingMs: 9.5 * HOUR, calendarMs: 25.5 * HOUR },
      beside: { workingMs: 0, calendarMs: 0 },
      isWaiting: false,
    })
    // A person who looks once a working day would have sent it again after 8 hours, in vain, and after 16.
    expect(account(of).savedMs).toBe(6.5 * HOUR)
  })

  test('a supplement: the applicant until it is handed in, and the interlink while the registry does not get it', () => {
    const of = finished('27 09:00', {
      events: [
        ...facts().events,
        event('23 10:00', 'STATUS_CHANGED', { statusTo: 'SUPPLEMENT_REQUIRED' }),
        event('24 08:00', 'SUPPLEMENT_HANDED_IN', { origin: 'ONE_STOP' }),
        event('25 08:00', 'STATUS_CHANGED', { statusTo: 'IN_PROGRESS' }),
      ],
      transfers: [
        sent('RECEIVE', '23 08:00'),
        sent('SUPPLEMENT', '24 08:00', { firstFailedAt: at('24 08:01'), settledAt: at('24 15:00') }),
      ],
    })
    expect(stepsOf(of)).toEqual([
      'REGISTRY 23 08:00 - 23 10:00',
      'APPLICANT 23 10:00 - 24 08:00',
      'DESK 24 08:00 - 24 08:01',
      'INTERLINK 24 08:01 - 24 15:00',
      'REGISTRY 24 15:00 - 27 09:00',
    ])
  })

  test('the financial obligation: the tax office until its notice is there, then the applicant', () => {
    const of = facts({
      events: [
        ...facts().events,
        event('23 09:00', 'STATUS_CHANGED', { statusTo: 'FINANCIAL_OBLIGATION_REQUIRED' }),
        event('24 09:00', 'TAX_NOTICES_ISSUED'),
        event('25 09:00', 'STATUS_CHANGED', { statusTo: 'IN_PROGRESS' }),
      ],
    })
    expect(stepsOf(of, '25 10:00')).toEqual([
      'DESK 23 08:00 - 23 09:00',
      'TAX 23 09:00 - 24 09:00',
      'APPLICANT 24 09:00 - 25 09:00',
      'REGISTRY 25 09:00 - …',
    ])
  })

  test('an applicant who cannot know that he has to hand something in waits on the interlink, not it on him', () => {
    const of = facts({
      status: 'SUPPLEMENT_REQUIRED',
      events: [...facts().events, event('23 09:00', 'STATUS_CHANGED', { statusTo: 'SUPPLEMENT_REQUIRED' })],
      transfers: [
        sent('UPDATE_STATUS', '23 09:00', { status: 'SUPPLEMENT_REQUIRED', firstFailedAt: at('23 09:00'), settledAt: at('23 14:30') }),
      ],
    })
    expect(hoursOf(of, '23 15:30')).toEqual({ DESK: 1, INTERLINK: 3.5, APPLICANT: 1 })
  })

  test('news for the portal that came late held nobody up: it stands beside', () => {
    const late = { firstFailedAt: at('23 09:00'), settledAt: at('24 09:00') }
    const of = finished('24 16:00', { transfers: [sent('RECEIVE', '23 08:00'), sent('SYNC_DOSSIER', '23 08:00', late)] })
    expect(hoursOf(of)).toEqual({ REGISTRY: 14 })
    expect(account(of).systems).toMatchObject([{ systemId: 'PORTAL', waited: { workingMs: 0 }, beside: { workingMs: 8 * HOUR } }])
    expect(account(of).savedMs).toBe(0)
  })

  test('what nobody tried, behind a breaker or a pause, waits from its planning; what left within two minutes does not wait', () => {
    const tried = (firstAttemptAt: string, settledAt: string) =>
      facts({ transfers: [sent('RECEIVE', '23 08:00', { firstAttemptAt: at(firstAttemptAt), settledAt: at(settledAt) })] })
    expect(hoursOf(tried('23 10:00', '23 10:00'), '23 11:00')).toEqual({ INTERLINK: 2, REGISTRY: 1 })
    expect(hoursOf(tried('23 08:02', '23 08:02'), '23 11:02').INTERLINK).toBeUndefined()
    const untried = facts({ transfers: [sent('RECEIVE', '23 08:00', { firstAttemptAt: null, state: 'PLANNED', settledAt: null })] })
    expect(stepsOf(untried, '23 11:00')).toEqual(['INTERLINK 23 08:00 - …'])
  })

  test('of two waits at once each moment is counted once, by the one that began first', () => {
    const of = facts({
      events: [...facts().events, event('23 10:00', 'STATUS_CHANGED', { statusTo: 'SUPPLEMENT_REQUIRED' })],
      transfers: [
        sent('UPDATE_STATUS', '23 10:00', { status: 'SUPPLEMENT_REQUIRED', firstFailedAt: at('23 10:00'), settledAt: at('24 10:00') }),
        sent('SUPPLEMENT', '23 14:00', { firstFailedAt: at('23 14:00'), settledAt: at('24 15:00') }),
      ],
    })
    expect(hoursOf(of, '24 15:00')).toEqual({ DESK: 2, INTERLINK: 11 })
    expect(
      account(of, '24 15:00').systems.map(({ systemId, waited, beside }) => [systemId, waited.workingMs / HOUR, beside.workingMs]),
    ).toEqual([
      ['ONE_STOP', 8, 0],
      ['VILIS', 3, 0],
    ])
  })

  test('a refused transfer that was superseded goes on waiting in the one that took its place', () => {
    const refused = sent('RECEIVE', '23 08:00', {
      state: 'SUPERSEDED',
      firstFailedAt: at('23 08:00'),
      settledAt: at('23 10:00'),
      neededPerson: true,
    })
    const mended = sent('RECEIVE', '23 10:00', { supersedesId: refused.id, settledAt: at('23 11:00') })
    const of = facts({ transfers: [refused, mended] })
    expect(hoursOf(of, '23 14:30')).toEqual({ INTERLINK: 3, REGISTRY: 1.5 })
    expect(account(of, '23 14:30').savedMs).toBe(0)
  })

  test('what a system told four hours late was waited for on the interlink; what happened before this gateway knew the dossier was not', () => {
    const told = (knownAt: string) =>
      facts({
        status: 'SUPPLEMENT_REQUIRED',
        knownAt: at(knownAt),
        events: [...facts().events, event('23 09:00', 'STATUS_CHANGED', { statusTo: 'SUPPLEMENT_REQUIRED', toldAt: at('23 15:00') })],
      })
    expect(hoursOf(told('23 08:00'), '23 16:00')).toEqual({ DESK: 1, INTERLINK: 4, APPLICANT: 1 })
    expect(hoursOf(told('23 15:00'), '23 16:00')).toEqual({ DESK: 1, APPLICANT: 5 })
  })

  test('a drift that reconciliation found counts until it was repaired', () => {
    expect(hoursOf(facts({ drift: [driftAtRegistry] }), '23 14:30')).toEqual({ DESK: 2.5, INTERLINK: 2 })
    expect(account(facts({ drift: [driftAtRegistry] }), '23 14:30').savedMs).toBe(0)
  })

  test('a dossier that was born at the registry is the registry’s from its first hour', () => {
    expect(stepsOf(facts({ origin: 'VILIS', events: [] }), '23 11:00')).toEqual(['REGISTRY 23 08:00 - …'])
  })

  test('steps that the registry reports are steps of the record, each with its officer', () => {
    const of = facts({
      events: [
        ...facts().events,
        event('23 09:00', 'STEP_REPORTED', { note: 'Thẩm định bản vẽ', officer: 'vpdk.an' }),
        event('23 15:00', 'STEP_REPORTED', { note: 'Trình ký', officer: 'vpdk.binh' }),
      ],
    })
    expect(account(of, '23 16:00').steps.map(({ name, officer }) => `${name}: ${officer}`)).toEqual([
      'Tiếp nhận, chuyển hồ sơ: null',
      'Thẩm định bản vẽ: vpdk.an',
      'Trình ký: vpdk.binh',
    ])
  })

  test('the steps of a dossier leave no moment out and count none twice, whatever happened', () => {
    for (let seed = 1; seed <= 300; seed += 1) {
      let state = seed
      const draw = (below: number): number => {
        state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
        return Math.floor((state / 2_147_483_648) * below)
      }
      const hour = (from: number): Date => new Date(+at('23 08:00') + (from + draw(60)) * HOUR)
      const kinds = ['RECEIVE', 'SUPPLEMENT', 'UPDATE_STATUS', 'POST_TAX_NOTICES', 'SYNC_DOSSIER'] as const
      const statuses = ['SUPPLEMENT_REQUIRED', 'IN_PROGRESS', 'FINANCIAL_OBLIGATION_REQUIRED'] as const
      const of = facts({
        events: [
          ...facts().events,
          ...Array.from({ length: draw(5) }, () =>
            event('23 08:00', 'STATUS_CHANGED', { at: hour(0), statusTo: statuses[draw(3)] ?? null }),
          ),
        ],
        transfers: Array.from({ length: draw(6) }, () => {
          const createdAt = hour(0)
          const failed = draw(2) === 0 ? new Date(+createdAt + 1_000) : null
          const settledAt = draw(4) === 0 ? null : new Date(+createdAt + draw(40) * HOUR)
          return sent(kinds[draw(5)] ?? 'RECEIVE', '23 08:00', {
            createdAt,
            firstAttemptAt: createdAt,
            firstFailedAt: failed,
            settledAt,
            state: settledAt ? 'DELIVERED' : 'WAITING_RETRY',
            status: 'SUPPLEMENT_REQUIRED',
          })
        }),
      })
      const { steps, parties } = account(of)
      expect(steps[0]?.from).toEqual(of.receivedAt)
      for (const [index, step] of steps.entries()) expect(step.to).toEqual(steps[index + 1]?.from ?? null)
      const whole = Object.values(parties).reduce((sum, { workingMs }) => sum + workingMs, 0)
      expect(whole).toBe(calendar.workingMsBetween(of.receivedAt, at('30 08:00')))
    }
  })
})

describe('on time, late, late because of the interlink', () => {
  const waited = (until: string) => [sent('RECEIVE', '23 09:00', { firstFailedAt: at('23 09:00'), settledAt: at(until) })]

  test('four hours late after six on the interlink would have been on time; after two it would have been late all the same', () => {
    expect(account(finished('26 14:00', { transfers: waited('23 17:00') }))).toMatchObject({
      outcome: 'LATE_BY_INTERLINK',
      lateMs: 4 * HOUR,
    })
    expect(account(finished('26 14:00', { transfers: waited('23 11:00') }))).toMatchObject({ outcome: 'LATE', lateMs: 4 * HOUR })
    expect(account(finished('26 14:00'))).toMatchObject({ outcome: 'LATE' })
  })

  test('finished in time at the registry, and the result came to the desk a day after the due date: late because of the interlink', () => {
    const of = finished('25 16:00', {
      transfers: [sent('POST_RESULT', '25 16:00', { firstFailedAt: at('25 16:00'), settledAt: at('27 08:00') })],
    })
    expect(timeOf(account(of).closedAt)).toBe('27 08:00')
    expect(account(of)).toMatchObject({ outcome: 'LATE_BY_INTERLINK', lateMs: 8 * HOUR })
  })

  test('a result that was handed out by another road is there, whatever the interlink says', () => {
    const of = finished('25 16:00', {
      returnedAt: at('25 16:30'),
      transfers: [sent('POST_RESULT', '25 16:00', { firstFailedAt: at('25 16:00'), settledAt: null, state: 'WAITING_RETRY' })],
    })
    expect(account(of)).toMatchObject({ outcome: 'ON_TIME' })
  })

  test('a result that has not come to the desk leaves the dossier open, late once the due date has passed', () => {
    const of = finished('25 16:00', {
      transfers: [sent('POST_RESULT', '25 16:00', { firstFailedAt: at('25 16:00'), settledAt: null, state: 'WAITING_RETRY' })],
    })
    expect(account(of, '26 07:30')).toMatchObject({ outcome: 'OPEN', closedAt: null })
    expect(account(of, '26 10:00')).toMatchObject({ outcome: 'LATE_BY_INTERLINK', closedAt: null })
  })

  test('of what was over before it was known here, and of which nothing was sent, no time is reported as the desk’s', () => {
    const desk = (of: LedgerFacts): number => reportedDeskMs(of, account(of)) / HOUR
    expect(desk(finished('24 08:00'))).toBe(8)
    expect(desk(finished('24 08:00', { knownAt: at('24 08:00') }))).toBe(0)
    expect(desk(facts({ knownAt: at('24 08:00') }))).toBeGreaterThan(8)
    const received = sent('RECEIVE', '23 08:00', { settledAt: at('23 10:00') })
    expect(desk(finished('24 08:00', { knownAt: at('24 08:00'), transfers: [received] }))).toBeGreaterThan(0)
    // Where it lay meanwhile was told.
    const told = [...facts().events, event('23 09:00', 'STATUS_CHANGED', { statusTo: 'IN_PROGRESS' })]
    expect(desk(finished('24 08:00', { knownAt: at('24 08:00'), events: told }))).toBeGreaterThan(0)
    expect(account(finished('24 08:00', { knownAt: at('24 08:00') })).outcome).toBe('ON_TIME')
  })

  test('withdrawn is neither', () => {
    expect(account(facts({ status: 'WITHDRAWN_BY_APPLICANT', statusAt: at('24 08:00') }))).toMatchObject({
      outcome: 'LEFT',
      closedAt: at('24 08:00'),
    })
  })

  test.each<[string, Partial<LedgerFacts>, string | null]>([
    ['under way: at its due date', {}, '26 08:00'],
    ['with something that moves: in an hour', { transfers: [sent('RECEIVE', '23 08:00', { state: 'HELD', settledAt: null })] }, '24 09:00'],
    ['while what differs is not repaired: in an hour', { drift: [{ ...driftAtRegistry, to: null }] }, '24 09:00'],
    [
      'with something that moves, and due before an hour is over: at its due date',
      { dueAt: at('24 08:20'), transfers: [sent('RECEIVE', '23 08:00', { state: 'HELD', settledAt: null })] },
      '24 08:20',
    ],
    ['late: in an hour', { dueAt: at('23 17:00') }, '24 09:00'],
    [
      'late by less than the interlink has cost it: when it is late by more',
      { dueAt: at('24 07:30'), transfers: [sent('RECEIVE', '23 08:00', { firstFailedAt: at('23 08:00'), settledAt: at('23 08:50') })] },
      '24 08:20',
    ],
    [
      'and by as much, where that may be at once: soon',
      { dueAt: at('24 07:30'), transfers: [sent('RECEIVE', '23 08:00', { firstFailedAt: at('23 08:00'), settledAt: at('23 08:30') })] },
      '24 08:05',
    ],
    ['closed: never', { status: 'NOT_ACCEPTED' }, null],
  ])('is worked out again, %s', (_when, over, expected) => {
    const of = facts(over)
    expect(timeOf(revisitAtOf(of, account(of, '24 08:00'), at('24 08:00')))).toBe(expected)
  })
})

describe('time saved by retries', () => {
  const saved = (failed: string, delivered: string, over: Partial<SentTransfer> = {}): number =>
    account(facts({ transfers: [sent('RECEIVE', '23 07:30', { firstFailedAt: at(failed), settledAt: at(delivered), ...over })] })).savedMs /
    HOUR

  test.each([
    ['an hour: seven that a person would have left it', '23 08:00', '23 09:00', 7],
    ['by night: the whole round of the day that follows', '23 18:00', '23 22:00', 8],
    ['nine hours: seven of the second round', '23 08:00', '24 09:00', 7],
  ])('%s', (_what, failed, delivered, hours) => {
    expect(saved(failed, delivered)).toBe(hours)
  })

  test('none where a person had to help, or nobody was held up', () => {
    expect(saved('23 08:00', '23 09:00', { neededPerson: true })).toBe(0)
    expect(saved('23 08:00', '23 09:00', { operation: 'SYNC_DOSSIER', systemId: 'PORTAL' })).toBe(0)
  })
})
