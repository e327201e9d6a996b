import { describe, expect, test } from '@jest/globals'
import { createForgottenKeys } from '../../../src/dossier/forgotten-keys.js'

describe('what was forgotten', () => {
  test('is not taken from a reading that began before, and from one that began after it is', () => {
    const forgotten = createForgottenKeys()
    const before = forgotten.now()
    forgotten.forget(['a'], '10-1')
    expect(forgotten.isForgottenSince('a', before)).toBe(true)
    expect(forgotten.isForgottenSince('b', before)).toBe(false)
    expect(forgotten.isForgottenSince('a', forgotten.now())).toBe(false)
  })

  test('is not taken from another process that had not heeded that event when it began to read', () => {
    const forgotten = createForgottenKeys()
    forgotten.forget(['a'], '10-2')
    expect(['9-9', '10-1', '10-2', '11-0'].map((heeded) => forgotten.isDoubtful('a', heeded))).toEqual([true, true, false, false])
    expect(forgotten.isDoubtful('b', '9-9')).toBe(false)
  })

  test('by an act of our own is taken from no other process that may not have seen it, whatever events come before it', () => {
    const forgotten = createForgottenKeys()
    forgotten.forget(['a'], '21-0')
    forgotten.forget(['a'], '15-1')
    expect(['15-1', '20-9', '21-0'].map((heeded) => forgotten.isDoubtful('a', heeded))).toEqual([true, true, false])
  })

  test('at a place that is not known is taken from nobody until a place behind it is told', () => {
    const forgotten = createForgottenKeys()
    forgotten.forget(['a'], '50-1')
    const before = forgotten.now()
    forgotten.forgetAll(null)
    expect([forgotten.isPlaceMissing, forgotten.isForgottenSince('b', before), forgotten.isDoubtful('b', '99-9')]).toEqual([
      true,
      true,
      true,
    ])
    forgotten.forget(['b'], '60-1')
    expect(forgotten.isDoubtful('b', '99-9')).toBe(true)
    forgotten.forgetAll('70-0')
    expect([forgotten.isPlaceMissing, forgotten.isDoubtful('b', '69-9'), forgotten.isDoubtful('b', '70-0')]).toEqual([false, true, false])
  })

  test('stays forgotten when there are too many to be remembered one by one', () => {
    const forgotten = createForgottenKeys(2)
    const before = forgotten.now()
    for (const [key, id] of [
      ['a', '10-1'],
      ['b', '10-2'],
      ['c', '10-3'],
    ] as const)
      forgotten.forget([key], id)
    expect(forgotten.isForgottenSince('a', before)).toBe(true)
    expect(forgotten.isDoubtful('a', '9-9')).toBe(true)
    expect(forgotten.isDoubtful('a', '10-1')).toBe(false)
    expect(forgotten.isDoubtful('a', '10-0')).toBe(true)
  })

  test('altogether is doubtful up to that event', () => {
    const forgotten = createForgottenKeys()
    const before = forgotten.now()
    forgotten.forgetAll('30-5')
    expect(forgotten.isForgottenSince('a', before)).toBe(true)
    expect([forgotten.isDoubtful('a', '30-4'), forgotten.isDoubtful('a', '30-5')]).toEqual([true, false])
  })
})
