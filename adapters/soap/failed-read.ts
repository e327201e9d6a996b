import { withoutTheirWords } from '../../src/model/their-words.js'
import type { FailedRead } from '../../src/ports/failed-read.js'
import type { NoAnswerCause } from './call-result.js'
import type { CallFailure } from './failure-sentence.js'
import { describeFailure, type FaultTable, saidBefore } from './fault-table.js'
import { readFailureOf } from './read-failure.js'
import { isSpoiltByRow } from './spoilt-page.js'

/** Faults that lay the blame on who asks: `Client` in SOAP 1.1, `Sender` in 1.2. */
const OF_WHO_ASKS = /^(Client|Sender)(\.|$)/

/** A read that got no reply, and what that shows of the system's health. Shown and logged beside no dossier: without their words. */
export const failedRead = (table: FaultTable, result: CallFailure): FailedRead => {
  const { code, cause } = describeFailure(result, table)
  const failed = { kind: 'FAILED', code, cause: withoutTheirWords(cause) } as const
  if (result.kind === 'FAULT' && (OF_WHO_ASKS.test(result.fault.code) || saidBefore(result.fault, table)?.ofOneOperation))
    return { ...failed, shows: 'ANSWERED' }
  if (result.kind === 'NOT_SENT' && result.why === 'BODY_INVALID') return { ...failed, shows: 'SILENT' }
  return failed
}

/** The same of several rows that were asked for by their keys: one that nobody can read says nothing of the system's health. */
export const failedRows = (table: FaultTable, result: CallFailure, row: string): FailedRead => ({
  ...failedRead(table, result),
  why: readFailureOf(result, table),
  ...(isSpoiltByRow(result, row) && { shows: 'ANSWERED', spoiltByRow: true }),
  ...(isOverKey(table, result) && { spoiltByRow: true }),
})

/** Refused over something that was asked for, or perhaps so. Not what this system says of whoever asks. */
const isOverKey = (table: FaultTable, result: CallFailure): boolean => {
  if (result.kind === 'FAULT') return OF_WHO_ASKS.test(result.fault.code) && saidBefore(result.fault, table) === undefined
  return result.kind === 'NOT_SENT' && result.why === 'BODY_INVALID'
}

/** The same of a page of so many rows, which a smaller one may get around. */
export const failedPage = (table: FaultTable, result: CallFailure, rows: number): FailedRead => ({
  ...failedRead(table, result),
  ...(result.kind === 'NO_ANSWER' && TOO_MUCH.has(result.cause) && { tooManyRows: rows }),
})

const TOO_MUCH: ReadonlySet<NoAnswerCause> = new Set(['TIMEOUT', 'TOO_LARGE'])
