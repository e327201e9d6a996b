import { describe, expect, test } from '@jest/globals'
import type { CallAnswer } from '../../../adapters/soap/call-result.js'
import { type FaultTable, toldBefore, WSSE_BEFORE } from '../../../adapters/soap/fault-table.js'
import type { SoapFault } from '../../../adapters/soap/faults.js'
import { outcomeOfCall } from '../../../adapters/soap/outcome-of.js'
import { parseRetryAfter } from '../../../adapters/soap/retry-after.js'

const TABLE: FaultTable = {
  system: 'VILIS',
  beforeProcessing: {
    ...WSSE_BEFORE,
    'Server.Busy': { means: 'BUSY' },
    MAINTENANCE: { means: 'CLOSED', cause: 'ViLIS đang bảo trì' },
    NO_RIGHT_TO_IT: { means: 'NO_RIGHT', cause: 'Chưa có quyền', ofOneOperation: true },
  },
  rejections: { E104: { reason: 'Số biên nhận không đúng', field: 'SoBienNhan' }, BadDossier: {}, BadSchema: { side: 'OURS' } },
  statusesBeforeProcessing: [429, 503],
}

function fault(code: string, subcode?: string): CallAnswer {
  const value: SoapFault = { version: '1.1', code, reason: 'their words', detailFields: {}, ...(subcode !== undefined && { subcode }) }
  return { kind: 'FAULT', fault: value, httpStatus: 500 }
}

function outcome(answer: CallAnswer, table = TABLE) {
  if (answer.kind === 'REPLY') throw new Error('a reply is for the adapter')
  return outcomeOfCall({ ...answer, evidence: { requestXml: '', elapsedMs: 1 } }, table)
}

describe('UNAVAILABLE: surely not processed', () => {
  test.each<[string, CallAnswer, object]>([
    [
      'no connection',
      { kind: 'NOT_SENT', why: 'UNREACHABLE', cause: 'ECONNREFUSED' },
      { code: 'ECONNREFUSED', cause: 'Không kết nối được tới ViLIS: máy chủ từ chối kết nối (ECONNREFUSED).' },
    ],
    ['no free connection in time', { kind: 'NOT_SENT', why: 'DEADLINE', cause: 'total deadline' }, { code: 'DEADLINE' }],
    ['a declared status, with its wait', { kind: 'HTTP_ERROR', status: 503, retryAfterMs: 5000 }, { code: 'HTTP_503', retryAfterMs: 5000 }],
    [
      '401 names the credentials',
      { kind: 'HTTP_ERROR', status: 401 },
      { code: 'HTTP_401', cause: 'ViLIS không chấp nhận tài khoản của cổng liên thông (HTTP 401).' },
    ],
    ['a declared fault', fault('Server.Busy'), { code: 'BUSY', cause: 'ViLIS báo lỗi: “their words” (SOAP fault Server.Busy, HTTP 500).' }],
    [
      'a declared fault with what it means, and their words',
      fault('Server.MAINTENANCE'),
      { code: 'CLOSED', cause: 'ViLIS đang bảo trì: “their words” (MAINTENANCE).' },
    ],
    [
      'a right that is missing for one operation',
      fault('Client.NO_RIGHT_TO_IT'),
      { code: 'NO_RIGHT', cause: 'Chưa có quyền: “their words” (NO_RIGHT_TO_IT).', shows: 'ANSWERED' },
    ],
    ['a declared fault by its subcode', fault('Sender', 'FailedAuthentication'), { code: 'CREDENTIALS' }],
  ])('%s', (_name, answer, more) => {
    expect(outcome(answer)).toMatchObject({ kind: 'UNAVAILABLE', ...more })
  })
})

describe('INDETERMINATE: may have been processed', () => {
  test.each<[string, string, CallAnswer]>([
    ['an undeclared status', 'HTTP_500', { kind: 'HTTP_ERROR', status: 500 }],
    ['an undeclared 502', 'HTTP_502', { kind: 'HTTP_ERROR', status: 502, retryAfterMs: 1 }],
    ['an unknown fault', 'FAULT_Server', fault('Server')],
    ['an unknown client fault', 'FAULT_Client', fault('Client')],
    ['a fault without a code', 'FAULT_NONE', fault('')],
    ['no answer in time', 'TIMEOUT', { kind: 'NO_ANSWER', cause: 'TIMEOUT', detail: 'total deadline' }],
    ['a reset', 'RESET', { kind: 'NO_ANSWER', cause: 'RESET', detail: 'ECONNRESET' }],
    ['hostile XML', 'HOSTILE_XML', { kind: 'NO_ANSWER', cause: 'HOSTILE_XML', detail: 'DTD' }],
    ['the answer to another request', 'OTHER_ANSWER', { kind: 'NO_ANSWER', cause: 'OTHER_ANSWER', detail: 'id' }],
  ])('%s (%s)', (_name, code, answer) => {
    expect(outcome(answer)).toMatchObject({ kind: 'INDETERMINATE', code })
  })

  test('503 of a system that does not declare it', () => {
    expect(outcome({ kind: 'HTTP_ERROR', status: 503 }, { ...TABLE, statusesBeforeProcessing: [] }).kind).toBe('INDETERMINATE')
  })
})

test('REJECTED: by the table, with our field, with whose side it is on; with their words', () => {
  expect(outcome(fault('Client.E104'))).toEqual({
    kind: 'REJECTED',
    code: 'E104',
    reason: 'Số biên nhận không đúng: “their words”.',
    field: 'SoBienNhan',
  })
  expect(outcome(fault('Sender', 'BadDossier'))).toEqual({ kind: 'REJECTED', code: 'BadDossier', reason: '“their words”' })
  expect(outcome(fault('Client.BadSchema'))).toEqual({ kind: 'REJECTED', code: 'BadSchema', reason: '“their words”', side: 'OURS' })
  expect(outcome(fault('constructor')).kind).toBe('INDETERMINATE')
})

test('the code of a readable reply means what the same fault does, and every other one is no matter of the table', () => {
  expect(toldBefore(TABLE, 'MAINTENANCE', 'MaLoi MAINTENANCE')).toEqual({
    kind: 'UNAVAILABLE',
    code: 'CLOSED',
    cause: 'ViLIS đang bảo trì (MaLoi MAINTENANCE).',
  })
  expect(toldBefore(TABLE, 'NO_RIGHT_TO_IT', 'NO_RIGHT_TO_IT')).toMatchObject({ code: 'NO_RIGHT', shows: 'ANSWERED' })
  expect(toldBefore(TABLE, 'E104', 'E104')).toBeUndefined()
  expect(toldBefore(TABLE, 'constructor', 'constructor')).toBeUndefined()
})

test('rejections may be a function of the whole fault', () => {
  const table: FaultTable = {
    system: 'VILIS',
    beforeProcessing: {},
    rejections: ({ code }) => (code === 'X' ? { code: 'ours' } : undefined),
    statusesBeforeProcessing: [],
  }
  expect(outcome(fault('X'), table)).toMatchObject({ kind: 'REJECTED', code: 'ours' })
  expect(outcome(fault('Y'), table).kind).toBe('INDETERMINATE')
})

test('NOT_SENT: a body that does not fit the contract is held, not retried', () => {
  const answer: CallAnswer = { kind: 'NOT_SENT', why: 'BODY_INVALID', cause: 'Code is missing', field: 'Code' }
  expect(outcome(answer)).toEqual({
    kind: 'NOT_SENT',
    code: 'BODY_INVALID',
    reason: 'Nội dung không đúng hợp đồng dịch vụ của ViLIS, chưa gửi (Code is missing).',
    field: 'Code',
  })
})

test.each([
  ['120', 120_000],
  ['0', 0],
  ['Sun, 15 Mar 2026 00:00:30 GMT', 30_000],
  ['Sun, 15 Mar 2020 00:00:00 GMT', 0],
  ['99999999999999999999', 86_400_000],
  ['-5', undefined],
  ['1e3', undefined],
  ['soon', undefined],
  ['', undefined],
  [undefined, undefined],
])('Retry-After %p is %p ms', (header, expected) => {
  expect(parseRetryAfter(header, Date.UTC(2026, 2, 15))).toBe(expected)
})
