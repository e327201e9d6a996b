import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { type CallFailure, failureSentence } from '../../../adapters/soap/failure-sentence.js'
import { saidIn } from '../../../src/console/text/said.js'
import { describeTransferState } from '../../../src/model/interlink-state.js'
import { RECORDED_WORDS, recordedInEnglish } from '../../../src/model/recorded-english.js'
import { SYSTEM_IDS } from '../../../src/model/system.js'
import { projectRoot } from '../../../src/platform/paths.js'

const THEIR_WORDS = /“[^”]*”/g

const FAILURES: readonly CallFailure[] = [
  ...(
    [
      'ECONNREFUSED',
      'ECONNRESET',
      'ENOTFOUND',
      'EAI_AGAIN',
      'EHOSTUNREACH',
      'ETIMEDOUT',
      'CERT_HAS_EXPIRED',
      'ERR_SSL_WRONG',
      'EOTHER',
    ] as const
  ).map((cause) => ({ kind: 'NOT_SENT', why: 'UNREACHABLE', cause }) as CallFailure),
  ...(['DEADLINE', 'ABORTED', 'STALLED', 'BODY_INVALID'] as const).map((why) => ({ kind: 'NOT_SENT', why, cause: 'dueAt' }) as CallFailure),
  ...[401, 404, 413, 429, 503, 500, 418].map((status) => ({ kind: 'HTTP_ERROR', status }) as CallFailure),
  ...(['TIMEOUT', 'RESET', 'BROKEN_REPLY', 'TOO_LARGE', 'WRONG_CONTENT_TYPE', 'HOSTILE_XML', 'OTHER_ANSWER', 'ABORTED'] as const).map(
    (cause) => ({ kind: 'NO_ANSWER', cause, detail: 'x' }) as CallFailure,
  ),
  ...['Không tìm thấy hồ sơ', ''].map(
    (reason) => ({ kind: 'FAULT', httpStatus: 500, fault: { code: 'Client.E104', reason } }) as CallFailure,
  ),
  {
    kind: 'FAULT',
    httpStatus: 500,
    fault: { code: 'wsse:FailedAuthentication', subcode: 'FailedAuthentication', reason: '' },
  } as CallFailure,
]

test.each(SYSTEM_IDS)('why a call to %s brought no answer is told in English, but for the words of the other side', (system) => {
  for (const failure of FAILURES) {
    const told = recordedInEnglish(failureSentence(system, failure))
    expect(saidIn(told.replace(THEIR_WORDS, ''))).toBeUndefined()
    expect(told).toMatch(/^\p{Lu}.*\.$/u)
  }
})

test.each([
  [
    'ViLIS báo lỗi: “Không tìm thấy hồ sơ” (SOAP fault Client.E104, HTTP 500).',
    'ViLIS reports a fault: “Không tìm thấy hồ sơ” (SOAP fault Client.E104, HTTP 500).',
  ],
  [
    'Không kết nối được tới ViLIS: máy chủ từ chối kết nối (ECONNREFUSED).',
    'No connection to ViLIS: the server refuses connections (ECONNREFUSED).',
  ],
  [
    'Một cửa báo đã tồn tại. Tra cứu lại thì không thấy.',
    'The one-stop desk’s system says that it exists already. An inquiry does not find it.',
  ],
  [
    '12 trên 20 lượt đã có kết quả không thành (60%), vượt mức 20%.',
    '12 of 20 settled transfers have failed (60%), above the bound of 20%.',
  ],
  [
    'Khi chạy thử, chưa chắc chắn: Hỏi bên nhận mà chưa rõ: ViLIS không trả lời trong thời hạn (TIMEOUT: 5000 ms).',
    'In the dry run, uncertain: The other side was asked and it is not clear: ViLIS did not answer in time (TIMEOUT: 5000 ms).',
  ],
  [`Nay đang ở trạng thái "${describeTransferState('DELIVERED')}".`, `Its state is now “${describeTransferState('DELIVERED', 'en')}”.`],
  ['Chưa đọc được một cửa: cầu dao đang mở.', 'The one-stop desk’s system could not be read yet: The breaker is open.'],
  [
    'Chưa đọc được ViLIS: ViLIS không trả lời trong thời hạn (TIMEOUT: 5000 ms).',
    'ViLIS could not be read yet: ViLIS did not answer in time (TIMEOUT: 5000 ms).',
  ],
  ['Ai đó đã gõ câu này.', 'Ai đó đã gõ câu này.'],
])('%s', (vietnamese, english) => {
  expect(recordedInEnglish(vietnamese)).toBe(english)
})

/** Where a sentence is reworded its English would be lost without a sound. */
test('each sentence is one that the gateway still writes', () => {
  const filesBelow = (folder: string): string[] =>
    readdirSync(join(projectRoot, folder), { recursive: true, withFileTypes: true })
      .filter(
        ({ name, parentPath }) => /\.(ts|sql)$/.test(name) && !/console|prisma-client/.test(parentPath) && name !== 'recorded-english.ts',
      )
      .map(({ name, parentPath }) => join(parentPath, name))
  const written = [...filesBelow('src'), ...filesBelow('adapters')]
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n')
    .toLowerCase()
  const words = RECORDED_WORDS.flatMap((part) => part.replace(/ ?\([^)]*$|^\)?\.$/g, '').trim()).filter(
    (part) => saidIn(part) !== undefined,
  )
  expect(words.filter((part) => !written.includes(part.toLowerCase()))).toEqual([])
})
