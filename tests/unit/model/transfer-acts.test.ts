import { expect, test } from '@jest/globals'
import { describeDone, seenAt, versionOf } from '../../../src/model/transfer-acts.js'

test('a version is another one a millisecond later, fits an Int, and tells when it was the latest', () => {
  for (const at of ['2026-11-27T01:02:03.004Z', '2026-01-01T00:00:00.000Z', '2038-01-19T03:14:08.000Z'].map((text) => new Date(text))) {
    expect(versionOf(at)).toBeLessThan(2 ** 31)
    const later = new Date(at.getTime() + 1)
    expect(versionOf(later)).not.toBe(versionOf(at))
    for (const moved of [later, new Date(at.getTime() + 24 * 86_400_000)]) expect(seenAt(versionOf(at), moved)).toEqual(at)
  }
})

test('what else is done with a transfer is told as handling it', () => {
  expect(describeDone('REPLAY')).toBe('gửi lại')
  expect(describeDone('constructor')).toBe('xử lý')
})
