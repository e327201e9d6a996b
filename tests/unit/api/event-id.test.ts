import { describe, expect, it } from '@jest/globals'
import { compareEventIds } from '../../../src/api/event-id.js'

describe('event ids', () => {
  it('are ordered as numbers, by transaction first, also beyond what a JavaScript number holds', () => {
    const ordered = ['0-0', '7-9', '7-10', '10-1', '9007199254740992-1', '9007199254740993-0', '9007199254740993-9223372036854775807']
    expect([...ordered].reverse().sort(compareEventIds)).toEqual(ordered)
    expect(compareEventIds('7-9', '7-9')).toBe(0)
  })

  it.each(['', '7', '7-', '-7', '7-9-1', '7-x', ' 7-9', '9223372036854775808-0', '0-9223372036854775808', '99999999999999999999-0'])(
    '%j is none',
    (id) => {
      expect(() => compareEventIds(id, '0-0')).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }))
    },
  )
})
