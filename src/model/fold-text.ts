/** Combining marks of every script with capitals, and variation selectors: `fold_text` of the database names the same. */
const MARKS = /[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f]+/g

/**
 * Bỏ dấu: text in lower case without diacritics, as `dossier_search` keeps it, so that "nguyen van" finds "Nguyễn Văn". Letters are
 * compared in their decomposed form; đ has no decomposition and is named, and a sigma is the same at a word's end. Runs of white space become one space.
 */
export const foldText = (text: string): string =>
  text.normalize('NFD').replace(MARKS, '').replace(/[đĐ]/g, 'd').toLowerCase().replace(/ς/g, 'σ').replace(/\s+/g, ' ').trim()

/** Three letters or digits in a row: the least that an index on trigrams can look up anywhere in a word. */
const FINDABLE_ANYWHERE = /[\p{L}\p{N}]{3}/u

/**
 * The words of a search as `LIKE` patterns over folded text: every one must be found, in any order. A word is found anywhere, also within another
 * one; a short one (Lê, Võ, 12) only where a word begins. What holds no letter and no digit is no word.
 */
export const searchPatterns = (text: string): string[] =>
  foldText(text)
    .split(' ')
    .filter((word) => /[\p{L}\p{N}]/u.test(word))
    .map((word) => `${FINDABLE_ANYWHERE.test(word) ? '%' : '% '}${word.replace(/[\\%_]/g, '\\$&')}%`)
