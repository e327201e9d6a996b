import { describe, expect, test } from '@jest/globals'
import { GUARDS, turnWithout } from '../../../bench/guarantees/without-guard.js'
import { TURN } from '../../../src/transfer/turn-repository.js'

describe('what a guard costs is measured by a turn that lacks it', () => {
  test.each(GUARDS.filter((guard) => guard !== 'outbox'))('%s stands in the turn, and not in the one without it', (guard) => {
    expect(turnWithout([guard])).not.toBe(TURN)
  })

  test('takes all of them out together', () => {
    expect(() => turnWithout(GUARDS)).not.toThrow()
  })
})
