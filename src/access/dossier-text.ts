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

const ALL = '(s.persons || s.papers)'
/** The name stands alone on the first line. */
const IN_NAME = `s.persons LIKE`
const NAME_ENDS = `|| E'\\n%'`

/**
 * SQL: condition on `s`, a row of `dossier_search`; null when no words are given. Patterns stand in a sub-select, so that the planner does not guess from
 * them how many rows they match: it guesses wrongly, and here a trigram index is asked only after a look at the list itself (`list-sql.ts`).
 * One `LIKE` a word: an index on trigrams serves those, and does not serve `LIKE ALL`.
 */
export const holdsWords = (wanted: WantedWords, parameters: Parameters): string | null => {
  const placeholder = (pattern: string): string => `(SELECT ${parameters.add(pattern)}::text)`
  const parts: string[] = []
  const { applicant, text, findsPersons } = wanted
  if (text !== undefined) {
    const where = findsPersons ? ALL : 's.papers'
    parts.push(
      searchPatterns(text)
        .map((pattern) => `${where} LIKE ${placeholder(pattern)}`)
        .join(' AND ') || 'FALSE',
    )
  }
  if (applicant !== undefined)
    parts.push(
      searchPatterns(applicant)
        .map(placeholder)
        .map((pattern) => `${ALL} LIKE ${pattern} AND ${IN_NAME} ${pattern} ${NAME_ENDS}`)
        .join(' AND ') || 'FALSE',
    )
  return parts.length === 0 ? null : parts.join(' AND ')
}

/** Four digits in a row stand in less than one dossier in a hundred, a year or a day among them. */
const RARE = /\d{4}/

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
