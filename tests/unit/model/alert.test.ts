import { describe, expect, test } from '@jest/globals'
import {
  ALERT_RULES,
  decideAlerts,
  describeTrouble,
  isOfGateway,
  type LastTold,
  type OpenAlert,
  type Trouble,
} from '../../../src/model/alert.js'

const NOW = new Date('2026-11-27T03:00:00Z')
const QUIET_MS = 30 * 60_000
const ago = (minutes: number): Date => new Date(NOW.getTime() - minutes * 60_000)

const down = (value: number): Trouble => ({ rule: 'SYSTEM_DOWN', systemId: 'VILIS', value, threshold: 5 })
const open = (changes: Partial<OpenAlert> = {}): OpenAlert => ({
  ...down(5),
  id: 'a',
  openedAt: ago(60),
  toldAt: ago(60),
  toldValue: 5,
  acknowledgedAt: null,
  ...changes,
})
const decide = (before: readonly OpenAlert[], found: readonly Trouble[], told: Date | null = before[0]?.toldAt ?? null) => {
  const lastTold: LastTold[] = told ? [{ rule: 'SYSTEM_DOWN', systemId: 'VILIS', at: told }] : []
  const { open: opened, renew, close, tell } = decideAlerts(before, found, { lastTold, now: NOW, quietMs: QUIET_MS })
  return {
    opened: opened.length,
    renewed: renew.map(({ id }) => id),
    closed: close.map(({ id }) => id),
    told: tell.map(({ kind }) => kind),
  }
}

describe('a look', () => {
  test('opens what is newly broken and tells of it', () => {
    expect(decide([], [down(5)])).toEqual({ opened: 1, renewed: [], closed: [], told: ['OPENED'] })
  })

  test('renews what is broken still, without a word', () => {
    expect(decide([open()], [down(7)])).toEqual({ opened: 0, renewed: ['a'], closed: [], told: [] })
  })

  test('closes what is mended', () => {
    expect(decide([open()], [])).toEqual({ opened: 0, renewed: [], closed: ['a'], told: [] })
  })

  test('goes on with what shows by another rule, and says no word within the quiet time', () => {
    const refusing: Trouble = { ...down(99), rule: 'SYSTEM_REFUSING' }
    expect(decide([open({ toldAt: ago(10) })], [refusing], null)).toEqual({ opened: 0, renewed: ['a'], closed: [], told: [] })
    expect(decide([open()], [refusing], null).told).toEqual(['RENEWED'])
  })

  test('keeps another system apart', () => {
    expect(decide([open()], [{ ...down(5), systemId: 'PORTAL' }])).toMatchObject({ opened: 1, closed: ['a'], told: ['OPENED'] })
  })
})

describe('people are told at most once in the quiet time', () => {
  test('of what comes again within it nothing is said', () => {
    expect(decide([], [down(5)], ago(10))).toEqual({ opened: 1, renewed: [], closed: [], told: [] })
  })

  test('what is still broken when it is over is told then', () => {
    expect(decide([open({ toldAt: null, toldValue: null })], [down(40)], ago(31)).told).toEqual(['OPENED'])
  })

  test('what has become twice as bad is told once more, after it', () => {
    expect(decide([open({ toldAt: ago(10) })], [down(60)]).told).toEqual([])
    expect(decide([open()], [down(9)]).told).toEqual([])
    expect(decide([open()], [down(10)]).told).toEqual(['RENEWED'])
  })

  test('of what somebody has acknowledged nothing more is said, however bad, until it is over', () => {
    const taken = open({ acknowledgedAt: ago(50) })
    expect(decide([taken], [down(99)])).toMatchObject({ renewed: ['a'], told: [] })
    expect(decide([{ ...taken, toldAt: null, toldValue: null }], [down(99)], ago(31)).told).toEqual([])
    expect(decide([taken], [])).toMatchObject({ closed: ['a'] })
  })
})

test('every rule has a sentence with the system’s name, but those of the gateway', () => {
  const sentences = ALERT_RULES.map((rule) => describeTrouble({ rule, systemId: 'VILIS', value: 7 }))
  expect(sentences.map((sentence) => sentence.includes('ViLIS'))).toEqual(ALERT_RULES.map((rule) => !isOfGateway(rule)))
  expect(new Set(sentences).size).toBe(ALERT_RULES.length)
})
