import { describe, expect, test } from '@jest/globals'
import { isLikeUnitName, isSameSpelling, unitsMeant } from '../../../src/model/unit-name.js'

const meansUnitName = (asked: string, name: string): boolean => unitsMeant(asked, [{ name }]).length > 0

describe('a name is the same', () => {
  test.each([
    ['with the tone mark on the other vowel', 'Lương Hoà Lạc', 'Xã Lương Hòa Lạc'],
    ['with the tone mark on the other vowel of uy', 'An Thạnh Thuỷ', 'Xã An Thạnh Thủy'],
    ['decomposed', 'Xã Lương Hòa Lạc'.normalize('NFD'), 'Xã Lương Hòa Lạc'],
    ['decomposed and with the tone mark elsewhere', 'XÃ LƯƠNG HOÀ LẠC'.normalize('NFD'), 'Xã Lương Hòa Lạc'],
    ['with more spaces', '  xã   Quơn  Long ', 'Xã Quơn Long'],
    ['without its rank', 'Chợ Gạo', 'Thị trấn Chợ Gạo'],
    ['with its rank shortened', 'TT. Chợ Gạo', 'Thị trấn Chợ Gạo'],
    ['without any diacritics', 'an thanh thuy', 'Xã An Thạnh Thủy'],
    ['with diacritics in its last word alone', 'an thanh thuỷ', 'Xã An Thạnh Thủy'],
    ['with diacritics in its first word alone, with the rank', 'xã lương hoa lac', 'Xã Lương Hòa Lạc'],
    ['without any diacritics, with the rank', 'Xa Dang Hung Phuoc', 'Xã Đăng Hưng Phước'],
    ['when it begins like a rank', 'Phương Liên', 'Phường Phương Liên'],
    ['when it begins like a rank and has no diacritics', 'phuong lien', 'Phường Phương Liên'],
  ])('%s', (_how, asked, name) => {
    expect(meansUnitName(asked, name)).toBe(true)
    expect(isLikeUnitName(asked, name)).toBe(true)
  })
})

test('another diacritic is another name for who asks, and a slip beside a code', () => {
  expect(meansUnitName('Bình Phán', 'Xã Bình Phan')).toBe(false)
  expect(meansUnitName('Tân Thạnh', 'Xã Tân Thành')).toBe(false)
  expect(isLikeUnitName('Bình Phán', 'Xã Bình Phan')).toBe(true)
  expect(meansUnitName('Hòa', 'Xã Trung Hòa')).toBe(false)
  expect(meansUnitName('an thành thuỷ', 'Xã An Thạnh Thủy')).toBe(false)
})

test('a name that is spelt as it was asked for goes before those that only read so', () => {
  const units = [{ name: 'Xã Bình Phán' }, { name: 'Xã Bình Phan' }]
  expect(unitsMeant('bình phan', units)).toEqual([{ name: 'Xã Bình Phan' }])
  expect(unitsMeant('bình phan', units.slice(0, 1))).toEqual([{ name: 'Xã Bình Phán' }])
  expect(unitsMeant('binh phan', units)).toEqual(units)
})

test('a spelling includes the rank', () => {
  expect(isSameSpelling('Xã Lương Hoà Lạc', 'Xã Lương Hòa Lạc')).toBe(true)
  expect(isSameSpelling('Thị trấn Chợ Gạo', 'Xã Chợ Gạo')).toBe(false)
})
