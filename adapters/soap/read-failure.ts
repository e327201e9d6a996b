import type { EarlyRefusal } from '../../src/model/failure-code.js'
import type { ReadFailure } from '../../src/model/read-failure.js'
import type { NoAnswerCause } from './call-result.js'
import type { CallFailure } from './failure-sentence.js'
import { type FaultTable, saidBefore } from './fault-table.js'

const OF_NO_ANSWER: Readonly<Record<NoAnswerCause, ReadFailure>> = {
  TIMEOUT: 'TIMEOUT',
  RESET: 'CUT',
  ABORTED: 'NOT_ASKED',
  BROKEN_REPLY: 'BROKEN_REPLY',
  TOO_LARGE: 'TOO_LARGE',
  WRONG_CONTENT_TYPE: 'WRONG_CONTENT_TYPE',
  HOSTILE_XML: 'HOSTILE_XML',
  OTHER_ANSWER: 'OTHER_ANSWER',
  NOT_UNDERSTOOD: 'NOT_UNDERSTOOD',
}

const OF_STATUS: Readonly<Record<number, ReadFailure>> = {
  401: 'CREDENTIALS',
  403: 'CREDENTIALS',
  429: 'SLOW_DOWN',
  502: 'OUT_OF_SERVICE',
  503: 'OUT_OF_SERVICE',
  504: 'OUT_OF_SERVICE',
}

/** Of what a system says before it has processed anything. */
const OF_REFUSAL: Readonly<Record<EarlyRefusal, ReadFailure>> = {
  CREDENTIALS: 'CREDENTIALS',
  NO_RIGHT: 'NO_RIGHT',
  CLOSED: 'CLOSED',
  BUSY: 'BUSY',
  NO_SERVICE: 'FAULT',
  WRONG_FORM: 'FAULT',
}

/** The kind of a read that got no reply. */
export const readFailureOf = (result: CallFailure, table: FaultTable): ReadFailure => {
  switch (result.kind) {
    case 'NOT_SENT':
      return result.why === 'UNREACHABLE' ? 'UNREACHABLE' : 'NOT_ASKED'
    case 'NO_ANSWER':
      return OF_NO_ANSWER[result.cause]
    case 'HTTP_ERROR':
      return OF_STATUS[result.status] ?? 'HTTP_ERROR'
    case 'FAULT':
      return OF_REFUSAL[saidBefore(result.fault, table)?.means ?? 'WRONG_FORM']
  }
}
