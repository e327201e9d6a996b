import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { ONE_STOP_FAULTS } from '../../../adapters/one-stop/faults.js'
import { FAULTS as PORTAL_FAULTS } from '../../../adapters/provincial/portal/faults.js'
import { type CallFailure, failureSentence } from '../../../adapters/soap/failure-sentence.js'
import { describeFailure, toldBefore } from '../../../adapters/soap/fault-table.js'
import { VILIS_FAULTS } from '../../../adapters/vilis/faults.js'
import { saidIn } from '../../../src/console/text/said.js'
import { describeTransferState } from '../../../src/model/interlink-state.js'
import { describeStopped, READ_FAILURES, UNREAD } from '../../../src/model/read-failure.js'
import { RECORDED_WORDS, recordedInEnglish, refusalInWords } from '../../../src/model/recorded-english.js'
import { refusalInEnglish } from '../../../src/model/refusals-english.js'
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
  ...(
    [
      'TIMEOUT',
      'RESET',
      'BROKEN_REPLY',
      'TOO_LARGE',
      'WRONG_CONTENT_TYPE',
      'HOSTILE_XML',
      'OTHER_ANSWER',
      'NOT_UNDERSTOOD',
      'ABORTED',
    ] as const
  ).map((cause) => ({ kind: 'NO_ANSWER', cause, detail: 'x' }) as CallFailure),
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

test.each([VILIS_FAULTS, ONE_STOP_FAULTS, PORTAL_FAULTS])(
  'what $system says before it processes anything is told in English, as a fault and as a reply',
  (table) => {
    for (const [key, { cause }] of Object.entries(table.beforeProcessing)) {
      const fault = { version: '1.1', code: `Client.${key}`, reason: 'đến 20 giờ', detailFields: {} } as const
      const failure = { kind: 'FAULT', httpStatus: 500, fault, evidence: { requestXml: '', elapsedMs: 1 } } as const
      const sentences = [
        describeFailure(failure, table).cause,
        describeFailure({ ...failure, fault: { ...fault, reason: '' } }, table).cause,
      ]
      const replied = toldBefore(table, key, key)?.cause
      expect(replied === undefined).toBe(cause === undefined)
      for (const sentence of replied === undefined ? sentences : [...sentences, replied]) {
        const told = recordedInEnglish(sentence)
        expect(told).not.toBe(sentence)
        expect(saidIn(told.replace(THEIR_WORDS, ''))).toBeUndefined()
      }
    }
  },
)

test('why the land registry could not be read is told in English, each kind in other words', () => {
  const until = new Date('2026-11-23T01:05:30Z')
  const codes = [null, 'ECONNREFUSED', 'TIMEOUT', 'HTTP_503', 'CREDENTIALS', 'NO_RIGHT', 'CLOSED', 'BUSY', 'FAULT_Server.X', 'BROKEN_REPLY']
  const stopped = codes.flatMap((code) => [describeStopped({ code, until }), describeStopped({ code, until: null })])
  const told = [...new Set([...Object.values(READ_FAILURES), ...stopped, UNREAD])].map(recordedInEnglish)
  for (const sentence of told) expect(saidIn(sentence)).toBeUndefined()
  expect(new Set(told).size).toBe(told.length)
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
    describeStopped({ code: 'CLOSED', until: new Date('2026-11-23T01:05:30Z') }),
    'ViLIS cannot be read now: that has failed several times in a row, and the gateway has stopped asking (its breaker is open). The last failure: ViLIS answered that it is under maintenance or takes nothing for now. It asks again at 08:05:30 on 23/11/2026 at the latest',
  ],
  [
    'Chưa hỏi được bên nhận: hệ thống nhận nhiều lần liền không phục vụ, cầu dao đang mở.',
    'The other side could not be asked: it has not served several times over, and its breaker is open.',
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
          /\.(ts|sql)$/.test(name) && !/src.console|prisma-client/.test(parentPath) && !/^recorded-.*english\.ts$/.test(name),
      )
      .map(({ name, parentPath }) => join(parentPath, name))
  const written = [...filesBelow('src'), ...filesBelow('adapters')]
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n')
    .toLowerCase()
  const words = RECORDED_WORDS.map((part) => part.replace(/ ?\([^)]*$/, '').replace(EDGES, '')).filter((part) => saidIn(part) !== undefined)
  expect(words.filter((part) => !written.includes(part.toLowerCase()))).toEqual([])
})

test.each([
  [
    'Kế hoạch đã thay đổi: Hệ thống đã chạy thử xong lúc 08:05:30 ngày 23/11/2026, nay "Chờ người thứ hai duyệt". Hãy xem lại rồi làm tiếp.',
    'The plan has changed: The gateway ended the dry run at 08:05:30 on 23/11/2026, and it is now “Awaits a second person’s approval”. Look again, then go on.',
  ],
  [
    'Không thể cho chạy kế hoạch đang ở trạng thái "Đã chốt danh sách, chưa chạy thử": hãy chạy thử trước.',
    'Nobody can start a plan whose state is “List frozen, no dry run yet”: run the dry run first.',
  ],
  ['Không thể tạm dừng kế hoạch đang ở trạng thái "Đã xong".', 'Nobody can pause a plan whose state is “Done”.'],
  [
    'Lần chạy thử từ 08:05:30 ngày 23/11/2026, quá 24 giờ, bên nhận nay có thể đã khác: hãy chạy thử lại, rồi nhờ người thứ hai duyệt.',
    'The dry run of 08:05:30 on 23/11/2026 is more than 24 hours old, and the other side may differ by now: run it again, then have a second person approve it.',
  ],
  [
    'Lần chạy thử đã quá lâu, bên nhận nay có thể đã khác: hãy chạy thử lại.',
    'The dry run is too old, and the other side may differ by now: run it again.',
  ],
  [
    'Điều kiện này khớp hơn 1.000.000 lượt liên thông, một kế hoạch chốt nhiều nhất 100.000: hãy thu hẹp, ví dụ theo hệ thống, trạng thái, xã hoặc khoảng ngày lập.',
    'This filter matches more than 1,000,000 transfers, and a plan takes 100,000 at most: narrow it, for instance by system, state, commune or day of making.',
  ],
  [
    '1.204 lượt của kế hoạch đã thay đổi từ lần chạy thử: hãy chạy thử lại và nhờ người thứ hai duyệt lại.',
    '1,204 transfers of the plan have changed since the dry run: run it again and have a second person approve it anew.',
  ],
  [
    'Cảnh báo này đã được Lê Thị Lan (lan) nhận xử lý lúc 08:05:30 ngày 23/11/2026.',
    'Lê Thị Lan (lan) took this alert at 08:05:30 on 23/11/2026.',
  ],
  ['Cảnh báo này đã hết lúc 08:05:30 ngày 23/11/2026.', 'This alert was over at 08:05:30 on 23/11/2026.'],
  [
    'Trùng với khung bảo trì từ 20:00:00 ngày 23/11/2026 đến 22:00:00 ngày 23/11/2026 do lan lập: hãy kết thúc khung đó trước, hoặc chọn giờ khác.',
    'It overlaps the maintenance window from 20:00:00 on 23/11/2026 to 22:00:00 on 23/11/2026 that lan has planned: end that one first, or choose other hours.',
  ],
  ['Hệ thống đã được tạm dừng trước đó bởi người khác.', 'The system was paused before by somebody else.'],
  ['Ghi chú đã được lan sửa: hãy đọc ghi chú mới rồi ghi lại.', 'The note was changed by lan: read the new one, then write yours.'],
  [
    'Ghi chú đã được lan sửa lúc 08:05:30 ngày 23/11/2026: hãy đọc ghi chú mới rồi ghi lại.',
    'The note was changed by lan at 08:05:30 on 23/11/2026: read the new one, then write yours.',
  ],
  [
    `Lượt này đã thay đổi lúc 08:05:30 ngày 23/11/2026, nay ở trạng thái "${describeTransferState('SUPERSEDED')}", lượt thay nó là 7eaa: hãy xem lại rồi quyết định.`,
    `This transfer changed at 08:05:30 on 23/11/2026, and its state is now “${describeTransferState('SUPERSEDED', 'en')}”; 7eaa has its place now: look again, then decide.`,
  ],
  ['Lý do dài từ 5 đến 500 ký tự.', 'Reason: from 5 to 500 characters.'],
  ['Không tìm thấy kế hoạch gửi lại này.', 'This was not found, or is not yours to see: this replay plan.'],
  ['Không tìm thấy hồ sơ H58.22-261123-0001.', 'This was not found, or is not yours to see: dossier H58.22-261123-0001.'],
])('refused: %s', (vietnamese, english) => {
  expect(refusalInWords(vietnamese)).toBe(english)
})

test('what a foreign system may have said itself is not taken for a sentence of ours', () => {
  for (const theirs of ['Không tìm thấy hồ sơ này.', 'Mã hồ sơ không đúng dạng.']) expect(recordedInEnglish(theirs)).toBe(theirs)
})

/** A new one has to be told in English too. */
test.each([
  'src/operator/acknowledge-alert-repository.ts',
  'src/operator/act-on-discrepancy-batch.ts',
  'src/operator/act-on-discrepancy.ts',
  'src/operator/act-on-reconciliation.ts',
  'src/operator/act-on-replay-plan.ts',
  'src/operator/act-rules.ts',
  'src/operator/cause-note-repository.ts',
  'src/operator/create-discrepancy-batch.ts',
  'src/operator/create-replay-plan.ts',
  'src/operator/dry-run-plan.ts',
  'src/operator/end-maintenance.ts',
  'src/operator/pause-system.ts',
  'src/operator/perform-act.ts',
  'src/operator/plan-maintenance.ts',
  'src/operator/poll-alarm-repository.ts',
  'src/operator/resume-system.ts',
  'src/operator/run-replay-plan.ts',
  'src/operator/supersede-transfer.ts',
  'src/operator/test-alert-channels-repository.ts',
  'src/model/maintenance.ts',
  'src/model/system-limits.ts',
  'src/reconciliation/perform-repair.ts',
  'src/reconciliation/read-theirs-now.ts',
  'src/reconciliation/refuse-repair.ts',
  'src/reconciliation/repair-by-policy.ts',
  'src/reconciliation/repair-here.ts',
  'src/reconciliation/repair-there.ts',
  'src/reporting/issue-apology-letter.ts',
  'src/api/alert.type.ts',
  'src/api/discrepancy.input.ts',
  'src/api/maintenance.input.ts',
  'src/api/reconciliation-run.type.ts',
  'src/api/replay-plan.input.ts',
  'src/api/replay-plan-act.resolver.ts',
  'src/api/system.input.ts',
  'src/api/transfer.input.ts',
])('each sentence of %s is told in English', (file) => {
  /** What a notice says, and what a field is for. */
  const ELSEWHERE = /gửi thử lúc|nghĩa là kênh báo hoạt động/
  const source = readFileSync(join(projectRoot, file), 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*|description:\s*'[^'\n]*'/g, '')
  /** By their codes, which say as much. */
  const coded = new Set(
    [...source.matchAll(/'([A-Z_]{4,})',\s*(?:field: '\w+',\s*)?(?:message: )?(?:'([^'\n]*)'|`([^`\n]*)`)/g)].flatMap(
      ([, reason = '', plain, made]) => (refusalInEnglish({ reason, message: '…' }).includes('…') ? [] : [plain ?? made]),
    ),
  )
  const sentences = [...source.matchAll(/'([^'\n]*)'|`([^`\n]*)`/g)].map(([, plain, made]) => plain ?? made ?? '')
  const told = sentences.filter((sentence) => /\.$/.test(sentence) && !ELSEWHERE.test(sentence) && saidIn(sentence) !== undefined)
  expect(told.length).toBeGreaterThan(0)
  const parts = told
    .filter((sentence) => !coded.has(sentence) && saidIn(refusalInWords(sentence)) !== undefined)
    .flatMap((sentence) => sentence.split(/\$\{(?:[^{}`]|\{[^{}]*\})*\}/))
    .map((part) => part.replace(EDGES, ''))
    .filter((part) => saidIn(part) !== undefined)
  const known = RECORDED_WORDS.map((part) => part.toLowerCase())
  expect(parts.filter((part) => !known.some((words) => words.includes(part.toLowerCase())))).toEqual([])
})

test('another system’s words within a recorded sentence are left as they are, though a refusal of ours reads the same', () => {
  expect(recordedInEnglish('Bên nhận có nội dung khác: Mã hồ sơ không đúng dạng.')).toBe(
    'The other side holds other content: Mã hồ sơ không đúng dạng.',
  )
  expect(refusalInWords('Mã hồ sơ không đúng dạng.')).toBe('Dossier code is not of the right form.')
})

test('what is longer than any sentence of ours is not looked at: a caller’s own words may stand in it', () => {
  const told = (said: string): string => refusalInWords(`Bên nhận có nội dung khác: ${said}`)
  expect(told('x'.repeat(500))).toMatch(/^The other side/)
  expect(told('x'.repeat(2_000))).toMatch(/^Bên nhận/)
})
