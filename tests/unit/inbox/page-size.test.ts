import { describe, expect, test } from '@jest/globals'
import { PageSize } from '../../../src/inbox/page-size.js'

/** Asks a system that gives at most `most` rows in time for so many pages; the sizes that it was asked for. */
const ask = (size: PageSize, most: number, pages: number): number[] =>
  Array.from({ length: pages }, () => {
    const { rows } = size
    if (rows > most) size.shrinkBelow(rows)
    else size.grow()
    return rows
  })

describe('the page', () => {
  test('begins with one row after it failed, and doubles up to half of what failed, which is then tried', () => {
    const size = new PageSize(200)
    expect(ask(size, 30, 14)).toEqual([200, 1, 2, 4, 8, 16, 32, 1, 2, 4, 8, 16, 32, 16])
    expect(ask(size, 1_000, 6)).toEqual([16, 32, 64, 128, 200, 200])
  })

  test('is the configured one again a few pages after the row that could not be given with others', () => {
    const size = new PageSize(200)
    size.shrinkBelow(200)
    expect(ask(size, 200, 10)).toEqual([1, 2, 4, 8, 16, 32, 64, 100, 200, 200])
  })

  test('never falls below one row, however often that fails', () => {
    const size = new PageSize(8)
    expect(ask(size, 0, 5)).toEqual([8, 1, 1, 1, 1])
    expect(ask(size, 8, 4)).toEqual([1, 2, 4, 8])
  })

  test('of one row that has failed at one place three times in a row is stalled there', () => {
    const size = new PageSize(8)
    const at = (...positions: number[]) => positions.map((position) => size.isStalledAt(BigInt(position)))
    expect(at(5, 5, 7, 5, 5, 5, 5)).toEqual([false, false, false, false, false, true, true])
  })

  test('of a larger size that fails each time is tried less and less often, yet for ever', () => {
    const size = new PageSize(2)
    const asked = ask(size, 1, 300)
    const trials = asked.flatMap((rows, index) => (rows === 2 ? [index] : []))
    expect(trials.slice(0, 5)).toEqual([0, 2, 5, 10, 19])
    expect(trials.slice(-2).reduce((a, b) => b - a)).toBe(33)
    // Once it is given again it is asked for from then on.
    expect(ask(size, 2, 33 + 3).slice(-3)).toEqual([2, 2, 2])
  })

  test('that a reader made smaller by itself shrinks below what failed there', () => {
    const size = new PageSize(200)
    size.shrinkBelow(12)
    expect(ask(size, 6, 6)).toEqual([1, 2, 4, 6, 12, 6])
  })

  test('takes what is read again with it, and never the last of it', () => {
    const size = new PageSize(200)
    expect([size.overlapOf(200n), size.overlapOf(0n)]).toEqual([200n, 0n])
    size.shrinkBelow(200)
    ask(size, 200, 3)
    expect([size.overlapOf(200n), size.overlapOf(1_000n)]).toEqual([8n, 40n])
    size.shrinkBelow(8)
    expect([size.overlapOf(200n), size.overlapOf(5n), size.overlapOf(0n)]).toEqual([1n, 1n, 0n])
  })
})
