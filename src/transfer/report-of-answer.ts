import type { CallReport } from '../model/circuit-breaker.js'
import type { JudgementCode } from '../model/failure-code.js'
import type { Evidence, InquiryAnswer, TargetSystem } from '../ports/target-system.js'

/** They answered in order, and it is we who cannot conclude from what they tell: no reason to call them less. */
const INCONCLUSIVE: ReadonlySet<string> = new Set<JudgementCode>([
  'UNTOLD',
  'NOT_COMPARABLE',
  'OTHER_KEY',
  'MAPPING_MISSING',
  'PREDECESSOR_MISSING',
  'RESTORING',
])

/** Of an inquiry that has thrown: the fault is ours, and says nothing of what they have. */
export const UNREADABLE_ANSWER: Awaited<ReturnType<TargetSystem['inquire']>> = {
  answer: { kind: 'UNKNOWN', code: 'INTERNAL', cause: 'Lỗi nội bộ của cổng liên thông khi tra cứu.' },
  evidence: {},
}

/** What an inquiry says of the system that was asked, for its breaker. */
export const reportOfAnswer = (answer: InquiryAnswer, { elapsedMs }: Evidence): CallReport => {
  if (answer.kind !== 'UNKNOWN') return { kind: 'ANSWERED' }
  if (elapsedMs === undefined) return { kind: 'SILENT' }
  return INCONCLUSIVE.has(answer.code) ? { kind: 'ANSWERED' } : { kind: 'FAILED', cause: answer.cause, code: answer.code }
}
