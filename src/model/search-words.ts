import { foldText } from './fold-text.js'

/** A word that is looked for: the pattern that says whether a text holds it, and the tokens (`search_tokens` in the database) of every text that does. */
export interface SearchWord {
  /** `LIKE` pattern over folded text. */
  readonly pattern: string
  readonly tokens:
    | { readonly kind: 'ALL_OF'; readonly tokens: readonly string[] }
    /** Any of the words, among all that dossiers have, that match the `LIKE` pattern. */
    | { readonly kind: 'ANY_LIKE'; readonly pattern: string }
}

/** Three letters or digits in a row: the least that is looked for anywhere in a word. */
const FINDABLE_ANYWHERE = /[\p{L}\p{N}]{3}/u

/** Words with one of these are found by three characters in a row. */
const DIGIT = /[0-9]/

/** No more of a word without digits leads to its tokens: a longer one is kept in pieces. */
const LONGEST_PIECE = 30

const escapeLike = (word: string): string => word.replace(/[\\%_]/g, '\\$&')

const triplesOf = (text: string): string[] => {
  const characters = [...text]
  return characters.slice(2).map((_, place) => ` ${characters.slice(place, place + 3).join('')}`)
}

/**
 * The words of a search: every one must be found, in any order. A word is found anywhere, also within another one; a short one (Lê, Võ, 12) only
 * where a word begins. What holds no letter and no digit is no word.
 */
export const searchWords = (text: string): SearchWord[] =>
  foldText(text)
    .split(' ')
    .filter((word) => /[\p{L}\p{N}]/u.test(word))
    .map((word) => {
      const anywhere = FINDABLE_ANYWHERE.test(word)
      const pattern = `${anywhere ? '%' : '% '}${escapeLike(word)}%`
      const { length } = [...word]
      if (!anywhere && length <= 2) return { pattern, tokens: { kind: 'ALL_OF', tokens: [`${' '.repeat(4 - length)}${word}`] } }
      if (DIGIT.test(word)) return { pattern, tokens: { kind: 'ALL_OF', tokens: triplesOf(anywhere ? word : ` ${word}`) } }
      const piece = escapeLike([...word].slice(0, LONGEST_PIECE).join(''))
      return { pattern, tokens: { kind: 'ANY_LIKE', pattern: `${anywhere ? '%' : ''}${piece}%` } }
    })
