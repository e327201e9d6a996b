import { describe, expect, test } from '@jest/globals'
import { isLikeUnitName, isSameSpelling, meansUnitName } from '../../../src/model/unit-name.js'

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
})

test('a spelling includes the rank', () => {
  expect(isSameSpelling('Xã Lương Hoà Lạc', 'Xã Lương Hòa Lạc')).toBe(true)
  expect(isSameSpelling('Thị trấn Chợ Gạo', 'Xã Chợ Gạo')).toBe(false)
})
