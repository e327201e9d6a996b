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

  test('by an act of our own is taken from no other process before the event has come', () => {
    const forgotten = createForgottenKeys()
    forgotten.forget(['a'], null)
    expect(forgotten.isDoubtful('a', '99-9')).toBe(true)
    forgotten.forget(['a'], '20-1')
    expect(forgotten.isDoubtful('a', '20-1')).toBe(false)
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
  })

  test('altogether is doubtful up to that event', () => {
    const forgotten = createForgottenKeys()
    const before = forgotten.now()
    forgotten.forgetAll('30-5')
    expect(forgotten.isForgottenSince('a', before)).toBe(true)
    expect([forgotten.isDoubtful('a', '30-4'), forgotten.isDoubtful('a', '30-5')]).toEqual([true, false])
  })
})
