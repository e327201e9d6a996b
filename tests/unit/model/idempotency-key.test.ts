import { describe, expect, test } from '@jest/globals'
import { idempotencyKeyOf, isKeyOfOurMaking } from '../../../src/model/idempotency-key.js'

const CODE = 'H58.22-261123-0001'

describe('a key', () => {
  test('is known as ours by its form, whatever became of its row', () => {
    expect(isKeyOfOurMaking(idempotencyKeyOf(CODE, 'UPDATE_STATUS', 12), CODE)).toBe(true)
  })

  test.each([
    '',
    CODE,
    `${CODE}.`,
    `${CODE}.UPDATE_STATUS`,
    `${CODE}.UPDATE_STATUS.0`,
    `${CODE}.UPDATE_STATUS.1.2`,
    `${CODE}.OTHER.1`,
    `${CODE}1.RECEIVE.1`,
  ])('of another making is not: "%s"', (key) => {
    expect(isKeyOfOurMaking(key, CODE)).toBe(false)
  })
})
