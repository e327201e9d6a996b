import { describe, expect, test } from '@jest/globals'
import { PageSize } from '../../../src/inbox/page-size.js'

/** Polls a system that gives at most `most` rows in time; the sizes that it was asked for. */
const poll = (size: PageSize, most: number, polls: number): number[] =>
  Array.from({ length: polls }, () => {
    const { rows } = size
    if (rows > most) size.shrinkBelow(rows)
    else size.grow()
    return rows
  })

describe('the page', () => {
  test('halves until it is given, and doubles up to the configured size when it may', () => {
    const size = new PageSize(200)
    expect(poll(size, 30, 4)).toEqual([200, 100, 50, 25])
    expect(poll(size, 1_000, 5)).toEqual([50, 100, 200, 200, 200])
  })

  test('never falls below one row, however often that fails', () => {
    const size = new PageSize(8)
    expect(poll(size, 0, 6)).toEqual([8, 4, 2, 1, 1, 1])
    expect(poll(size, 8, 4)).toEqual([1, 2, 4, 8])
  })

  test('of a larger size that fails each time is tried less and less often, yet for ever', () => {
    const size = new PageSize(2)
    const asked = poll(size, 1, 300)
    const trials = asked.flatMap((rows, index) => (rows === 2 ? [index] : []))
    expect(trials.slice(0, 5)).toEqual([0, 2, 5, 10, 19])
    expect(trials.slice(-2).reduce((a, b) => b - a)).toBe(33)
    // Once it is given again it is asked for from then on.
    expect(poll(size, 2, 33 + 3).slice(-3)).toEqual([2, 2, 2])
  })

  test('that a reader made smaller by itself shrinks below what failed there', () => {
    const size = new PageSize(200)
    size.shrinkBelow(12)
    expect(size.rows).toBe(6)
  })

  test('takes what is read again with it, and never the last of it', () => {
    const size = new PageSize(200)
    expect([size.overlapOf(200n), size.overlapOf(0n)]).toEqual([200n, 0n])
    size.shrinkBelow(200)
    expect([size.overlapOf(200n), size.overlapOf(1_000n)]).toEqual([100n, 500n])
    size.shrinkBelow(2)
    expect([size.overlapOf(200n), size.overlapOf(5n), size.overlapOf(0n)]).toEqual([1n, 1n, 0n])
  })
})
