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
  [
    `Không thể gửi lại lượt liên thông đang ở trạng thái "${describeTransferState('DELIVERED')}" (lan đã xác nhận là đã có ở bên nhận lúc 08:05:30 ngày 23/11/2026).`,
    `Nobody can replay a transfer whose state is “${describeTransferState('DELIVERED', 'en')}” (lan confirmed that the other side has it at 08:05:30 on 23/11/2026).`,
  ],
  [
    'Chưa hỏi được bên nhận: hệ thống nhận không trả lời, cầu dao đang mở.',
    'The other side could not be asked: it does not answer, and its breaker is open.',
  ],
  [
    'Một cửa, đọc lại lúc 08:05:30 ngày 23/11/2026, nay khác với điều đã thấy (trạng thái, hạn trả): chưa sửa gì, hãy xem giá trị mới rồi quyết định.',
    'The one-stop desk’s system, read again at 08:05:30 on 23/11/2026, is not what was seen (status, due date): nothing was repaired, look at the new values, then decide.',
  ],
  [
    'Cổng liên thông không áp dụng được điều ViLIS đang có: không được chuyển hồ sơ từ "Đã trả kết quả" sang "Đang xử lý".',
    'What ViLIS holds cannot be applied here: the dossier may not go from “Result handed out” to “In progress”.',
  ],
  [
    'ViLIS, "Nội dung khác nhau, sửa ở cổng liên thông theo bên kia": đã tự sửa đủ 20 của một lượt (maxPerRun), còn lại để lượt sau.',
    'ViLIS, “Values differ, repair here by what they hold”: 20 were repaired, the most of one run (maxPerRun); the next run goes on.',
  ],
  [
    'Dòng thay đổi lùi từ vị trí 812 về 40: hệ thống nguồn đã được phục hồi; đọc lại từ đầu.',
    'The feed of changes went back from position 812 to 40: the system was restored over there; it is read again from its start.',
  ],
  [
    'Một thay đổi ngay sau vị trí 12, hỏi riêng một mình nó, vẫn không đọc được: hệ thống nguồn treo, hoặc tệp của nó quá lớn. ViLIS không trả lời trong thời hạn (TIMEOUT).',
    'One change just behind position 12 cannot be read although it is asked for alone: the other system hangs, or its file is too large. ViLIS did not answer in time (TIMEOUT).',
  ],
  [
    'Chưa có ánh xạ thủ tục “1.012783” sang ViLIS cho ngày 2026-11-23.',
    'No mapping of the procedure “1.012783” to ViLIS for the day 2026-11-23.',
  ],
  [`Nay đang ở trạng thái "${describeTransferState('DELIVERED')}".`, `Its state is now “${describeTransferState('DELIVERED', 'en')}”.`],
  ['Chưa đọc được một cửa: cầu dao đang mở.', 'The one-stop desk’s system could not be read yet: its breaker is open.'],
  [
    'Chưa đọc được ViLIS: ViLIS không trả lời trong thời hạn (TIMEOUT: 5000 ms).',
    'ViLIS could not be read yet: ViLIS did not answer in time (TIMEOUT: 5000 ms).',
  ],
  ['Ai đó đã gõ câu này.', 'Ai đó đã gõ câu này.'],
])('%s', (vietnamese, english) => {
  expect(recordedInEnglish(vietnamese)).toBe(english)
})

/** Where a place of a sentence begins or ends within marks, or its words are put together of two. */
const EDGES = /^[^\p{L}]+|[^\p{L}]+$/gu

/** Where a sentence is reworded its English would be lost without a sound. */
test('each sentence is one that the gateway still writes', () => {
  const filesBelow = (folder: string): string[] =>
    readdirSync(join(projectRoot, folder), { recursive: true, withFileTypes: true })
      .filter(
        ({ name, parentPath }) =>
          /\.(ts|sql)$/.test(name) && !/console|prisma-client/.test(parentPath) && !/^recorded-.*english\.ts$/.test(name),
      )
      .map(({ name, parentPath }) => join(parentPath, name))
  const written = [...filesBelow('src'), ...filesBelow('adapters')]
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n')
    .toLowerCase()
  const words = RECORDED_WORDS.map((part) => part.replace(/ ?\([^)]*$/, '').replace(EDGES, '')).filter((part) => saidIn(part) !== undefined)
  expect(words.filter((part) => !written.includes(part.toLowerCase()))).toEqual([])
})

/** Refusals that are kept in rows of plans and batches: a new one has to be told in English too. */
test.each([
  'src/operator/act-rules.ts',
  'src/operator/dry-run-plan.ts',
  'src/operator/run-replay-plan.ts',
  'src/operator/supersede-transfer.ts',
  'src/reconciliation/perform-repair.ts',
  'src/reconciliation/read-theirs-now.ts',
  'src/reconciliation/refuse-repair.ts',
  'src/reconciliation/repair-by-policy.ts',
  'src/reconciliation/repair-here.ts',
  'src/reconciliation/repair-there.ts',
])('each sentence of %s is known by its words', (file) => {
  /** Not kept in a row: of confirming as absent, and of amending. */
  const ELSEWHERE =
    /Chưa sửa gì, sai lệch còn nguyên|chỉ được xác nhận là chưa có từ|nội dung sửa nào đang chờ duyệt|Người sửa không tự duyệt/
  const source = readFileSync(join(projectRoot, file), 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '')
  const sentences = [...source.matchAll(/'([^'\n]*)'|`([^`\n]*)`/g)].map(([, plain, made]) => plain ?? made ?? '')
  const parts = sentences
    .filter((sentence) => /\.$/.test(sentence) && !ELSEWHERE.test(sentence))
    .flatMap((sentence) => sentence.split(/\$\{(?:[^{}`]|\{[^{}]*\})*\}/))
    .map((part) => part.replace(EDGES, ''))
    .filter((part) => saidIn(part) !== undefined)
  expect(parts.length).toBeGreaterThan(0)
  const known = RECORDED_WORDS.map((part) => part.toLowerCase())
  expect(parts.filter((part) => !known.some((words) => words.includes(part.toLowerCase())))).toEqual([])
})
