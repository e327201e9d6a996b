import { CREDENTIALS } from '../../src/model/failure-code.js'
import type { CallFailure } from './failure-sentence.js'
import { faultKeys, type SoapFault } from './faults.js'
import { WSSE_FAULTS } from './security.js'

/** Mã của một lần gọi không có trả lời dùng được: `ECONNREFUSED`, `TIMEOUT`, `HTTP_503`, `FAULT_Server.E104`. The same failure has the same one, whatever it says. */
export function failureCode(result: CallFailure): string {
  switch (result.kind) {
    case 'NOT_SENT':
      return result.why === 'UNREACHABLE' ? result.cause : result.why
    case 'HTTP_ERROR':
      return `HTTP_${result.status}`
    case 'NO_ANSWER':
      return result.cause
    case 'FAULT':
      return faultCode(result.fault)
  }
}

function faultCode(fault: SoapFault): string {
  if (faultKeys(fault).some((key) => WSSE_FAULTS.includes(key))) return CREDENTIALS
  return `FAULT_${(fault.subcode ?? fault.code) || 'NONE'}`
}
