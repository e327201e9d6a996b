import type { SystemId } from '../model/system.js'
import { systemOf } from '../model/system.js'
import { runWithCorrelation } from '../platform/correlation.js'
import type { Sql } from '../platform/database.js'
import type { Evidence, Sending, TargetSystem } from '../ports/target-system.js'
import {
  type AttemptClose,
  type ClaimedTransfer,
  claimSome,
  type Settlement,
  type Settling,
  settleClaim,
  settleClaims,
} from './claim-repository.js'
import { joinCalls } from './joined-calls.js'
import { type SettlementRules, settlementOfAnswer, settlementOfOutcome } from './settlement.js'

/**
 * Chuyển một lượt liên thông: one step of one transfer to one system.
 *
 *   claim (token, lease, attempt row: one commit) → call → outcome as a value → settle (move and attempt: one commit)
 *
 * The claim decides what is done: a transfer whose outcome is unknown, or that only adopts, is inquired; all others are sent. No
 * database transaction is open while the other side is called. When this process dies at any point, the lease runs out
 * and the transfer is inquired. When it stalls beyond its lease, its settlement finds another token and moves nothing; when it
 * stalls before the call, so long that the call could outlive the lease, it does not call.
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
  /** Told of an adapter that threw, which it never should: a fault of ours, not of the other side. */
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
  readonly elapsedMs: number
  readonly cause?: string
}

/** Delivers the most urgent eligible transfer of a system. NOTHING when there is none. */
export const deliverNext = async (deps: DeliveryDependencies, systemId: SystemId): Promise<'DONE' | 'NOTHING'> => {
  const target = deps.targets.get(systemId)
  if (!target) return 'NOTHING'
  const claimedAt = performance.now()
  const desk = deskOf(deps, systemId, leaseMsOf(target, deps.leaseMarginMs))
  const claim = await desk.claim()
  if (!claim) return 'NOTHING'
  await runWithCorrelation(claim.correlationId, async () => {
    const startedAt = performance.now()
    const stalled = startedAt - claimedAt >= deps.leaseMarginMs
    const { move, attempt } = await callAndDecide(deps, target, claim, stalled)
    await desk.settle([claim, move, attempt])
    deps.onAttempt({
      transferId: claim.id,
      systemId: systemOf(claim.operation),
      operation: claim.operation,
      kind: claim.kind,
      outcome: attempt.outcome,
      state: move.to,
      elapsedMs: performance.now() - startedAt,
      cause: move.lastError,
    })
  })
  return 'DONE'
}

/** One a process, system and lease: those who claim or settle at the same time share a statement and its commit. */
interface Desk {
  readonly claim: () => Promise<ClaimedTransfer | undefined>
  readonly settle: (settling: Settling) => Promise<boolean>
}

const desks = new WeakMap<Sql, Map<string, Desk>>()
const MOST_TOGETHER = 32

const deskOf = ({ sql, worker }: DeliveryDependencies, systemId: SystemId, leaseMs: number): Desk => {
  const ofDatabase = desks.get(sql) ?? new Map<string, Desk>()
  desks.set(sql, ofDatabase)
  const name = `${systemId} ${leaseMs} ${worker}`
  const known = ofDatabase.get(name)
  if (known) return known
  const claim = joinCalls(async (calls: readonly undefined[]) => {
    const claims = await claimSome(sql, systemId, leaseMs, worker, calls.length)
    return calls.map((_, index) => claims[index])
  }, MOST_TOGETHER)
  const desk: Desk = { claim: () => claim(undefined), settle: joinCalls((settlings) => settleTogether(sql, settlings), MOST_TOGETHER) }
  ofDatabase.set(name, desk)
  return desk
}

/** One that cannot be written does not take the others with it: then each is written by itself, and it alone throws. */
const settleTogether = async (sql: Sql, settlings: readonly Settling[]): Promise<(boolean | Promise<boolean>)[]> => {
  if (settlings.length === 1) return settleClaims(sql, settlings)
  try {
    return await settleClaims(sql, settlings)
  } catch {
    return settlings.map((settling) => settleClaim(sql, ...settling))
  }
}

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
  outcome: { kind: 'UNAVAILABLE', cause: 'the worker stalled before the call' },
  evidence: {},
}

/** What an adapter that threw leaves us with: it may have sent, so it counts as an unknown outcome and is inquired. */
const PERHAPS_SENT: Awaited<ReturnType<TargetSystem['send']>> = {
  outcome: { kind: 'INDETERMINATE', cause: 'Lỗi nội bộ của cổng liên thông khi gửi.' },
  evidence: {},
}
const UNREADABLE_ANSWER: Awaited<ReturnType<TargetSystem['inquire']>> = {
  answer: { kind: 'UNKNOWN', cause: 'Lỗi nội bộ của cổng liên thông khi tra cứu.' },
  evidence: {},
}

const callAndDecide = async (
  deps: DeliveryDependencies,
  target: TargetSystem,
  claim: ClaimedTransfer,
  stalled: boolean,
): Promise<{ move: Settlement; attempt: AttemptClose }> => {
  const traits = target.traits(claim.operation)
  const sending: Sending = { ...claim, adopting: claim.mode === 'ADOPT' }
  const rules: SettlementRules = {
    ...deps.rules,
    inquiryStrength: traits.inquiryStrength,
    maxProcessingMs: traits.maxProcessingMs,
    random: deps.random(),
  }
  if (claim.kind === 'INQUIRE') {
    const { answer, evidence } = await target.inquire(sending).catch((error: unknown) => {
      deps.onError(error, claim.id)
      return UNREADABLE_ANSWER
    })
    const move = settlementOfAnswer(claim, answer, rules)
    return { move, attempt: closeOf(answer.kind, move, evidence) }
  }
  const sent = (): ReturnType<TargetSystem['send']> =>
    target.send(sending).catch((error: unknown) => {
      deps.onError(error, claim.id)
      return PERHAPS_SENT
    })
  const { outcome, evidence } = stalled ? NOT_CALLED : await sent()
  const move = settlementOfOutcome(claim, outcome, rules)
  return { move, attempt: closeOf(outcome.kind, move, evidence) }
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
