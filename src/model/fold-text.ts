/** Combining marks of every script with capitals, and variation selectors: `fold_text` of the database names the same. */
const MARKS = /[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f]+/g

/**
 * Bỏ dấu: text in lower case without diacritics, as `dossier_search` keeps it, so that "nguyen van" finds "Nguyễn Văn". Letters are
 * compared in their decomposed form; đ has no decomposition and is named, and a sigma is the same at a word's end. Runs of white space become one space.
 */
export const foldText = (text: string): string =>
  text.normalize('NFD').replace(MARKS, '').replace(/[đĐ]/g, 'd').toLowerCase().replace(/ς/g, 'σ').replace(/\s+/g, ' ').trim()
