/**
 * Bỏ dấu: text in lower case without diacritics, as `search_text` keeps it, so that "nguyen van" finds "Nguyễn Văn". Letters are
 * compared in their decomposed form; đ has no decomposition and is named. Runs of white space become one space.
 */
export const foldText = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/\p{M}+/gu, '')
    .replace(/[đĐ]/g, 'd')
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .trim()

/** The words of a search as `LIKE` patterns over folded text: every one must be found, in any order. */
export const searchPatterns = (text: string): string[] =>
  foldText(text)
    .split(' ')
    .filter((word) => word !== '')
    .map((word) => `%${word.replace(/[\\%_]/g, '\\$&')}%`)
