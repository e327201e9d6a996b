import type { Failure } from '../model/failure-cause.js'
import { PROVED_BY_INQUIRY } from '../model/failure-code.js'
import { nextWaitMs, type RetrySchedule } from '../model/retry-schedule.js'
import type { DeliveryOutcome, InquiryAnswer, InquiryStrength } from '../ports/target-system.js'
import type { ClaimedTransfer, Settlement } from './claim-repository.js'
import type { LateAnswer } from './late-answer-repository.js'

/**
 * What the machine does with each outcome, as pure functions. Two rules stand above all: nothing that may have been processed is
 * re-sent before the other side has said twice, late enough, that it is not there; and nothing that a person must decide is
 * retried by the machine.
 */
export interface SettlementRules {
  readonly schedule: RetrySchedule
  /** Wait before the first inquiry of an unknown outcome, and between the two that must both say "not there". */
  readonly inquiryWaitMs: number
  readonly inquiryStrength: InquiryStrength
  /** Longest that the other side may still be processing after the last possible send. */
  readonly maxProcessingMs: number
  /** In [0, 1), for the jitter. */
  readonly random: number
}

type Counts = Pick<Settlement, 'retryCount' | 'absentCount'>

const failureOf = (of: Failure): Failure => ({
  kind: of.kind,
  code: of.code,
  ...(of.field !== undefined && { field: of.field }),
  ...(of.side !== undefined && { side: of.side }),
})

const overBudget = (claim: ClaimedTransfer, waitMs: number): boolean => claim.now.getTime() + waitMs > claim.budgetUntil.getTime()

export const settlementOfOutcome = (claim: ClaimedTransfer, outcome: DeliveryOutcome, rules: SettlementRules): Settlement => {
  const counts: Counts = { retryCount: claim.retryCount, absentCount: 0 }
  if (outcome.kind === 'ACCEPTED') return { ...counts, to: 'DELIVERED', externalRef: outcome.externalRef }
  const failed = { ...counts, failure: failureOf(outcome) }
  switch (outcome.kind) {
    case 'REJECTED':
      return { ...failed, to: 'REJECTED', lastError: `${outcome.reason.replace(/\.$/, '')} (${outcome.code}).`, errorField: outcome.field }
    case 'CONFLICT':
      return { ...failed, to: 'HELD', heldReason: 'CONFLICT', lastError: outcome.theirs, errorField: outcome.field }
    case 'NOT_SENT':
      return { ...failed, to: 'HELD', heldReason: outcome.code, lastError: outcome.reason, errorField: outcome.field }
    case 'UNAVAILABLE': {
      const retryCount = claim.retryCount + 1
      const waitMs = nextWaitMs(rules.schedule, retryCount, rules.random, outcome.retryAfterMs)
      if (overBudget(claim, waitMs)) return { ...failed, retryCount, to: 'EXHAUSTED', lastError: outcome.cause }
      return { ...failed, retryCount, to: 'WAITING_RETRY', waitMs, lastError: outcome.cause }
    }
    case 'INDETERMINATE':
      if (rules.inquiryStrength === 'NONE') return { ...failed, to: 'HELD', heldReason: 'UNCERTAIN', lastError: outcome.cause }
      return { ...failed, to: 'INDETERMINATE', waitMs: rules.inquiryWaitMs, lastError: outcome.cause }
  }
}

/** What they have taken, as a stalled worker has heard when it was to be sent again already, is asked for once more in place of that. */
export const settlementOfLateAcceptance = ({ retryCount }: ClaimedTransfer): Settlement => ({
  to: 'INDETERMINATE',
  waitMs: 0,
  retryCount,
  absentCount: 0,
  lastError: 'Hệ thống nhận đã trả lời muộn là nhận được; đang hỏi lại thay vì gửi lại.',
  failure: { kind: 'UNKNOWN', code: 'CONTRADICTED' },
})

/** `late`: what a stalled worker has heard of the last sending. */
export const settlementOfAnswer = (
  claim: ClaimedTransfer,
  answer: InquiryAnswer,
  rules: SettlementRules,
  late?: LateAnswer,
): Settlement => {
  const counts: Counts = { retryCount: claim.retryCount, absentCount: claim.absentCount }
  const adopting = claim.mode === 'ADOPT'
  switch (answer.kind) {
    case 'SAME':
      if (late?.outcome === 'CONFLICT' && !PROVED_BY_INQUIRY.has(late.failure.code))
        return {
          ...counts,
          to: 'HELD',
          heldReason: 'CONFLICT',
          lastError: late.detail,
          errorField: late.failure.field,
          failure: late.failure,
        }
      return { ...counts, to: 'DELIVERED', externalRef: answer.externalRef }
    case 'DIFFERENT':
      return {
        ...counts,
        to: 'HELD',
        heldReason: adopting ? 'ADOPT_DIFFERS' : 'CONFLICT',
        lastError: answer.theirs,
        errorField: answer.field,
        failure: failureOf(adopting ? { ...answer, kind: 'HELD', code: 'ADOPT_DIFFERS' } : { ...answer, kind: 'CONFLICT' }),
      }
    case 'ABSENT':
      return adopting
        ? {
            ...counts,
            to: 'HELD',
            heldReason: 'ADOPT_ABSENT',
            lastError: 'Hệ thống nhận chưa có hồ sơ này.',
            failure: { kind: 'HELD', code: 'ADOPT_ABSENT' },
          }
        : settlementOfAbsent(claim, rules, late)
    case 'UNKNOWN': {
      const failed = { ...counts, failure: failureOf(answer) }
      if (rules.inquiryStrength === 'NONE') return { ...failed, to: 'HELD', heldReason: 'UNCERTAIN', lastError: answer.cause }
      const retryCount = claim.retryCount + 1
      const waitMs = nextWaitMs(rules.schedule, retryCount, rules.random)
      if (overBudget(claim, waitMs)) return { ...failed, retryCount, to: 'HELD', heldReason: 'UNCERTAIN', lastError: answer.cause }
      return { ...failed, retryCount, to: 'INDETERMINATE', waitMs, lastError: answer.cause }
    }
  }
}

/**
 * "Not there" counts only later than their longest processing time after the last possible send, and only the second time. Then it is a failed sending
 * like any other: the next one comes by the schedule, in which the time that was spent on asking counts. The answer is no failure of its own: what the sending
 * failed by stays its cause. What they had answered to the sending itself counts for more: one that they refused is not there because of that, and what they
 * have taken, as it was sent or not, cannot be absent.
 */
const settlementOfAbsent = (claim: ClaimedTransfer, rules: SettlementRules, late: LateAnswer | undefined): Settlement => {
  const lastError = 'Hệ thống nhận trả lời là chưa có; đang xác nhận lại trước khi gửi lại.'
  const counts: Counts = { retryCount: claim.retryCount, absentCount: claim.absentCount }
  if (late?.outcome === 'REJECTED')
    return { ...counts, to: 'REJECTED', lastError: late.detail, errorField: late.failure.field, failure: late.failure }
  if (late)
    return {
      ...counts,
      to: 'HELD',
      heldReason: 'UNCERTAIN',
      lastError: 'Hệ thống nhận đã trả lời là nhận được, nay lại trả lời là chưa có.',
      failure: { kind: 'UNKNOWN', code: 'CONTRADICTED' },
    }
  const sinceSendMs = claim.now.getTime() - (claim.lastSendAt?.getTime() ?? 0)
  const early = rules.maxProcessingMs - sinceSendMs
  if (early > 0) return { ...counts, to: 'INDETERMINATE', waitMs: early + 1, lastError }
  if (claim.absentCount === 0) return { ...counts, absentCount: 1, to: 'INDETERMINATE', waitMs: rules.inquiryWaitMs, lastError }
  const failed: Counts = { retryCount: claim.retryCount + 1, absentCount: 0 }
  const waitMs = Math.max(nextWaitMs(rules.schedule, failed.retryCount, rules.random) - sinceSendMs, 0)
  if (overBudget(claim, waitMs))
    return { ...failed, to: 'EXHAUSTED', lastError: 'Hệ thống nhận xác nhận chưa có; đã hết thời hạn gửi lại.' }
  return { ...failed, to: 'WAITING_RETRY', waitMs, lastError: 'Hệ thống nhận xác nhận chưa có; gửi lại.' }
}
