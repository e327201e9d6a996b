import { expect, test } from '@jest/globals'
import { restrictionKindOf } from '../../../src/model/land-restriction.js'

test.each([
  ['Thế chấp QSDĐ của Nguyễn Văn An và hộ Lê Văn Tám tại Agribank', 'Thế chấp'],
  ['Đã xóa thế chấp ngày 02/03/2026 của bà Lê Thị B', 'Xóa thế chấp'],
  ['GIẢI CHẤP theo đơn', 'Xóa thế chấp'],
  ['Kê biên theo QĐ 12 đối với ông Trần Văn C', 'Kê biên'],
  ['Đang tranh chấp với hộ liền kề', 'Tranh chấp'],
  ['Ngăn chặn giao dịch', 'Ngăn chặn giao dịch'],
  ['Thuộc quy hoạch đường giao thông', 'Quy hoạch'],
  ['Theo thỏa thuận của Trần Văn D', 'Có hạn chế khác'],
  ['', 'Có hạn chế khác'],
])('of the text %p the kind alone is told', (text, kind) => {
  expect(restrictionKindOf(text)).toBe(kind)
})
