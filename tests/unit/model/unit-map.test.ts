import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { type MapUnit, unitMapProblems } from '../../../src/model/unit-map.js'
import { prismaDir } from '../../../src/platform/paths.js'

const unit = (code: string, name: string, validFrom: string, validTo: string | null, ...successors: string[]): MapUnit => ({
  code,
  name,
  validFrom,
  validTo,
  successors: successors.map((heir) => ({ code: heir })),
  provinceCode: '82',
  provinceName: 'Đồng Tháp',
  standing: 'thử',
})
const last = '2025-06-30'
const next = '2025-07-01'
const A = unit('10001', 'Xã A', '2000-01-01', last, '10001')
const B = unit('10002', 'Xã B', '2000-01-01', last, '10001')
const NEW_A = unit('10001', 'Xã A mới', next, null)
const NEW_C = unit('10003', 'Xã C', next, null)

const split = (...rules: (string | undefined)[]): MapUnit => ({
  ...B,
  successors: ['10001', '10003'].map((code, place) => ({ code, ...(rules[place] && { rule: rules[place] }) })),
})

test('the map of Chợ Gạo is right', () => {
  const { old, new: now } = JSON.parse(readFileSync(join(prismaDir, 'reference', 'administrative-units.json'), 'utf8'))
  const units = [
    ...old.units.map(([code, name, heir]: string[]) => unit(code as string, name as string, '2000-01-01', old.validTo, heir as string)),
    ...now.units.map(([code, name]: string[]) => unit(code as string, name as string, now.validFrom, null)),
  ]
  expect(units).toHaveLength(25)
  expect(unitMapProblems(units)).toEqual([])
})

test.each([
  ['two units that became one', [A, B, NEW_A]],
  ['a split with its rules', [A, split('tờ 1–20', 'các tờ còn lại'), NEW_A, NEW_C]],
  ['a unit that joined one that had been there', [unit('10001', 'Xã A', '2000-01-01', null), B]],
  ['one that passed to another province, meant so', [A, { ...B, provinceCode: '80', acrossProvinces: true }, NEW_A]],
])('%s is right', (_what, units) => {
  expect(unitMapProblems(units)).toEqual([])
})

describe('refused with its name', () => {
  test.each<[string, MapUnit[], RegExp]>([
    ['a code that is none', [unit('1A', 'Xã A', next, null)], /^1A Xã A .*năm chữ số$/],
    ['a day that is none', [unit('10001', 'Xã A', '2025-02-30', null)], /2025-02-30.*không phải ngày/],
    ['an end before the beginning', [unit('10001', 'Xã A', next, last, '10001')], /trước khi có hiệu lực/],
    ['two meanings on one day', [A, B, unit('10001', 'Xã A mới', '2025-06-15', null)], /^10001 Xã A mới .*chồng thời gian/],
    ['two meanings from one day', [NEW_A, unit('10001', 'Xã Khác', next, null)], /chồng thời gian/],
    ['a meaning after one that never ends', [unit('10001', 'Xã A', '2000-01-01', null), NEW_A], /chồng thời gian/],
    [
      'days on which a code means nothing',
      [{ ...A, successors: [{ code: '10003' }] }, unit('10001', 'Xã A mới', '2025-08-01', null), NEW_C],
      /trống từ 2025-07-01 đến 2025-07-31/,
    ],
    ['an end without a successor', [A, { ...B, successors: [] }, NEW_A], /^10002 Xã B .*không có đơn vị kế thừa$/],
    [
      'a successor that is not there on the next day',
      [A, { ...B, successors: [{ code: '10009' }] }, NEW_A],
      /10009 không có hiệu lực vào ngày 2025-07-01/,
    ],
    ['a successor while it is in force', [{ ...NEW_A, successors: [{ code: '10003' }] }, NEW_C], /còn hiệu lực mà đã có đơn vị kế thừa/],
    [
      'one successor twice',
      [
        A,
        {
          ...B,
          successors: [
            { code: '10001', rule: 'x' },
            { code: '10001', rule: 'y' },
          ],
        },
        NEW_A,
      ],
      /ghi hai lần/,
    ],
    ['another province, not meant so', [A, { ...B, provinceCode: '80' }, NEW_A], /tỉnh khác \(82 Đồng Tháp\)/],
    ['a split with no rule for one part', [A, split('tờ 1–20'), NEW_A, NEW_C], /phần của 10003 phải có quy tắc/],
    [
      'a circle',
      [unit('10001', 'Xã A', '2000-01-01', last, '10002'), unit('10002', 'Xã B', '2000-01-01', last, '10001')],
      /vòng tròn: 10001 .* → 10002 .* → 10001/,
    ],
    ['itself as its successor', [unit('10001', 'Xã A', '2000-01-01', last, '10001')], /vòng tròn/],
  ])('%s', (_what, units, problem) => {
    expect(unitMapProblems(units).filter((one) => problem.test(one))).toHaveLength(1)
  })
})
