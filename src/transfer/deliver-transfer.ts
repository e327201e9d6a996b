import type { CallReport, OperationClass } from '../model/circuit-breaker.js'
import { type RetrySchedule, retryAfterWithin } from '../model/retry-schedule.js'
import type { SystemId } from '../model/system.js'
import { systemOf } from '../model/system.js'
import { runWithCorrelation } from '../platform/correlation.js'
import type { Sql } from '../platform/database.js'
import type { DeliveryOutcome, Evidence, Sending, TargetSystem } from '../ports/target-system.js'
import type { AttemptClose, ClaimedTransfer, Settlement } from './claim-repository.js'
import { deskOf, type Visited } from './desk.js'
import { readLateAnswer } from './late-answer-repository.js'
import { reportOfAnswer, UNREADABLE_ANSWER } from './report-of-answer.js'
import { settleInHand } from './settle-in-hand.js'
import { type SettlementRules, settlementOfAnswer, settlementOfLateAcceptance, settlementOfOutcome } from './settlement.js'
import type { Gate, Settling } from './turn-repository.js'

/**
 * Chuyển các lượt liên thông: the transfers of one system, one after the other, the most urgent first.
 *
 *   claim (token, lease, attempt row: one commit) → call → outcome as a value → settle (move and attempt), and claim the next: one commit
 *
 * The claim decides what is done: a transfer whose outcome is unknown, or that only adopts, is inquired; all others are sent. No
 * database transaction is open while the other side is called. When this process dies at any point, the lease runs out
 * and the transfer is inquired. When it stalls beyond its lease, its settlement finds another token and moves nothing; when it
 * stalls before the first byte, so long that the call could outlive the lease, it does not send. An answer in hand is brought again when
 * the database cannot take it, also beyond the lease (`settleInHand`). A failure that a call shows of the other side's
 * health is in its breaker before the same sender claims again; an answer too late to be settled shows nothing but our own stalling.
 */
export interface DeliveryDependencies {
  readonly sql: Sql
  readonly targets: ReadonlyMap<SystemId, TargetSystem>
  readonly rules: Pick<SettlementRules, 'schedule' | 'inquiryWaitMs'>
  /** Added to the longest call deadline of a system: its lease. */
  readonly leaseMarginMs: number
  /** Name of this process, for the attempt row. */
  readonly worker: string
  readonly random: () => number
  /** Told after each attempt, for health, metrics and the log; under the transfer's correlation id. */
  readonly onAttempt: (report: AttemptReport) => void
  /** Writes what a call showed of a system's health, for all processes. Not asked for an answer of a system whose breaker is calm. */
  readonly reportCall: (systemId: SystemId, operationClass: OperationClass, report: CallReport, begunAt: Date) => Promise<void>
  /** Told of an adapter that threw, which it never should, and of a report that could not be written: faults of ours, not of the other side. */
  readonly onError: (error: unknown, transferId: string) => void
}

export interface AttemptReport {
  readonly transferId: string
  readonly systemId: SystemId
  readonly operation: string
  readonly kind: 'SEND' | 'INQUIRE'
  /** Kind of the outcome or answer. */
  readonly outcome: string
  readonly state: string
  /** Its right to send had passed on: the transfer was not moved to `state`. */
  readonly late: boolean
  readonly elapsedMs: number
  /** Technical code of what it failed by, beside the sentence. */
  readonly code?: string
  readonly cause?: string
}

/** Why no more can be done for now. LATER: the gate is shut or full; there may be work at `at`, in `waitMs` by the database's clock; or it was told to stop. */
export type Rest = { readonly kind: 'NOTHING' } | { readonly kind: 'LATER'; readonly at: Date; readonly waitMs: number }

/** When the calls in flight are as many as may be, one of them may end at any time. */
const IN_FLIGHT_WAIT_MS = 200
/** At a limited rate a sender comes back no more often than this; there are many, so that the bucket does not run over meanwhile. */
const LEAST_RATE_WAIT_MS = 50

const restOf = ({ deferral, waitMs, shutUntil, now }: Gate): Rest => {
  const after = (ms: number): Rest => ({ kind: 'LATER', at: new Date(now.getTime() + ms), waitMs: ms })
  if (deferral === 'PAUSED') return { kind: 'NOTHING' }
  if (deferral === 'BUSY') return after(0)
  if (deferral === 'RATE') return after(Math.max(waitMs ?? 0, LEAST_RATE_WAIT_MS))
  if (deferral === 'IN_FLIGHT') return after(IN_FLIGHT_WAIT_MS)
  return shutUntil ? after(Math.max(shutUntil.getTime() - now.getTime(), 1)) : { kind: 'NOTHING' }
}

/**
 * Delivers until nothing of the system may be claimed now, or until `goesOn`, asked after each, says no. `isStopping`: the process is to end, and an
 * answer that cannot be settled keeps it no longer.
 */
export const deliver = async (
  deps: DeliveryDependencies,
  systemId: SystemId,
  goesOn: () => boolean,
  isStopping: () => boolean = () => false,
): Promise<{ delivered: number; rest: Rest }> => {
  const target = deps.targets.get(systemId)
  if (!target) return { delivered: 0, rest: { kind: 'NOTHING' } }
  const leaseMs = leaseMsOf(target, deps.leaseMarginMs)
  const desk = deskOf(deps.sql, {
    systemId,
    leaseMs,
    worker: deps.worker,
    requestsPerClaim: target.requestsPerStep,
  })
  let visitAt = performance.now()
  let found = await desk.turn({ wantsNext: true })
  for (let delivered = 0; ; delivered += 1) {
    const { claim, gate } = found
    if (!claim) return { delivered, rest: gate ? restOf(gate) : { kind: 'NOTHING' } }
    const leaseEndsAt = visitAt + leaseMs
    const called = await call(deps, target, claim, visitAt)
    const isCalm = (known: Visited | undefined): boolean => called.report.kind !== 'FAILED' && known?.calm.includes(claim.kind) === true
    const wantsNext = isCalm(found) && goesOn()
    visitAt = performance.now()
    const next = await settleInHand(desk, { settling: called.settling, wantsNext, leaseEndsAt, isStopping })
    const late = next.settled === false
    runWithCorrelation(claim.correlationId, () => deps.onAttempt({ ...called.attempt, late }))
    // An answer among the failures of others, who may have failed since this one was claimed, is what keeps them from being five in a row.
    const isStale = late || performance.now() > leaseEndsAt
    if (!isStale && !(isCalm(found) && isCalm(next)))
      await deps.reportCall(systemId, claim.kind, called.report, claim.now).catch((error: unknown) => {
        // What the same turn has claimed is called all the same: dropped here, nobody would know for a lease whether it was sent.
        if (!next.claim) throw error
        deps.onError(error, claim.id)
      })
    if (next.gate) found = next
    else if (!goesOn()) return { delivered: delivered + 1, rest: { kind: 'LATER', at: claim.now, waitMs: 0 } }
    else {
      visitAt = performance.now()
      found = await desk.turn({ wantsNext: true })
    }
  }
}

interface Called {
  readonly settling: Settling
  readonly attempt: Omit<AttemptReport, 'late'>
  readonly report: CallReport
}

const call = (deps: DeliveryDependencies, target: TargetSystem, claim: ClaimedTransfer, claimedAt: number): Promise<Called> =>
  runWithCorrelation(claim.correlationId, async () => {
    const startedAt = performance.now()
    const { move, attempt, report } = await callAndDecide(deps, target, claim, claimedAt)
    const settling: Settling = [claim, move, attempt]
    return {
      settling,
      report,
      attempt: {
        transferId: claim.id,
        systemId: systemOf(claim.operation),
        operation: claim.operation,
        kind: claim.kind,
        outcome: attempt.outcome,
        state: move.to,
        elapsedMs: performance.now() - startedAt,
        ...(move.failure && { code: move.failure.code }),
        cause: move.lastError,
      },
    }
  })

const leases = new WeakMap<TargetSystem, number>()

/** Longest call deadline among the operations of a system, plus the margin. A send may need an inquiry in the same step: twice. */
const leaseMsOf = (target: TargetSystem, marginMs: number): number => {
  const known = leases.get(target)
  if (known !== undefined) return known
  const leaseMs = Math.max(...target.operations.map((operation) => target.traits(operation).callDeadlineMs)) * 2 + marginMs
  leases.set(target, leaseMs)
  return leaseMs
}

/** Between the claim and the call this process stood still: no byte has left. */
const NOT_CALLED: Awaited<ReturnType<TargetSystem['send']>> = {
  outcome: { kind: 'UNAVAILABLE', code: 'STALLED', cause: 'Tiến trình chuyển bị dừng quá lâu trước khi gửi; sẽ gửi lại (STALLED).' },
  evidence: {},
}

/** What an adapter that threw leaves us with: it may have sent, so it counts as an unknown outcome and is inquired. */
const PERHAPS_SENT: Awaited<ReturnType<TargetSystem['send']>> = {
  outcome: { kind: 'INDETERMINATE', code: 'INTERNAL', cause: 'Lỗi nội bộ của cổng liên thông khi gửi.' },
  evidence: {},
}
const callAndDecide = async (
  deps: DeliveryDependencies,
  target: TargetSystem,
  claim: ClaimedTransfer,
  claimedAt: number,
): Promise<{ move: Settlement; attempt: AttemptClose; report: CallReport }> => {
  const traits = target.traits(claim.operation)
  const asked: Sending = { ...claim, adopting: claim.mode === 'ADOPT' }
  const rules: SettlementRules = {
    ...deps.rules,
    inquiryStrength: traits.inquiryStrength,
    maxProcessingMs: traits.maxProcessingMs,
    random: deps.random(),
  }
  if (claim.kind === 'INQUIRE') {
    const late = claim.lateOutcome ? await readLateAnswer(deps.sql, claim.id, claim.lateOutcome) : undefined
    const { answer, evidence } = await target.inquire(asked).catch((error: unknown) => {
      deps.onError(error, claim.id)
      return UNREADABLE_ANSWER
    })
    const move = settlementOfAnswer(claim, answer, rules, late)
    return { move, attempt: closeOf(answer.kind, move, evidence), report: reportOfAnswer(answer, evidence) }
  }
  if (claim.lateOutcome) {
    const move = settlementOfLateAcceptance(claim)
    return { move, attempt: closeOf('NOT_SENT', move, {}), report: { kind: 'SILENT' } }
  }
  // A call with its whole deadline must be over with the lease, which began no sooner than this process asked for the claim.
  const beginBefore = claimedAt + leaseMsOf(target, deps.leaseMarginMs) - traits.callDeadlineMs
  const sent = (): ReturnType<TargetSystem['send']> =>
    target.send({ ...asked, beginBefore }).catch((error: unknown) => {
      deps.onError(error, claim.id)
      return PERHAPS_SENT
    })
  const { outcome, evidence } = performance.now() - claimedAt >= deps.leaseMarginMs ? NOT_CALLED : await sent()
  const move = settlementOfOutcome(claim, outcome, rules)
  return {
    move,
    attempt: closeOf(outcome.kind, move, evidence),
    report: reportOfOutcome(outcome, evidence, deps.rules.schedule),
  }
}

/** What has no evidence of a call was not made, or failed by a fault of ours: that says nothing of the other side. */
const reportOfOutcome = (outcome: DeliveryOutcome, { elapsedMs }: Evidence, schedule: RetrySchedule): CallReport => {
  if (outcome.kind === 'NOT_SENT' || elapsedMs === undefined) return { kind: 'SILENT' }
  if (outcome.kind === 'INDETERMINATE') return { kind: 'FAILED', cause: outcome.cause, code: outcome.code }
  if (outcome.kind !== 'UNAVAILABLE') return { kind: 'ANSWERED' }
  if (outcome.shows !== undefined) return { kind: outcome.shows }
  return { kind: 'FAILED', cause: outcome.cause, code: outcome.code, retryAfterMs: retryAfterWithin(schedule, outcome.retryAfterMs) }
}

/** Longest text of a request or reply that an attempt keeps. */
const EVIDENCE_CHARS = 65_536

const closeOf = (outcome: string, move: Settlement, evidence: Evidence): AttemptClose => ({
  outcome,
  detail: move.lastError,
  httpStatus: evidence.httpStatus,
  elapsedMs: evidence.elapsedMs === undefined ? undefined : Math.round(evidence.elapsedMs),
  requestXml: evidence.requestXml?.slice(0, EVIDENCE_CHARS),
  responseText: evidence.responseText?.slice(0, EVIDENCE_CHARS),
})
