import { expect, test } from '@jest/globals'
import { restrictionKindOf, restrictionKindsOf } from '../../../src/model/land-restriction.js'

test.each([
  ['Thế chấp QSDĐ của Nguyễn Văn An và hộ Lê Văn Tám tại Agribank', 'Thế chấp'],
  ['Kê biên theo QĐ 12 đối với ông Trần Văn C', 'Kê biên'],
  ['Đang tranh chấp với hộ liền kề', 'Tranh chấp'],
  ['Ngăn chặn giao dịch', 'Ngăn chặn giao dịch'],
  ['Thuộc quy hoạch đường giao thông', 'Quy hoạch'],
  ['Theo thỏa thuận của Trần Văn D', 'Có ghi chú khác về hạn chế'],
])('of the text %p the kind alone is told', (text, kind) => {
  expect(restrictionKindOf(text)).toBe(kind)
})

test.each([
  ['Đã xóa thế chấp ngày 02/03/2026 của bà Lê Thị B', 'Thế chấp'],
  ['Đang thế chấp tại NH X, chưa xóa đăng ký thế chấp', 'Thế chấp'],
  ['GIẢI CHẤP theo đơn', 'Thế chấp'],
  ['Đã giải tỏa kê biên', 'Kê biên'],
  ['Hủy ngăn chặn', 'Ngăn chặn giao dịch'],
  ['Hết tranh chấp', 'Tranh chấp'],
])('of the text %p, which tells of a lifting or of none, only that there is a note', (text, kind) => {
  expect(restrictionKindOf(text)).toBe(`Có ghi chú về: ${kind}`)
})

test('what says that there is none is none, and each kind stands once', () => {
  expect(restrictionKindsOf(['', ' ', 'Không', 'không có', 'Không có hạn chế.', '-'])).toEqual([])
  expect(restrictionKindsOf(['Thế chấp A', 'Thế chấp B', 'Kê biên', 'Không'])).toEqual(['Thế chấp', 'Kê biên'])
})
