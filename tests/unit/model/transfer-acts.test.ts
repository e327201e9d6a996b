import { expect, test } from '@jest/globals'
import { describeDone, describeLastAct, seenAt, versionOf } from '../../../src/model/transfer-acts.js'

test('a version is another one a millisecond later, fits an Int, and tells when it was the latest', () => {
  for (const at of ['2026-11-27T01:02:03.004Z', '2026-01-01T00:00:00.000Z', '2038-01-19T03:14:08.000Z'].map((text) => new Date(text))) {
    expect(versionOf(at)).toBeLessThan(2 ** 31)
    const later = new Date(at.getTime() + 1)
    expect(versionOf(later)).not.toBe(versionOf(at))
    for (const moved of [later, new Date(at.getTime() + 24 * 86_400_000)]) expect(seenAt(versionOf(at), moved)).toEqual(at)
  }
})

test('who did what and when is told in both languages, also when it was no person here', () => {
  const last = { actor: 'lan', role: 'operator', act: 'AMEND', at: new Date('2026-11-23T01:05:30Z') }
  expect(describeLastAct(last)).toBe('lan đã sửa nội dung lúc 08:05:30 ngày 23/11/2026')
  expect(describeLastAct(last, 'en')).toBe('lan amended its content at 08:05:30 on 23/11/2026')
  const source = { ...last, actor: 'ONE_STOP: mc.28594.1', role: 'SOURCE', act: 'SUPERSEDE' }
  expect(describeLastAct(source)).toBe('nguồn (ONE_STOP: mc.28594.1) đã báo phiên bản mới hơn lúc 08:05:30 ngày 23/11/2026')
  expect(describeLastAct(source, 'en')).toBe('its source (ONE_STOP: mc.28594.1) told a newer version at 08:05:30 on 23/11/2026')
})

test('what else is done with a transfer is told as handling it', () => {
  expect(describeDone('REPLAY')).toBe('gửi lại')
  expect(describeDone('constructor')).toBe('xử lý')
})
