import { describe, expect, it } from '@jest/globals'
import { foldText } from '../../../src/model/fold-text.js'
import { searchWords } from '../../../src/model/search-words.js'

const searchPatterns = (text: string): string[] => searchWords(text).map(({ pattern }) => pattern)

describe('folded text', () => {
  it('has no diacritics, no đ, no capitals and single spaces, from either normal form', () => {
    const text = '  ĐẶNG Thị\tNgọc   Ánh, đường Ước '
    expect(foldText(text)).toBe('dang thi ngoc anh, duong uoc')
    expect(foldText(text.normalize('NFD'))).toBe(foldText(text))
  })

  it('becomes patterns that match signs of LIKE as themselves', () => {
    expect(searchPatterns('Ánh 500%_\\')).toEqual(['%anh%', '%500\\%\\_\\\\%'])
    expect(searchPatterns('   ')).toEqual([])
  })

  it('finds a word of fewer than three letters where one begins, and takes signs alone for no word', () => {
    expect(searchPatterns('Lê - 12 d_ng % Hoà')).toEqual(['% le%', '% 12%', '% d\\_ng%', '%hoa%'])
  })
})
