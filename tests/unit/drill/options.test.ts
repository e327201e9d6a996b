import { expect, test } from '@jest/globals'
import { canariesIn, canaryPassword, canaryPerson } from '../../../bench/drill/canaries.js'
import { readOptions } from '../../../bench/drill/options.js'

const KNOWN = ['calm', 'peer-drips']

test('a seed is drawn when none is given, and several faults may be named', () => {
  expect(readOptions(['--only', 'calm,peer-drips', '--scale', '0.1'], KNOWN)).toMatchObject({
    only: KNOWN,
    scale: 0.1,
    seed: expect.any(Number),
  })
  expect(readOptions(['--seed', '7', '--sabotage', 'order'], KNOWN)).toMatchObject({ seed: 7, sabotages: ['order'], only: [] })
  expect(readOptions(['--sabotage', 'order,outbox'], KNOWN).sabotages).toEqual(['order', 'outbox'])
  expect(readOptions([], KNOWN).sabotages).toEqual([])
})

test.each([
  [['--sabotge', 'order'], 'Không hiểu tham số "--sabotge"'],
  [['bừa'], 'Không hiểu tham số'],
  [['--sabotage', 'order,all'], '--sabotage nhận một trong: fencing, inquiry, order, outbox; không phải "all".'],
  [['--only', 'calmer'], 'Không có lỗi giả lập nào tên "calmer"'],
  [['--only', ','], 'Không có lỗi giả lập nào tên ""'],
  [['--seed', 'x'], '--seed không nhận giá trị "x"'],
  [['--scale', '0'], '--scale không nhận giá trị "0"'],
])('refuses %j in a sentence', (given, sentence) => {
  expect(() => readOptions(given, KNOWN)).toThrow(sentence)
})

test('a canary is known wherever it sings, and nothing else is', () => {
  const { name, idNumber, phone, email, address } = canaryPerson(1_001)
  for (const text of [name, idNumber, phone, email, address, canaryPassword('vilis')])
    expect(canariesIn(`{"message":"x ${text} y"}`)).not.toEqual([])
  expect(canariesIn('{"message":"H58.22-261122-001001 đã chuyển","elapsedMs":77}')).toEqual([])
})
