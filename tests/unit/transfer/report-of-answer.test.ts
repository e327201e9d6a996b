import { expect, test } from '@jest/globals'
import { reportOfAnswer } from '../../../src/transfer/report-of-answer.js'

const CALLED = { elapsedMs: 5 }
const unknown = (code: string) => ({ kind: 'UNKNOWN' as const, code, cause: 'vì sao' })

test.each(['UNTOLD', 'NOT_COMPARABLE', 'OTHER_KEY', 'MAPPING_MISSING'])('an answer that tells too little (%s) is an answer', (code) => {
  expect(reportOfAnswer(unknown(code), CALLED)).toEqual({ kind: 'ANSWERED' })
})

test.each(['TIMEOUT', 'HTTP_503', 'FAULT_Server', 'OTHER_DOSSIER', 'INTERNAL'])(
  'none, or one to something else (%s), is a failure',
  (code) => {
    expect(reportOfAnswer(unknown(code), CALLED)).toEqual({ kind: 'FAILED', cause: 'vì sao', code })
  },
)

test('of a system that was not called nothing is said, and what is clear was answered', () => {
  expect(reportOfAnswer(unknown('NO_INQUIRY'), {})).toEqual({ kind: 'SILENT' })
  expect(reportOfAnswer({ kind: 'SAME' }, CALLED)).toEqual({ kind: 'ANSWERED' })
})
