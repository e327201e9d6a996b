import { expect, test } from '@jest/globals'
import { RereadPace } from '../../../src/inbox/reread-pace.js'

const MEGABYTE = 1_048_576
const OVERLAP = 10n

test('small rows are read again with each poll', () => {
  const pace = new RereadPace()
  for (let cursor = 100n; cursor < 200n; cursor += 1n) {
    const beginning = pace.begin(cursor, OVERLAP)
    expect(beginning).toEqual({ from: cursor - OVERLAP, rereads: true })
    pace.ended(beginning, cursor + 1n, MEGABYTE - 1)
  }
})

test('large ones are passed over for a poll a megabyte, at most thirty, and a failed poll counts for nothing', () => {
  for (const [megabytes, passed] of [
    [1, 1],
    [18, 18],
    [500, 30],
  ] as const) {
    const pace = new RereadPace()
    pace.ended(pace.begin(100n, OVERLAP), 100n, megabytes * MEGABYTE)
    pace.begin(100n, OVERLAP)
    for (let polls = 0; polls < passed; polls += 1) {
      const beginning = pace.begin(100n, OVERLAP)
      expect(beginning).toEqual({ from: 100n, rereads: false })
      pace.ended(beginning, 100n, 0)
    }
    expect(pace.begin(100n, OVERLAP)).toEqual({ from: 90n, rereads: true })
  }
})

test.each([0, 1, 3, 40])('what is committed late is found before an overlap of later ones was read (%i MB in it)', (megabytes) => {
  // The feed grows by a row a poll until the cursor stands at `late`; then one appears behind it.
  for (let late = 100n; late < 130n; late += 1n) {
    const pace = new RereadPace()
    let cursor = 100n
    const poll = (to: bigint): bigint => {
      const beginning = pace.begin(cursor, OVERLAP)
      pace.ended(beginning, to, beginning.rereads ? megabytes * MEGABYTE : 0)
      cursor = to
      return beginning.from
    }
    while (cursor < late) poll(cursor + 1n)
    const hidden = cursor - OVERLAP + 1n
    let from = cursor
    for (let polls = 0; polls < 40 && from >= hidden; polls += 1) {
      from = poll(cursor)
    }
    expect(from).toBeLessThan(hidden)
  }
})

test('a feed that was set back, or has gone far, is read again at once', () => {
  const pace = new RereadPace()
  pace.ended(pace.begin(100n, OVERLAP), 100n, 20 * MEGABYTE)
  expect(pace.begin(0n, OVERLAP)).toMatchObject({ from: 0n })
  expect(pace.begin(110n, OVERLAP)).toEqual({ from: 90n, rereads: true })
  expect(pace.begin(500n, OVERLAP)).toEqual({ from: 480n, rereads: true })
})
