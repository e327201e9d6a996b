import { describe, expect, test } from '@jest/globals'
import type { CallAnswer } from '../../../adapters/soap/call-result.js'
import { failureSentence } from '../../../adapters/soap/failure-sentence.js'
import { quoteTheirWords, withoutTheirWords } from '../../../src/model/their-words.js'

const said = (answer: Exclude<CallAnswer, { kind: 'REPLY' }>) =>
  failureSentence('ONE_STOP', { ...answer, evidence: { requestXml: '', elapsedMs: 1 } })
const fault = (code: string, reason: string): Exclude<CallAnswer, { kind: 'REPLY' }> => ({
  kind: 'FAULT',
  fault: { version: '1.1', code, reason, detailFields: {} },
  httpStatus: 500,
})

describe('a failure of the way there or back is a Vietnamese sentence with its code at the end', () => {
  test.each<[Exclude<CallAnswer, { kind: 'REPLY' }>, string]>([
    [
      { kind: 'NOT_SENT', why: 'UNREACHABLE', cause: 'ENOTFOUND' },
      'Không kết nối được tới một cửa: không tìm thấy địa chỉ máy chủ (ENOTFOUND).',
    ],
    [
      { kind: 'NOT_SENT', why: 'UNREACHABLE', cause: 'SELF_SIGNED_CERT_IN_CHAIN' },
      'Không kết nối được tới một cửa: chứng thư số của máy chủ không được tin cậy (SELF_SIGNED_CERT_IN_CHAIN).',
    ],
    [{ kind: 'NOT_SENT', why: 'UNREACHABLE', cause: 'EXOTIC' }, 'Không kết nối được tới một cửa: lỗi mạng (EXOTIC).'],
    [{ kind: 'NOT_SENT', why: 'DEADLINE', cause: 'total deadline' }, 'Hết thời hạn trước khi gửi được tới một cửa (DEADLINE).'],
    [
      { kind: 'NO_ANSWER', cause: 'RESET', detail: 'UND_ERR_SOCKET' },
      'Kết nối tới một cửa bị ngắt khi chưa có trả lời (RESET: UND_ERR_SOCKET).',
    ],
    [{ kind: 'HTTP_ERROR', status: 503 }, 'Một cửa tạm thời không phục vụ (HTTP 503).'],
    [{ kind: 'HTTP_ERROR', status: 302 }, 'Một cửa không trả lời đúng dịch vụ (HTTP 302).'],
    [fault('Server', ''), 'Một cửa báo lỗi (SOAP fault Server, HTTP 500).'],
    [
      fault('FailedAuthentication', 'no'),
      'Một cửa không chấp nhận tài khoản của cổng liên thông (SOAP fault FailedAuthentication, HTTP 500).',
    ],
    [fault('Server', ' Lỗi\n  “dữ liệu” '), 'Một cửa báo lỗi: “Lỗi "dữ liệu"” (SOAP fault Server, HTTP 500).'],
  ])('%j', (answer, sentence) => {
    expect(said(answer)).toBe(sentence)
  })
})

test('their words are bounded, and so is what they call a code', () => {
  expect([...quoteTheirWords('ư'.repeat(5_000))]).toHaveLength(203)
  expect(said(fault(`Server.<${'x'.repeat(5_000)}>`, 'ư'.repeat(5_000))).length).toBeLessThan(360)
})

test('their words can be taken out again, whatever they hold', () => {
  for (const words of ['Nguyễn Văn Thử', '“a” (b) “c', '”“', 'a'.repeat(500)])
    expect(withoutTheirWords(said(fault('Server', words)))).toBe('Một cửa báo lỗi (SOAP fault Server, HTTP 500).')
})
