import { describe, expect, test } from '@jest/globals'
import { idempotencyKeyOf, isKeyOfOurMaking, unusedKeyOf } from '../../../src/model/idempotency-key.js'

const CODE = 'H58.22-261123-0001'

describe('a key', () => {
  test('is known as ours by its form, whatever became of its row', () => {
    expect(isKeyOfOurMaking(idempotencyKeyOf(CODE, 'UPDATE_STATUS', 12), CODE)).toBe(true)
  })

  test('in the place of another of the same version takes the next number that none has used, and is known as ours too', () => {
    const used: string[] = []
    for (let count = 0; count < 12; count += 1) used.push(unusedKeyOf(CODE, 'RECEIVE', 3, used))
    expect(used.slice(0, 3)).toEqual([`${CODE}.RECEIVE.3`, `${CODE}.RECEIVE.3-2`, `${CODE}.RECEIVE.3-3`])
    expect(used.filter((key) => !isKeyOfOurMaking(key, CODE))).toEqual([])
  })

  test.each([
    '',
    CODE,
    `${CODE}.`,
    `${CODE}.UPDATE_STATUS`,
    `${CODE}.UPDATE_STATUS.0`,
    `${CODE}.UPDATE_STATUS.1.2`,
    `${CODE}.UPDATE_STATUS.1-1`,
    `${CODE}.UPDATE_STATUS.1-02`,
    `${CODE}.UPDATE_STATUS.1-`,
    `${CODE}.OTHER.1`,
    `${CODE}1.RECEIVE.1`,
  ])('of another making is not: "%s"', (key) => {
    expect(isKeyOfOurMaking(key, CODE)).toBe(false)
  })
})
