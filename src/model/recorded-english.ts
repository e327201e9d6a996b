import { lowerFirst, upperFirst } from './first-letter.js'
import { describeTransferState } from './interlink-state.js'
import { describeForecast } from './replay-plan.js'
import { SYSTEM_IDS, SYSTEM_IN_SENTENCE, systemInSentence } from './system.js'
import { TRANSFER_STATES } from './transfer-state.js'

/**
 * Câu đã ghi, told in English: what became of an attempt, of a row of a plan, what a run waits for. They are written once, in Vietnamese, and stay as they were written; here each is known again by its
 * words. `{system}` stands for a system, `{why}` for a fault of the network, `{state}` and `{forecast}` for what these are called, `{said}` for another recorded sentence, any other name for what stays as it is: codes, numbers, the other side's words.
 */
const SENTENCES: readonly (readonly [vietnamese: string, english: string])[] = [
  // A call without an answer that can be used (`adapters/soap/failure-sentence.ts`).
  [
    '{system} báo lỗi: {words} (SOAP fault {code}, HTTP {status}).',
    '{system} reports a fault: {words} (SOAP fault {code}, HTTP {status}).',
  ],
  ['{system} báo lỗi (SOAP fault {code}, HTTP {status}).', '{system} reports a fault (SOAP fault {code}, HTTP {status}).'],
  ['{system} không chấp nhận tài khoản của cổng liên thông ({code}).', '{system} does not take the gateway’s account ({code}).'],
  ['Không kết nối được tới {system}: {why} ({code}).', 'No connection to {system}: {why} ({code}).'],
  ['Hết thời hạn trước khi gửi được tới {system} ({code}).', 'Time ran out before it could be sent to {system} ({code}).'],
  ['Cổng liên thông dừng trước khi gửi tới {system} ({code}).', 'The gateway stopped before it was sent to {system} ({code}).'],
  [
    'Cổng liên thông bị dừng quá lâu trước khi gửi tới {system}, không gửi nữa ({code}).',
    'The gateway was held up too long before sending to {system}: it was not sent ({code}).',
  ],
  [
    'Nội dung không đúng hợp đồng dịch vụ của {system}, chưa gửi ({code}).',
    'The content does not fit the service contract of {system}: not sent ({code}).',
  ],
  ['{system} không trả lời trong thời hạn ({code}).', '{system} did not answer in time ({code}).'],
  ['Kết nối tới {system} bị ngắt khi chưa có trả lời ({code}).', 'The connection to {system} broke before there was an answer ({code}).'],
  ['Trả lời của {system} bị cắt ngang hoặc sai cấu trúc ({code}).', 'The answer of {system} was cut short or is malformed ({code}).'],
  ['Trả lời của {system} lớn hơn mức cho phép ({code}).', 'The answer of {system} is larger than allowed ({code}).'],
  ['{system} trả lời không phải bằng XML ({code}).', '{system} answered with something other than XML ({code}).'],
  [
    'Trả lời của {system} có khai báo XML không được chấp nhận ({code}).',
    'The answer of {system} has an XML declaration that is not accepted ({code}).',
  ],
  ['Trả lời của {system} không phải cho yêu cầu này ({code}).', 'The answer of {system} is to another request ({code}).'],
  ['Cổng liên thông dừng khi đang chờ {system} trả lời ({code}).', 'The gateway stopped while {system} was being waited for ({code}).'],
  ['{system} không có dịch vụ ở địa chỉ đã cấu hình ({code}).', '{system} has no service at the configured address ({code}).'],
  ['{system} không nhận thông điệp lớn như vậy ({code}).', '{system} does not take a message of this size ({code}).'],
  ['{system} đề nghị gọi chậm lại ({code}).', '{system} asks to be called less often ({code}).'],
  ['{system} tạm thời không phục vụ ({code}).', '{system} does not serve for now ({code}).'],
  ['{system} gặp lỗi khi xử lý ({code}).', '{system} failed while it worked on this ({code}).'],
  ['{system} không trả lời đúng dịch vụ ({code}).', '{system} did not answer as this service does ({code}).'],
  // What a system's answer lacks (`adapters`).
  ['Trả lời của {system} mang mã giao dịch khác (MaGiaoDich).', 'The answer of {system} bears another transaction code (MaGiaoDich).'],
  [
    'Trả lời của {system} không nói là nhận hay từ chối (KetQua {code}).',
    'The answer of {system} says neither taken nor refused (KetQua {code}).',
  ],
  ['{system} tạm thời không nhận (MaLoi {code}).', '{system} takes nothing for now (MaLoi {code}).'],
  ['{system} báo đã tồn tại nhưng tra cứu thì không thấy.', '{system} says that it exists already, yet an inquiry does not find it.'],
  ['{system} báo đã tồn tại. {said}', '{system} says that it exists already. {said}'],
  ['Tra cứu lại thì không thấy.', 'An inquiry does not find it.'],
  ['Chưa tra cứu được trước khi ghi. {said}', 'It could not be asked for before writing. {said}'],
  [
    'Chưa thỏa thuận với {system} cách tra cứu nghiệp vụ này (NONE).',
    'No way of inquiring for this operation is agreed with {system} (NONE).',
  ],
  ['Hết thời hạn trước khi tra cứu được ở {system} (DEADLINE).', 'Time ran out before {system} could be asked (DEADLINE).'],
  // How a transfer was settled (`src/transfer`).
  [
    'Tiến trình chuyển bị dừng quá lâu trước khi gửi; sẽ gửi lại (STALLED).',
    'The sending process was held up too long before sending; it will be sent again (STALLED).',
  ],
  ['Lỗi nội bộ của cổng liên thông khi gửi.', 'An internal fault of the gateway while sending.'],
  ['Lỗi nội bộ của cổng liên thông khi tra cứu.', 'An internal fault of the gateway while inquiring.'],
  [
    'Hệ thống nhận đã trả lời muộn là nhận được; đang hỏi lại thay vì gửi lại.',
    'The other side answered late that it took it; it is being asked instead of sent again.',
  ],
  ['Hệ thống nhận chưa có hồ sơ này.', 'The other side does not have this dossier.'],
  [
    'Hệ thống nhận trả lời là chưa có; đang xác nhận lại trước khi gửi lại.',
    'The other side says that it has none; it is asked once more before it is sent again.',
  ],
  [
    'Hệ thống nhận đã trả lời là nhận được, nay lại trả lời là chưa có.',
    'The other side had answered that it took it, and answers now that it has none.',
  ],
  [
    'Hệ thống nhận xác nhận chưa có; đã hết thời hạn gửi lại.',
    'The other side confirms that it has none; the time for sending again has run out.',
  ],
  ['Hệ thống nhận xác nhận chưa có; gửi lại.', 'The other side confirms that it has none; it is sent again.'],
  ['Lời trả lời có ký tự không lưu được; chỉ giữ kết quả.', 'The answer has characters that cannot be stored; only its outcome is kept.'],
  ['Tiến trình gửi dừng giữa chừng; đang hỏi lại hệ thống nhận.', 'The sending process stopped half-way; the other side is being asked.'],
  ['Không có trả lời trong thời hạn giữ quyền gửi.', 'There was no answer within the lease of the sending.'],
  ['Đang đọc lại các thay đổi sau khi phục hồi.', 'The changes are being read again after a restore.'],
  ['Cơ sở dữ liệu được phục hồi từ bản sao lưu.', 'The database was restored from a backup.'],
  ['Nội dung đã được sửa, chờ người thứ hai duyệt.', 'The content was amended and waits for a second person’s approval.'],
  [
    'Thiếu lượt đứng trước: hệ thống nhận chưa có hồ sơ này vì lượt giới thiệu đã bị hủy.',
    'The transfer before it is missing: the other side does not have this dossier, because its introduction was given up.',
  ],
  ['Có phiên bản hồ sơ mới hơn.', 'There is a newer version of the dossier.'],
  // Rows of a plan, and why it stopped (`src/operator`).
  [
    '{failed} trên {settled} lượt đã có kết quả không thành ({share}), vượt mức {bound}.',
    '{failed} of {settled} settled transfers have failed ({share}), above the bound of {bound}.',
  ],
  ['Kế hoạch đã được hủy.', 'The plan was cancelled.'],
  ['Đã được thay bằng lượt mới hơn.', 'It was superseded by a newer one.'],
  ['Đã được hủy khi kế hoạch đang chạy.', 'It was given up while the plan was running.'],
  [
    'Bên nhận đã có từ trước: ghi nhận theo trả lời của họ, không gửi lại.',
    'The other side had it before: taken as delivered by their answer, not sent again.',
  ],
  ['Hệ thống nhận đang tắt trong cấu hình.', 'The receiving system is switched off in the configuration.'],
  [
    'Bên nhận đã có nội dung hiện nay: hãy xem ở đó rồi tự thay, hoặc xác nhận lượt này là đã có.',
    'The other side has the present content already: look there, then supersede it by hand, or confirm that it is there.',
  ],
  [
    'Bên nhận có hồ sơ này nhưng không cho biết nội dung: hãy xem ở đó rồi xác nhận lượt này là đã có, hoặc tự gửi lại.',
    'The other side has this dossier and does not tell its content: look there, then confirm that it is there, or send it again by hand.',
  ],
  ['Khi chạy thử, {forecast}: {said}', 'In the dry run, {forecast}: {said}'],
  ['Khi chạy thử, {forecast}', 'In the dry run, {forecast}.'],
  ['Nay đang ở trạng thái "{state}".', 'Its state is now “{state}”.'],
  [
    'Lượt đứng trước ({operation}) không nằm trong phần sẽ gửi của kế hoạch và đang ở trạng thái "{state}": hãy xử lý nó trước.',
    'The transfer before it ({operation}) is not among those that the plan will send, and its state is “{state}”: settle that one first.',
  ],
  [
    'Lượt đứng trước ({operation}) chưa qua và đang chờ người xử lý; lượt này tự đi khi lượt đó được xử lý.',
    'The transfer before it ({operation}) has not passed and waits for a person; this one goes by itself once that is settled.',
  ],
  ['Hỏi bên nhận mà chưa rõ: {said}', 'The other side was asked and it is not clear: {said}'],
  [
    'Lỗi nội bộ của cổng liên thông với riêng lượt này; chi tiết ở nhật ký.',
    'An internal fault of the gateway with this one alone; the log has the details.',
  ],
  ['Đã thay đổi từ khi chốt danh sách: không làm gì với lượt này.', 'Changed since the list was frozen: nothing is done with it.'],
  // What a run of the reconciliation, or a batch of repairs, waits for (`src/reconciliation`).
  ['Chưa đọc được {system}: {said}', '{system} could not be read yet: {said}'],
  ['hệ thống đang được tạm dừng.', 'The system is paused.'],
  ['hệ thống đang bảo trì.', 'The system is in maintenance.'],
  ['cầu dao đang mở.', 'The breaker is open.'],
  ['Lỗi của cổng liên thông, sẽ thử lại.', 'A fault of the gateway; it will be tried again.'],
  ['Đang trong giờ không đối soát.', 'It is an hour in which nothing is compared.'],
  ['Chờ hết thời gian ân hạn rồi xem lại.', 'The time of grace has to pass before it is looked at again.'],
  ['Chưa đọc hết được dòng thay đổi.', 'The feed of changes could not be read to its end yet.'],
]

/** What the dry run has not found fit to be sent. */
const LEFT_OUT = {
  STILL_REJECTED: 'still cannot be sent',
  BLOCKED: 'blocked by the one before it',
  CHANGED: 'changed since the list was frozen',
  UNCERTAIN: 'uncertain',
  NOT_ALLOWED: 'not allowed in this state',
} as const

const NETWORK = {
  'máy chủ từ chối kết nối': 'the server refuses connections',
  'kết nối bị ngắt': 'the connection was broken',
  'không tìm thấy địa chỉ máy chủ': 'the address of the server was not found',
  'chưa tra được địa chỉ máy chủ': 'the address of the server could not be looked up',
  'không có đường mạng tới máy chủ': 'there is no route to the server',
  'quá thời gian chờ kết nối': 'connecting took too long',
  'chứng thư số của máy chủ không được tin cậy': 'the server’s certificate is not trusted',
  'không lập được kênh mã hóa': 'no secure channel could be opened',
  'lỗi mạng': 'a fault of the network',
}

type Words = Readonly<Record<string, string>>

/** By the Vietnamese words that a place may hold. */
const WORDS: Readonly<Record<string, Words>> = {
  system: Object.fromEntries(
    SYSTEM_IDS.flatMap((id) => {
      const [vietnamese, english] = [SYSTEM_IN_SENTENCE[id], systemInSentence(id, 'en')]
      return [vietnamese, upperFirst(vietnamese)].map((name) => [name, english])
    }),
  ),
  why: NETWORK,
  state: Object.fromEntries(TRANSFER_STATES.map((state) => [describeTransferState(state), describeTransferState(state, 'en')])),
  forecast: Object.fromEntries(
    Object.entries(LEFT_OUT).map(([forecast, english]) => [lowerFirst(describeForecast(forecast as keyof typeof LEFT_OUT)), english]),
  ),
}

const PLACE = /\{(\w+)\}/g
const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
const holds = (place: string): string => (WORDS[place] ? Object.keys(WORDS[place]).map(escaped).join('|') : '[^]+?')

const KNOWN = SENTENCES.map(([vietnamese, english]) => {
  const pattern = vietnamese.split(PLACE).map((part, at) => (at % 2 === 0 ? escaped(part) : `(?<${part}>${holds(part)})`))
  return { pattern: new RegExp(`^${pattern.join('')}$`, 'u'), english }
})

const spoken = (place: string, held: string): string => (place === 'said' ? recordedInEnglish(held) : (WORDS[place]?.[held] ?? held))

/** One that is not known stays as it was written. */
export const recordedInEnglish = (sentence: string): string => {
  for (const { pattern, english } of KNOWN) {
    const found = pattern.exec(sentence)
    if (found) return upperFirst(english.replace(PLACE, (_all, place: string) => spoken(place, found.groups?.[place] ?? '')))
  }
  return sentence
}

/** For tests: the words of each that its source must have. */
export const RECORDED_WORDS: readonly string[] = SENTENCES.flatMap(([vietnamese]) =>
  vietnamese.split(PLACE).filter((_part, at) => at % 2 === 0),
)
