import type { CauseSide } from '../../src/model/cause-side.js'
import type { SystemId } from '../../src/model/system.js'
import { quoteTheirWords } from '../../src/model/their-words.js'
import type { DeliveryOutcome, NotSent } from '../../src/ports/target-system.js'
import { failureCode, faultCode } from './failure-code.js'
import { type CallFailure, failureSentence } from './failure-sentence.js'
import { faultKeys, type SoapFault } from './faults.js'

/** What an adapter knows of its system's faults. What it does not know is INDETERMINATE: inquired before anything is sent again. */
export interface FaultTable {
  readonly system: SystemId
  /** Faults that this system raises before it has changed anything, by one of their `faultKeys`. */
  readonly faultsBeforeProcessing: ReadonlySet<string> | ((fault: SoapFault) => boolean)
  /** For those of them that a person ends, a Vietnamese sentence without its full stop on who has to do what: it is shown as the system's last failure. */
  readonly causes?: Readonly<Record<string, string>>
  /** Those of them that are said of one operation and not of the system, which would have taken another: they tell that it is well. */
  readonly faultsOfOneOperation?: ReadonlySet<string>
  /** Faults that mean "understood and refused". */
  readonly rejections: Readonly<Record<string, FaultRejection>> | ((fault: SoapFault) => (FaultRejection & { code: string }) | undefined)
  /** HTTP statuses that this system (or what stands before it) gives before processing: 429, or 503 where that is declared. */
  readonly statusesBeforeProcessing: readonly number[]
}

export interface FaultRejection {
  /** A Vietnamese sentence for an officer; the fault's own words are shown behind it, quoted. */
  readonly reason?: string
  /** Our name of the field that is to be mended. */
  readonly field?: string
  /** Whose fault it is, where the code alone tells. */
  readonly side?: CauseSide
}

/** Of all that is not a reply. Replies are the adapter's own to judge. */
export function outcomeOfCall(result: CallFailure, table: FaultTable): DeliveryOutcome {
  const cause = failureSentence(table.system, result)
  const code = failureCode(result)
  switch (result.kind) {
    case 'NOT_SENT':
      return result.why === 'BODY_INVALID'
        ? bodyInvalid(result, cause)
        : { kind: 'UNAVAILABLE', code, cause, ...(result.why === 'STALLED' && { shows: 'SILENT' }) }
    case 'FAULT':
      return outcomeOfFault(result.fault, cause, table)
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

function outcomeOfFault(fault: SoapFault, cause: string, table: FaultTable): DeliveryOutcome {
  const rejection = rejectionOf(fault, table)
  if (rejection) {
    const { code, reason: ours, field, side } = rejection
    const theirs = quoteTheirWords(fault.reason)
    const reason = ours && theirs ? `${ours.replace(/\.$/, '')}: ${theirs}.` : ours || theirs || cause
    return { kind: 'REJECTED', code, reason, ...(field !== undefined && { field }), ...(side !== undefined && { side }) }
  }
  const early = table.faultsBeforeProcessing
  if (!(typeof early === 'function' ? early(fault) : faultKeys(fault).some((key) => early.has(key))))
    return { kind: 'INDETERMINATE', code: faultCode(fault), cause }
  const known = faultKeys(fault).find((key) => table.causes?.[key] !== undefined)
  const isOfOne = faultKeys(fault).some((key) => table.faultsOfOneOperation?.has(key))
  return {
    kind: 'UNAVAILABLE',
    code: faultCode(fault),
    cause: known === undefined ? cause : `${table.causes?.[known]} (${known}).`,
    ...(isOfOne && { shows: 'ANSWERED' as const }),
  }
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
