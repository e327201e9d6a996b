import type { CauseSide } from './cause-side.js'
import type { Operation } from './system.js'

/**
 * Nguyên nhân lỗi: failures that have the same fingerprint are one cause, however many dossiers it has hit. The fingerprint is what does not
 * change from one dossier to the next: operation (so also system), kind, code and field. What the other side gives as its code or field is cleaned
 * first, for it may hold a dossier's number: else each dossier would be a cause of its own, and its title would name somebody.
 */
export const CAUSE_KINDS = ['REJECTED', 'UNAVAILABLE', 'INDETERMINATE', 'CONFLICT', 'NOT_SENT', 'UNKNOWN', 'HELD', 'LOST'] as const
/** An outcome's or an answer's kind; HELD: without a call that failed; LOST: whoever had it in hand is gone, or our own record of it. */
export type CauseKind = (typeof CAUSE_KINDS)[number]

/** What one attempt, or the holding of one transfer, failed by. */
export interface Failure {
  readonly kind: CauseKind
  readonly code: string
  readonly field?: string
  /** Where the adapter knows it of this code. */
  readonly side?: CauseSide
}

export interface CauseKey {
  readonly operation: Operation
  readonly kind: CauseKind
  readonly code: string
  readonly field: string | null
}

/** With the side that the adapter named when it was first met; none: its class says whose it is (`cause-classes.ts`). Not of the fingerprint. */
export interface KnownCause extends CauseKey {
  readonly side?: CauseSide | null
}

/** So many causes of one operation may be new within an hour; what fails by further ones then is one cause, with this code. */
export const MOST_NEW_CAUSES = 50
export const OTHER_CODES = 'OTHER_CODES'

const LONGEST_CODE = 64
const LONGEST_FIELD = 120
const NO_CODE = 'NONE'
/** What holds a space is a sentence and no code: it may say anything of anybody. */
const PROSE = 'PROSE'
const DOSSIER_CODE = /\p{L}\d\d(?:\.\d\d)+-\d{6}-\d+/gu
/** Of one request or record: a UUID, or hexadecimal digits in a row of which some are numbers. */
const RECORD_ID = /[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}|(?=[a-f]*\d)[\da-f]{12,}/gi
/** Of a person, a telephone, an instant. */
const LONG_NUMBER = /\d{9,}/g

const cleaned = (text: string, longest: number): string =>
  text
    .normalize('NFC')
    .replace(/\[\d+\]/g, '[]')
    .replace(DOSSIER_CODE, '#')
    .replace(RECORD_ID, '#')
    .replace(LONG_NUMBER, '#')
    .replace(/[^\p{L}\p{N}_.:,#[\]-]+/gu, '_')
    .slice(0, longest)

/** What we could not prepare is named by ourselves, and each missing code is a cause of its own: it is left as it is. */
const fieldOf = ({ kind, field }: Failure): string | null => {
  if (!field) return null
  return kind === 'NOT_SENT' ? field.replace(/\[\d+\]/g, '[]').slice(0, LONGEST_FIELD) : cleaned(field, LONGEST_FIELD)
}

const codeOf = (code: string): string => {
  const given = code.trim()
  if (given === '') return NO_CODE
  return /\s/u.test(given) ? PROSE : cleaned(given, LONGEST_CODE)
}

export const causeKeyOf = (operation: Operation, failure: Failure): CauseKey => ({
  operation,
  kind: failure.kind,
  code: codeOf(failure.code),
  field: fieldOf(failure),
})
