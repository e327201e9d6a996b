import { describe, expect, test } from '@jest/globals'
import { type RoutedEvent, type RoutingRule, routesOf, routingProblems } from '../../../src/model/routing.js'

const rule = (changes: Partial<RoutingRule> = {}): RoutingRule => ({
  event: 'RECEIVED',
  origin: '*',
  procedure: '*',
  operation: 'SYNC_DOSSIER',
  mode: 'LIVE',
  validFrom: '2026-01-01',
  validTo: null,
  ...changes,
})

const event = (changes: Partial<RoutedEvent> = {}): RoutedEvent => ({
  kind: 'RECEIVED',
  origin: 'ONE_STOP',
  procedureKey: '1.012783',
  landRegistration: true,
  onDate: '2026-03-15',
  ...changes,
})

const modeOf = (rules: readonly RoutingRule[], asked: RoutedEvent): string | undefined => routesOf(rules, asked)[0]?.mode

describe('which routes an event takes', () => {
  test('both days of a rule are its own', () => {
    const rules = [rule({ validFrom: '2026-03-15', validTo: '2026-03-16' })]
    const on = (onDate: string): number => routesOf(rules, event({ onDate })).length
    expect([on('2026-03-14'), on('2026-03-15'), on('2026-03-16'), on('2026-03-17')]).toEqual([0, 1, 1, 0])
  })

  test('the mode is that of the day of the event: history keeps its own', () => {
    const rules = [rule({ mode: 'OBSERVE', validFrom: '2000-01-01', validTo: '2026-03-14' }), rule({ validFrom: '2026-03-15' })]
    expect(modeOf(rules, event({ onDate: '2017-05-02' }))).toBe('OBSERVE')
    expect(modeOf(rules, event({ onDate: '2026-03-15' }))).toBe('LIVE')
  })

  test('another event, origin or procedure takes no route', () => {
    const rules = [rule({ origin: 'VILIS', procedure: '1.012783' })]
    expect(routesOf(rules, event({ origin: 'VILIS' }))).toHaveLength(1)
    expect(routesOf(rules, event({ origin: 'ONE_STOP' }))).toEqual([])
    expect(routesOf(rules, event({ origin: 'VILIS', procedureKey: '1.000001' }))).toEqual([])
    expect(routesOf(rules, event({ origin: 'VILIS', kind: 'AMENDED' }))).toEqual([])
  })

  test('LAND takes land registrations alone', () => {
    const rules = [rule({ procedure: 'LAND', operation: 'RECEIVE' })]
    expect(routesOf(rules, event())).toHaveLength(1)
    expect(routesOf(rules, event({ landRegistration: false }))).toEqual([])
  })

  test('the more specific rule wins whatever its place: a procedure before LAND before all, and an origin before any at the same', () => {
    const rules = [
      rule({ mode: 'OBSERVE' }),
      rule({ mode: 'ADOPT', procedure: 'LAND' }),
      rule({ mode: 'LIVE', procedure: '1.012783' }),
      rule({ mode: 'OBSERVE', procedure: '1.012783', origin: 'VILIS' }),
    ]
    for (const ordered of [rules, [...rules].reverse()]) {
      expect(modeOf(ordered, event())).toBe('LIVE')
      expect(modeOf(ordered, event({ origin: 'VILIS' }))).toBe('OBSERVE')
      expect(modeOf(ordered, event({ procedureKey: '1.000001' }))).toBe('ADOPT')
      expect(modeOf(ordered, event({ procedureKey: '1.000001', landRegistration: false }))).toBe('OBSERVE')
    }
    expect(
      modeOf([rule({ mode: 'OBSERVE', origin: 'VILIS' }), rule({ mode: 'LIVE', procedure: 'LAND' })], event({ origin: 'VILIS' })),
    ).toBe('LIVE')
  })

  test('each operation is chosen once, by itself', () => {
    const rules = [rule(), rule({ operation: 'RECEIVE', procedure: 'LAND' }), rule({ operation: 'RECEIVE', mode: 'OBSERVE' })]
    expect(
      routesOf(rules, event())
        .map(({ operation, mode }) => `${operation} ${mode}`)
        .sort(),
    ).toEqual(['RECEIVE LIVE', 'SYNC_DOSSIER LIVE'])
  })
})

describe('a routing table', () => {
  test('is valid when rules follow one another day by day', () => {
    expect(routingProblems([rule({ validTo: '2026-03-14' }), rule({ validFrom: '2026-03-15', mode: 'OBSERVE' })])).toEqual([])
  })

  test.each([
    ['that share one day', rule({ validTo: '2026-03-15' }), rule({ validFrom: '2026-03-15' })],
    ['both open', rule(), rule({ validFrom: '2027-01-01', mode: 'OBSERVE' })],
    ['one inside the other', rule({ validFrom: '2026-05-01', validTo: '2026-05-02' }), rule()],
  ])('says two things at once with rules %s', (_name, first, second) => {
    expect(routingProblems([first, second])).toEqual([expect.objectContaining({ english: expect.stringContaining('overlap') })])
  })

  test('is not ambiguous by rules of another origin, procedure, event or operation', () => {
    const others = [rule({ origin: 'VILIS' }), rule({ procedure: 'LAND' }), rule({ event: 'AMENDED' }), rule({ operation: 'RECEIVE' })]
    expect(routingProblems([rule(), ...others])).toEqual([])
  })

  test('refuses a rule that ends before it begins', () => {
    expect(routingProblems([rule({ validTo: '2025-12-31' })])).toEqual([
      expect.objectContaining({ english: expect.stringContaining('validTo before validFrom') }),
    ])
  })
})
