import { upperFirst } from '../../src/model/first-letter.js'
import { SYSTEM_IN_SENTENCE, type SystemId } from '../../src/model/system.js'
import { quoteTheirWords } from '../../src/model/their-words.js'
import type { CallResult, NoAnswerCause } from './call-result.js'
import { faultKeys, type SoapFault } from './faults.js'
import { WSSE_FAULTS } from './security.js'

/**
 * Câu giải thích vì sao một lần gọi không có trả lời dùng được: the one place that says failures of the way there and back to an officer. The technical
 * code stands in parentheses at the end, for whoever has to mend it. The other side's own words stand in “…” (`model/their-words.ts`).
 */
export type CallFailure = Exclude<CallResult, { kind: 'REPLY' }>

export function failureSentence(system: SystemId, result: CallFailure): string {
  const name = SYSTEM_IN_SENTENCE[system]
  switch (result.kind) {
    case 'NOT_SENT':
      return `${notSent(name, result.why, result.cause)}.`
    case 'HTTP_ERROR':
      return `${upperFirst(statusWords(name, result.status))} (HTTP ${result.status}).`
    case 'NO_ANSWER':
      return `${upperFirst(NO_ANSWER_WORDS[result.cause](name))} (${result.cause}: ${result.detail}).`
    case 'FAULT':
      return faultSentence(system, result.fault, result.httpStatus)
  }
}

/** `Cổng dịch vụ công báo lỗi: “Không tìm thấy hồ sơ” (SOAP fault Client.E104, HTTP 500).` */
function faultSentence(system: SystemId, fault: SoapFault, httpStatus: number): string {
  const name = upperFirst(SYSTEM_IN_SENTENCE[system])
  const code = (fault.subcode ?? fault.code).replace(/[^\w.-]/g, '').slice(0, LONGEST_CODE) || 'không mã'
  const technical = `(SOAP fault ${code}, HTTP ${httpStatus})`
  if (faultKeys(fault).some((key) => CREDENTIALS.has(key))) return `${name} không chấp nhận tài khoản của cổng liên thông ${technical}.`
  const words = quoteTheirWords(fault.reason)
  return `${name} báo lỗi${words && `: ${words}`} ${technical}.`
}

const LONGEST_CODE = 80
const CREDENTIALS: ReadonlySet<string> = new Set(WSSE_FAULTS)

function notSent(name: string, why: Extract<CallFailure, { kind: 'NOT_SENT' }>['why'], cause: string): string {
  switch (why) {
    case 'UNREACHABLE':
      return `Không kết nối được tới ${name}: ${connectionWords(cause)} (${cause})`
    case 'DEADLINE':
      return `Hết thời hạn trước khi gửi được tới ${name} (${why})`
    case 'ABORTED':
      return `Cổng liên thông dừng trước khi gửi tới ${name} (${why})`
    case 'STALLED':
      return `Cổng liên thông bị dừng quá lâu trước khi gửi tới ${name}, không gửi nữa (${why})`
    case 'BODY_INVALID':
      return `Nội dung không đúng hợp đồng dịch vụ của ${name}, chưa gửi (${cause})`
  }
}

const CONNECTION_WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'máy chủ từ chối kết nối',
  ECONNRESET: 'kết nối bị ngắt',
  EPIPE: 'kết nối bị ngắt',
  UND_ERR_SOCKET: 'kết nối bị ngắt',
  ENOTFOUND: 'không tìm thấy địa chỉ máy chủ',
  EAI_AGAIN: 'chưa tra được địa chỉ máy chủ',
  EHOSTUNREACH: 'không có đường mạng tới máy chủ',
  ENETUNREACH: 'không có đường mạng tới máy chủ',
  ETIMEDOUT: 'quá thời gian chờ kết nối',
  UND_ERR_CONNECT_TIMEOUT: 'quá thời gian chờ kết nối',
}

/** OpenSSL's and Node's codes of a certificate that is not trusted, and of a secure channel that does not come about. */
const CERTIFICATE = /CERT|SIGNATURE|ISSUER/
const SECURE_CHANNEL = /^(?:ERR_SSL|ERR_TLS|EPROTO)/

function connectionWords(code: string): string {
  const known = CONNECTION_WORDS[code]
  if (known !== undefined) return known
  if (CERTIFICATE.test(code)) return 'chứng thư số của máy chủ không được tin cậy'
  return SECURE_CHANNEL.test(code) ? 'không lập được kênh mã hóa' : 'lỗi mạng'
}

const NO_ANSWER_WORDS: Readonly<Record<NoAnswerCause, (name: string) => string>> = {
  TIMEOUT: (name) => `${name} không trả lời trong thời hạn`,
  RESET: (name) => `kết nối tới ${name} bị ngắt khi chưa có trả lời`,
  BROKEN_REPLY: (name) => `trả lời của ${name} bị cắt ngang hoặc sai cấu trúc`,
  TOO_LARGE: (name) => `trả lời của ${name} lớn hơn mức cho phép`,
  WRONG_CONTENT_TYPE: (name) => `${name} trả lời không phải bằng XML`,
  HOSTILE_XML: (name) => `trả lời của ${name} có khai báo XML không được chấp nhận`,
  OTHER_ANSWER: (name) => `trả lời của ${name} không phải cho yêu cầu này`,
  NOT_UNDERSTOOD: (name) => `trả lời của ${name} có phần tiêu đề bắt buộc mà cổng liên thông không hiểu`,
  ABORTED: (name) => `cổng liên thông dừng khi đang chờ ${name} trả lời`,
}

function statusWords(name: string, status: number): string {
  if (status === 401 || status === 403) return `${name} không chấp nhận tài khoản của cổng liên thông`
  if (status === 404) return `${name} không có dịch vụ ở địa chỉ đã cấu hình`
  if (status === 413) return `${name} không nhận thông điệp lớn như vậy`
  if (status === 429) return `${name} đề nghị gọi chậm lại`
  if (status === 502 || status === 503 || status === 504) return `${name} tạm thời không phục vụ`
  return status >= 500 ? `${name} gặp lỗi khi xử lý` : `${name} không trả lời đúng dịch vụ`
}
