import { searchPatterns } from '../model/fold-text.js'
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

/** Where a word is looked for, and the same so written that no index is asked for it. */
const EVERYWHERE = ['(s.persons || s.papers)', `(s.persons || s.papers || '')`] as const
const AMONG_PAPERS = ['s.papers', `(s.papers || '')`] as const

/**
 * Seven digits in a row are one person's, one telephone's or one paper's. Fewer may stand in half of all dossiers: identity numbers of a province begin
 * alike (082, century and sex, year of birth), and a year stands in summaries.
 */
const RARE = /\d{7}/

/** The name stands alone on the first line. */
const IN_NAME = `s.persons LIKE`
const NAME_ENDS = `|| E'\\n%'`

/**
 * SQL: condition on `s`, a row of `dossier_search`; null when no words are given. Patterns stand in a sub-select, so that the planner does not guess from
 * them how many rows they match: it guesses wrongly, and here a trigram index is asked only after a look at the list itself (`list-sql.ts`). Beside
 * a rare word the index is not asked for the others: it would collect what half of all dossiers hold, to keep two.
 * One `LIKE` a word: an index on trigrams serves those, and does not serve `LIKE ALL`.
 */
export const holdsWords = (wanted: WantedWords, parameters: Parameters): string | null => {
  const { applicant, text, findsPersons } = wanted
  const placeholder = (pattern: string): string => `(SELECT ${parameters.add(pattern)}::text)`
  const passedOver = (pattern: string): 0 | 1 => (areRare(wanted) && !RARE.test(pattern) ? 1 : 0)
  const all = (patterns: readonly string[]): string => patterns.join(' AND ') || 'FALSE'
  const parts: string[] = []
  if (text !== undefined) {
    const places = findsPersons ? EVERYWHERE : AMONG_PAPERS
    parts.push(all(searchPatterns(text).map((pattern) => `${places[passedOver(pattern)]} LIKE ${placeholder(pattern)}`)))
  }
  if (applicant !== undefined)
    parts.push(
      all(
        searchPatterns(applicant).map((pattern) => {
          const given = placeholder(pattern)
          return `${EVERYWHERE[passedOver(pattern)]} LIKE ${given} AND ${IN_NAME} ${given} ${NAME_ENDS}`
        }),
      ),
    )
  return parts.length === 0 ? null : parts.join(' AND ')
}

/** Whether so few dossiers hold the words that the trigram index is asked at once. */
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
