import { describe, expect, it } from '@jest/globals'
import { foldText, searchPatterns } from '../../../src/model/fold-text.js'

describe('folded text', () => {
  it('has no diacritics, no đ, no capitals and single spaces, from either normal form', () => {
    const text = '  ĐẶNG Thị\tNgọc   Ánh, đường Ước '
    expect(foldText(text)).toBe('dang thi ngoc anh, duong uoc')
    expect(foldText(text.normalize('NFD'))).toBe(foldText(text))
  })

  it('becomes patterns that match signs of LIKE as themselves', () => {
    expect(searchPatterns('Ánh 50%_\\')).toEqual(['%anh%', '%50\\%\\_\\\\%'])
    expect(searchPatterns('   ')).toEqual([])
  })
})
