import { type SearchWord, searchWords } from '../model/search-words.js'
import type { Parameters } from './scope.js'

/** Words that are looked for in a dossier's search text. Every one must be found, in any order. */
export interface WantedWords {
  /** Words of the applicant's name. */
  readonly applicant?: string
  /** Words of anything. */
  readonly text?: string
  /** False: words are not looked for among persons, whom the searcher may not see. */
  readonly findsPersons: boolean
}

/** SQL: conditions on `s`, a row of `dossier_search`. */
export interface WordConditions {
  /** Whether it holds the words: for rows that are at hand. */
  readonly holds: string
  /** The same, led by an index of tokens, in the units of this SQL of ids; null: in all. Adds parameters: to be asked for where it is used. */
  readonly found: (units: string | null) => string
}

/**
 * Six digits in a row are one person's, one telephone's, one paper's, or at most those of who was born in one year. Fewer may stand in half of all dossiers:
 * identity numbers of a province begin alike (082, century and sex, year of birth), and a year stands in summaries.
 */
const RARE = /\d{6}/
const DIGIT = /\d/

/**
 * The words that the index is asked for, those in fewest dossiers first: it goes from one that holds the first to the next, and asks the others only for
 * these. Numbers come before names, and of a name the last word before the surname. Beside six digits nothing else is asked for, and beside a
 * number one name: the others would cost more than the rows that they spare.
 */
const leadingOf = (words: readonly SearchWord[]): SearchWord[] => {
  const rare = words.filter(({ pattern }) => RARE.test(pattern))
  if (rare.length > 0) return rare
  const numbers = words.filter(({ pattern }) => DIGIT.test(pattern)).sort((a, b) => b.pattern.length - a.pattern.length)
  const names = words.filter(({ pattern }) => !DIGIT.test(pattern)).reverse()
  return [...numbers, ...names.slice(0, numbers.length > 0 ? 1 : undefined)]
}

const TOKENS_EVERYWHERE = 'search_tokens(s.unit_id, s.persons || s.papers)'
const TOKENS_OF_PAPERS = 'search_tokens(s.unit_id, s.papers)'

/**
 * Null when no words are given. Patterns and tokens stand in sub-selects, so that the planner does not guess from them how many rows they match: it guesses
 * wrongly. The tokens lead to what may hold the words, the patterns say what does.
 */
export const holdsWords = (wanted: WantedWords, parameters: Parameters): WordConditions | null => {
  const { applicant, text, findsPersons } = wanted
  if (applicant === undefined && text === undefined) return null
  const given = (value: unknown, type: string): string => `(SELECT ${parameters.add(value)}::${type})`
  const tokens = findsPersons || applicant !== undefined ? TOKENS_EVERYWHERE : TOKENS_OF_PAPERS
  const leads = ({ tokens: asked }: SearchWord): string =>
    asked.kind === 'ALL_OF'
      ? `${tokens} @> ${given(asked.tokens, 'text[]')}`
      : `${tokens} && ARRAY(SELECT k.word FROM search_word k WHERE k.word LIKE ${given(asked.pattern, 'text')})`
  const anywhere = (pattern: string): string =>
    findsPersons ? `(s.persons LIKE ${pattern} OR s.papers LIKE ${pattern})` : `s.papers LIKE ${pattern}`
  // The name stands alone on the first line.
  const inName = (pattern: string): string => `s.persons LIKE ${pattern} || E'\\n%'`

  const words = [
    ...searchWords(text ?? '').map((word) => ({ word, place: anywhere })),
    ...searchWords(applicant ?? '').map((word) => ({ word, place: inName })),
  ]
  const nothing = [text, applicant].some((one) => one !== undefined && searchWords(one).length === 0)
  if (nothing) return { holds: 'FALSE', found: () => 'FALSE' }
  const holds = words.map(({ word, place }) => place(given(word.pattern, 'text'))).join(' AND ')
  const leading = leadingOf(words.map(({ word }) => word))
  const within = (units: string): string => `${tokens} && ARRAY(SELECT E'\\t' || w.id FROM (${units}) w)`
  return {
    holds,
    found: (units) => [...leading.map(leads), ...(units === null ? [] : [within(units)]), holds].join(' AND '),
  }
}

/** Whether so few dossiers hold the words that the index is asked at once. */
export const areRare = ({ text = '', applicant = '' }: Pick<WantedWords, 'text' | 'applicant'>): boolean =>
  RARE.test(text) || RARE.test(applicant)

/** One word with a digit in it is a number of a paper, never a name. */
const PAPER_NUMBER = /^(?=.*\d)[0-9A-Za-z-]+$/

/** What was asked of an applicant: an exact identity number, or words of a name. */
export const readApplicant = (asked: string | undefined): { idNumber?: string; name?: string } => {
  const wanted = asked?.trim()
  if (wanted === undefined) return {}
  return PAPER_NUMBER.test(wanted) ? { idNumber: wanted } : { name: wanted }
}
