import type { SystemId } from '../../src/model/system.js'
import { withoutTheirWords } from '../../src/model/their-words.js'
import type { FailedRead } from '../../src/ports/failed-read.js'
import type { NoAnswerCause } from './call-result.js'
import { type CallFailure, failureSentence } from './failure-sentence.js'
import { readFailureOf } from './read-failure.js'
import { isSpoiltByRow } from './spoilt-page.js'

/** Faults that lay the blame on who asks: `Client` in SOAP 1.1, `Sender` in 1.2. */
const OF_WHO_ASKS = /^(Client|Sender)(\.|$)/

/** A read that got no reply, and what that shows of the system's health. Shown and logged beside no dossier: without their words. */
export const failedRead = (system: SystemId, result: CallFailure): FailedRead => {
  const cause = withoutTheirWords(failureSentence(system, result))
  if (result.kind === 'FAULT' && OF_WHO_ASKS.test(result.fault.code)) return { kind: 'FAILED', cause, shows: 'ANSWERED' }
  if (result.kind === 'NOT_SENT' && result.why === 'BODY_INVALID') return { kind: 'FAILED', cause, shows: 'SILENT' }
  return { kind: 'FAILED', cause }
}

/** The same of several rows that were asked for by their keys: one that nobody can read says nothing of the system's health. */
export const failedRows = (system: SystemId, result: CallFailure, row: string): FailedRead => ({
  ...failedRead(system, result),
  why: readFailureOf(result),
  ...(isSpoiltByRow(result, row) && { shows: 'ANSWERED', spoiltByRow: true }),
})

/** The same of a page of so many rows, which a smaller one may get around. */
export const failedPage = (system: SystemId, result: CallFailure, rows: number): FailedRead => ({
  ...failedRead(system, result),
  ...(result.kind === 'NO_ANSWER' && TOO_MUCH.has(result.cause) && { tooManyRows: rows }),
})

const TOO_MUCH: ReadonlySet<NoAnswerCause> = new Set(['TIMEOUT', 'TOO_LARGE'])
