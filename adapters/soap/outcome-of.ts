import type { SystemId } from '../../src/model/system.js'
import { quoteTheirWords } from '../../src/model/their-words.js'
import type { DeliveryOutcome, NotSent } from '../../src/ports/target-system.js'
import { type CallFailure, failureSentence } from './failure-sentence.js'
import { describeFailure, type FaultRejection, type FaultTable, saidBefore, showsOf } from './fault-table.js'
import { faultKeys, type SoapFault } from './faults.js'

/** Of all that is not a reply. Replies are the adapter's own to judge. */
export function outcomeOfCall(result: CallFailure, table: FaultTable): DeliveryOutcome {
  const { code, cause } = describeFailure(result, table)
  switch (result.kind) {
    case 'NOT_SENT':
      return result.why === 'BODY_INVALID'
        ? bodyInvalid(result, cause)
        : { kind: 'UNAVAILABLE', code, cause, ...(result.why === 'STALLED' && { shows: 'SILENT' }) }
    case 'FAULT':
      return outcomeOfFault(result.fault, { code, cause }, table)
    case 'HTTP_ERROR':
      return outcomeOfStatus(result.status, result.retryAfterMs, { code, cause }, table)
    case 'NO_ANSWER':
      return { kind: 'INDETERMINATE', code, cause }
  }
}

function bodyInvalid({ field }: Extract<CallFailure, { kind: 'NOT_SENT' }>, reason: string): NotSent {
  return { kind: 'NOT_SENT', code: 'BODY_INVALID', reason, ...(field !== undefined && { field }) }
}

/** The same of a value that was only looked at (`SoapClient.refusalOf`). */
export function notSentOf(system: SystemId, refusal: Extract<CallFailure, { kind: 'NOT_SENT' }> | undefined): NotSent | null {
  return refusal ? bodyInvalid(refusal, failureSentence(system, refusal)) : null
}

function outcomeOfFault(fault: SoapFault, why: { code: string; cause: string }, table: FaultTable): DeliveryOutcome {
  const rejection = rejectionOf(fault, table)
  if (rejection) {
    const { code, reason: ours, field, side } = rejection
    const theirs = quoteTheirWords(fault.reason)
    const reason = ours && theirs ? `${ours.replace(/\.$/, '')}: ${theirs}.` : ours || theirs || why.cause
    return { kind: 'REJECTED', code, reason, ...(field !== undefined && { field }), ...(side !== undefined && { side }) }
  }
  const said = saidBefore(fault, table)
  if (!said) return { kind: 'INDETERMINATE', ...why }
  return { kind: 'UNAVAILABLE', ...why, ...showsOf(said) }
}

function rejectionOf(fault: SoapFault, table: FaultTable): (FaultRejection & { code: string }) | undefined {
  const { rejections } = table
  if (typeof rejections === 'function') return rejections(fault)
  const code = faultKeys(fault).find((key) => Object.hasOwn(rejections, key))
  return code === undefined ? undefined : { code, ...rejections[code] }
}

/** 401 and 403 come from the door: nothing was processed, and an operator must see that the credentials are at fault. */
function outcomeOfStatus(
  status: number,
  retryAfterMs: number | undefined,
  why: { code: string; cause: string },
  table: FaultTable,
): DeliveryOutcome {
  if (status === 401 || status === 403) return { kind: 'UNAVAILABLE', ...why }
  if (!table.statusesBeforeProcessing.includes(status)) return { kind: 'INDETERMINATE', ...why }
  return { kind: 'UNAVAILABLE', ...why, ...(retryAfterMs !== undefined && { retryAfterMs }) }
}
