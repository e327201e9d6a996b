import type { OwnFault } from './faults.js'
import type { XmlRefusalReason, XmlRefused } from './xml-parse.js'

/** The faults that our inbound services answer. Codes are stable: other systems may build on them. */
export const FAULTS = {
  failedAuthentication: {
    side: 'WSSE',
    code: 'FailedAuthentication',
    reason: 'Thông tin xác thực không đúng, đã hết hạn hoặc đã được dùng.',
  },
  mustUnderstand: { side: 'MUST_UNDERSTAND', code: 'MUST_UNDERSTAND', reason: 'Có phần tiêu đề bắt buộc mà hệ thống này không hiểu.' },
  noOperation: { side: 'CLIENT', code: 'UNKNOWN_OPERATION', reason: 'Thao tác được gọi không có trong dịch vụ này.' },
  /** Answered with HTTP 503 and Retry-After; the sentence says whether it may have been kept. */
  unavailable: { side: 'SERVER', code: 'UNAVAILABLE', reason: 'Hệ thống tạm thời không ghi được dữ liệu. Vui lòng gửi lại.' },
  internal: { side: 'SERVER', code: 'INTERNAL', reason: 'Hệ thống gặp lỗi khi xử lý, bản tin chưa được ghi nhận. Vui lòng gửi lại.' },
} as const satisfies Record<string, OwnFault>

const REFUSALS: Readonly<Record<XmlRefusalReason, { code: string; reason: string }>> = {
  DTD: { code: 'DTD_REFUSED', reason: 'Bản tin có khai báo DTD hoặc thực thể (entity), không được chấp nhận.' },
  TOO_LARGE: { code: 'TOO_LARGE', reason: 'Bản tin vượt quá dung lượng cho phép.' },
  TOO_DEEP: { code: 'TOO_DEEP', reason: 'Bản tin lồng quá nhiều cấp.' },
  MALFORMED: { code: 'MALFORMED_XML', reason: 'Bản tin không phải là XML đúng quy cách hoặc bị cắt ngang.' },
  NOT_SOAP: { code: 'NOT_SOAP', reason: 'Bản tin không phải là một phong bì SOAP hợp lệ.' },
  WRONG_ELEMENT: { code: 'WRONG_ELEMENT', reason: 'Bản tin thiếu, lặp hoặc thừa trường so với hợp đồng dịch vụ' },
  WRONG_TYPE: { code: 'WRONG_TYPE', reason: 'Một trường của bản tin sai kiểu dữ liệu so với hợp đồng dịch vụ' },
}

export function faultOfRefusal(refused: XmlRefused): OwnFault {
  const { code, reason } = REFUSALS[refused.reason]
  if (reason.endsWith('.')) return { side: 'CLIENT', code, reason }
  return { side: 'CLIENT', code, reason: refused.field === undefined ? `${reason}.` : `${reason}: ${refused.field}.` }
}
