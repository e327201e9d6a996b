import type { DeliveryOutcome } from '../../../src/ports/target-system.js'
import { outcomeOfCall } from '../../soap/outcome-of.js'
import { FAULTS, refusalOf } from './faults.js'
import type { Answer } from './portal-calls.js'
import type { HoSoTraCuu } from './wire.js'

/** What a look-up found. FAILED carries the outcome of a sending that has written nothing yet. */
export type Found =
  | { readonly kind: 'READ'; readonly record: HoSoTraCuu | undefined }
  | { readonly kind: 'FAILED'; readonly code: string; readonly cause: string; readonly outcome: DeliveryOutcome }

/** A reply with rows of other dossiers only, or with the dossier twice, is not an answer to build on. */
export function readRecord(answer: Answer<HoSoTraCuu>, code: string): Found {
  if (answer.kind !== 'READ') return failed(outcomeOfCall(answer, FAULTS))
  const { error_code, message, result } = answer.reply
  if (error_code.trim() !== '0') return failed(refusalOf(error_code.trim(), message?.trim() ?? ''))
  const rows = result.filter((row) => row.MaHoSo === code)
  if (result.length === 0) return { kind: 'READ', record: undefined }
  if (rows.length !== 1 || result.length !== 1)
    return failed({
      kind: 'INDETERMINATE',
      code: 'OTHER_DOSSIER',
      cause: 'Trả lời tra cứu của Cổng dịch vụ công không phải của hồ sơ được hỏi (MaHoSo).',
    })
  return { kind: 'READ', record: rows[0] }
}

/** A look-up changes nothing, and its failure is no verdict on what is to be written: neither a reason to inquire nor a refusal. */
function failed(outcome: DeliveryOutcome): Found {
  const cause = `Chưa tra cứu được trước khi ghi. ${causeOf(outcome)}`
  const code = 'code' in outcome ? outcome.code : outcome.kind
  const passes = outcome.kind === 'INDETERMINATE' || outcome.kind === 'REJECTED'
  return { kind: 'FAILED', code, cause, outcome: passes ? { kind: 'UNAVAILABLE', code, cause } : outcome }
}

const causeOf = (outcome: DeliveryOutcome): string =>
  outcome.kind === 'REJECTED'
    ? `Cổng dịch vụ công từ chối cho tra cứu (error_code ${outcome.code}).`
    : 'cause' in outcome
      ? outcome.cause
      : outcome.kind
