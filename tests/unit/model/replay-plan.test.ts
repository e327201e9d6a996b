import { describe, expect, test } from '@jest/globals'
import {
  isTooMany,
  isWithin,
  mostUnderWay,
  PLAN_ACTS,
  PLAN_MOVES,
  pacedAt,
  REPLAY_PLAN_STATES,
  remainingSecondsOf,
} from '../../../src/model/replay-plan.js'

const local = (time: string): Date => new Date(`2026-11-27T${time}:00+07:00`)
const at = (ms: number): Date => new Date(Date.UTC(2026, 10, 27) + ms)

describe('the daily window', () => {
  test.each([
    ['18:00', '06:00', '17:59', false],
    ['18:00', '06:00', '18:00', true],
    ['18:00', '06:00', '00:30', true],
    ['18:00', '06:00', '06:00', false],
    ['08:00', '11:30', '11:29', true],
    ['08:00', '11:30', '11:30', false],
    ['08:00', '08:00', '03:00', true],
  ])('from %s to %s holds %s: %s', (from, to, time, held) => {
    expect(isWithin({ from, to }, local(time))).toBe(held)
  })
})

describe('the throttle', () => {
  test('lets as many go as time has passed since its mark, and moves the mark by what was used', () => {
    const pace = pacedAt(4, at(0), at(750))
    expect(pace.allowed).toBe(3)
    expect(pace.markAfter(3)).toEqual(at(750))
    expect(pacedAt(4, pace.markAfter(3), at(750)).allowed).toBe(0)
  })

  test('saves up no more than a second’s worth, and at least one', () => {
    expect(pacedAt(4, at(0), at(3_600_000)).allowed).toBe(4)
    expect(pacedAt(0.1, at(0), at(3_600_000)).allowed).toBe(1)
    expect(pacedAt(0.1, at(0), at(9_000)).allowed).toBe(0)
  })

  test('over any time lets no more go than its rate, however it is asked', () => {
    let mark: Date | null = at(0)
    let gone = 0
    for (let ms = 0; ms <= 60_000; ms += 130) {
      const pace = pacedAt(7, mark, at(ms))
      mark = pace.markAfter(pace.allowed)
      gone += pace.allowed
    }
    expect(gone).toBeLessThanOrEqual(60 * 7 + 7)
    expect(gone).toBeGreaterThanOrEqual(60 * 7 - 7)
  })
})

test('the share of failures counts once enough have come to an end', () => {
  const rule = { stopAtFailureShare: 0.2, stopAfterSettled: 10 }
  expect(isTooMany({ delivered: 0, failed: 9 }, rule)).toBe(false)
  expect(isTooMany({ delivered: 8, failed: 2 }, rule)).toBe(false)
  expect(isTooMany({ delivered: 7, failed: 3 }, rule)).toBe(true)
  expect(isTooMany({ delivered: 0, failed: 100 }, { ...rule, stopAtFailureShare: null })).toBe(false)
})

describe('so many are under way at a time', () => {
  const rule = { stopAtFailureShare: 0.2, stopAfterSettled: 20 }

  test.each([
    ['nothing has come to an end', 0, 0, 20],
    ['the first are delivered', 20, 0, 20],
    ['all goes well', 400, 0, 100],
    ['all goes well for long', 2_000, 0, 500],
    ['the share is nearly used up', 410, 90, 20],
    ['the share is used up', 80, 20, 20],
  ])('when %s', (_when, delivered, failed, most) => {
    expect(mostUnderWay({ delivered, failed }, rule)).toBe(most)
  })

  test('if all of them fail, the share is not passed by more than the first many', () => {
    for (const share of [0, 0.01, 0.2, 0.5, 0.9])
      for (let delivered = 0; delivered <= 3_000; delivered += 37)
        for (let failed = 0; failed <= delivered; failed += 91) {
          const bound = { stopAtFailureShare: share, stopAfterSettled: 20 }
          const most = mostUnderWay({ delivered, failed }, bound)
          const settled = delivered + failed + most
          const isBorne = (failed + most) / settled <= share + 1e-9
          if (!isBorne) expect(most).toBe(20)
        }
  })

  test('any number where any share is borne', () => {
    expect(mostUnderWay({ delivered: 0, failed: 5 }, { ...rule, stopAtFailureShare: null })).toBe(Number.POSITIVE_INFINITY)
    expect(mostUnderWay({ delivered: 0, failed: 5 }, { ...rule, stopAtFailureShare: 1 })).toBe(Number.POSITIVE_INFINITY)
  })
})

describe('the time that is left', () => {
  /** So many a second, in steps of five seconds from this one to that one. */
  const ends = (perSecond: number, from: number, to: number) =>
    Array.from({ length: to - from + 1 }, (_, at) => ({ ago: from + at, count: perSecond * 5 }))
  const pace = { state: 'RUNNING', rowCount: 1_000, unseen: 0, open: 600, lately: ends(2, 0, 23), elapsedS: 300, perSecond: null } as const

  test('follows how it went lately', () => {
    expect(remainingSecondsOf(pace)).toBe(300)
    expect(remainingSecondsOf({ ...pace, lately: ends(2, 0, 5), elapsedS: 30 })).toBe(300)
    expect(remainingSecondsOf({ ...pace, open: 0 })).toBe(0)
    expect(remainingSecondsOf({ ...pace, state: 'DRY_RUNNING', unseen: 750, elapsedS: 10 })).toBe(30)
    expect(remainingSecondsOf({ ...pace, state: 'PAUSED' })).toBeNull()
  })

  test('does not count the time in which nobody worked, however it went before', () => {
    expect(remainingSecondsOf({ ...pace, lately: [...ends(10, 0, 3), ...ends(1, 40, 59)], elapsedS: 3_600 })).toBe(60)
  })

  test('is not told while too little is known, or nothing goes', () => {
    expect(remainingSecondsOf({ ...pace, lately: [] })).toBeNull()
    expect(remainingSecondsOf({ ...pace, lately: ends(10, 0, 0), elapsedS: 3_600 })).toBeNull()
    expect(remainingSecondsOf({ ...pace, lately: [{ ago: 0, count: 1 }], elapsedS: 3_600 })).toBeNull()
    expect(remainingSecondsOf({ ...pace, lately: ends(10, 12, 40), elapsedS: 3_600 })).toBeNull()
  })

  test('follows the throttle until more is known, as long as it goes', () => {
    expect(remainingSecondsOf({ ...pace, lately: [], elapsedS: 3, perSecond: 5 })).toBe(120)
    expect(remainingSecondsOf({ ...pace, lately: [{ ago: 3, count: 1 }], perSecond: 0.05 })).toBe(12_000)
    expect(remainingSecondsOf({ ...pace, lately: [], perSecond: 5 })).toBeNull()
  })
})

test('whatever is not over can be cancelled, and nothing leads out of what is over', () => {
  const over = ['DONE', 'CANCELLED']
  expect(REPLAY_PLAN_STATES.filter((state) => !PLAN_MOVES.CANCEL.from.includes(state))).toEqual(over)
  expect(PLAN_ACTS.filter((act) => PLAN_MOVES[act].from.some((state) => over.includes(state)))).toEqual([])
})
