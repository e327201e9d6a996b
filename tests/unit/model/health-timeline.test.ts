import { describe, expect, it } from '@jest/globals'
import { type SystemChange, timelineOf } from '../../../src/model/health-timeline.js'

const at = (minute: number): Date => new Date(Date.UTC(2026, 2, 10, 0, minute))
const told = (part: SystemChange['part'], state: string, minute: number): SystemChange => ({ part, state, at: at(minute) })
const shown = (changes: readonly SystemChange[]) =>
  timelineOf(changes, at(60), at(120)).map(({ state, from, until }) => [state, from.getUTCMinutes(), until.getUTCMinutes() || 60])

describe('the timeline of a system', () => {
  it('is unknown where nothing was told, and begins as it was told to be before', () => {
    expect(shown([])).toEqual([['UNKNOWN', 0, 60]])
    expect(shown([told('HEALTH', 'UP', 5)])).toEqual([['UP', 0, 60]])
    expect(shown([told('HEALTH', 'UP', 70)])).toEqual([
      ['UNKNOWN', 0, 10],
      ['UP', 10, 60],
    ])
  })

  it('shows at each moment what says most: maintenance over a pause, a pause over silence, silence over a breaker', () => {
    expect(
      shown([
        told('HEALTH', 'UP', 1),
        told('SEND', 'OPEN', 65),
        told('HEALTH', 'DOWN', 70),
        told('PAUSE', 'ON', 75),
        told('MAINTENANCE', 'ON', 80),
        told('HEALTH', 'UP', 85),
        told('MAINTENANCE', 'OFF', 90),
        told('PAUSE', 'OFF', 95),
        told('SEND', 'CLOSED', 100),
      ]),
    ).toEqual([
      ['UP', 0, 5],
      ['BREAKER_OPEN', 5, 10],
      ['DOWN', 10, 15],
      ['PAUSED', 15, 20],
      ['MAINTENANCE', 20, 30],
      ['PAUSED', 30, 35],
      ['BREAKER_OPEN', 35, 40],
      ['UP', 40, 60],
    ])
  })

  it('tells one that answers and serves nothing from one that does not answer', () => {
    expect(shown([told('HEALTH', 'UP', 1), told('SEND', 'OPEN', 65), told('HEALTH', 'REFUSING', 70), told('HEALTH', 'DOWN', 80)])).toEqual([
      ['UP', 0, 5],
      ['BREAKER_OPEN', 5, 10],
      ['REFUSING', 10, 20],
      ['DOWN', 20, 60],
    ])
  })

  it('is open as long as any breaker is', () => {
    expect(
      shown([
        told('HEALTH', 'UP', 1),
        told('SEND', 'OPEN', 70),
        told('READ', 'OPEN', 75),
        told('SEND', 'CLOSED', 80),
        told('READ', 'CLOSED', 90),
      ]),
    ).toEqual([
      ['UP', 0, 10],
      ['BREAKER_OPEN', 10, 30],
      ['UP', 30, 60],
    ])
  })

  it('of a system that comes and goes each second is bounded, has no gap and leaves nothing bad out', () => {
    const second = (n: number): Date => new Date(at(60).getTime() + n * 1_000)
    const changes = Array.from({ length: 3_000 }, (_, n): SystemChange => ({ part: 'HEALTH', state: n % 2 ? 'UP' : 'DOWN', at: second(n) }))
    const spans = timelineOf(changes, at(60), at(120))
    expect(spans.length).toBeLessThanOrEqual(60)
    expect(spans[0]?.from).toEqual(at(60))
    expect(spans.at(-1)?.until).toEqual(at(120))
    for (const [place, span] of spans.entries()) if (place > 0) expect(span.from).toEqual(spans[place - 1]?.until)
    expect(spans.filter(({ from }) => from < second(2_900)).every(({ state }) => state === 'DOWN')).toBe(true)
    expect(spans.at(-1)?.state).toBe('UP')
  })
})
