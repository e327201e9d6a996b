import { setTimeout as wait } from 'node:timers/promises'
import type { CallReport, OperationClass } from '../model/circuit-breaker.js'
import { type SystemId, systemOf } from '../model/system.js'
import { runWithCorrelation } from '../platform/correlation.js'
import type { Sql } from '../platform/database.js'
import type { InquiryAnswer, NotSent, Sending, TargetSystem } from '../ports/target-system.js'
import { askPass, type GuestPass, returnPass } from './gate-guest-repository.js'
import type { GuestPlaces } from './guest-places.js'
import { reportOfAnswer, UNREADABLE_ANSWER } from './report-of-answer.js'

/**
 * Nhìn trước: what would become of a sending, without sending it. Whether it could be prepared is asked of the adapter alone; whether the other side has
 * it already, of the other side, through its gate like every call. Nothing is written about the transfer.
 */
export type LookedAt = Sending

export interface LookAhead {
  /** Undefined: this system is not switched on. */
  check(sending: LookedAt): Promise<NotSent | null | undefined>
  ask(sending: LookedAt): Promise<InquiryAnswer | NotAsked>
  /** Whether SAME says something of the content, and not only that something is there. */
  provesContent(sending: LookedAt): boolean
}

/** NO_WAY: it cannot be inquired, by agreement; SHUT: not now, `cause` says why; LATER: its turn at the gate has not come, and it is to be asked again. */
export type NotAsked = { readonly kind: 'NO_WAY' | 'LATER' } | { readonly kind: 'SHUT'; readonly cause: string }

export interface LookAheadDependencies {
  readonly sql: Sql
  readonly targets: ReadonlyMap<SystemId, TargetSystem>
  readonly reportCall: (systemId: SystemId, operationClass: OperationClass, report: CallReport, begunAt: Date) => Promise<void>
  /** Total deadline of one inquiry. */
  readonly readDeadlineMs: (systemId: SystemId) => number
  /** Those of this process: however many look ahead, they have these together. */
  readonly places: GuestPlaces<SystemId>
  /** Of the limit of calls in flight to a system, what may be taken for looking ahead. */
  readonly share: number
  /** How long the gate is waited for at a time; 15 seconds by default. */
  readonly patienceMs?: number
  /** Told of an adapter that threw, which it never should. */
  readonly onError: (error: unknown) => void
}

/** So long the gate is waited for. What is to be asked of a system whose breaker is open by then is left open for as long as it stays shut. */
const PATIENCE_MS = 15_000
const LOOK_AGAIN_MS = 250
/** About as long as a call takes, after which a place among those in flight is free. */
const PLACE_MS = 50
/** A guest waits here no longer than this before it looks at the gate again. */
const LONGEST_WAIT_MS = 1_000
const MARGIN_MS = 5_000

/** What an adapter that threw leaves us with. */
const SHUT_WORDS = {
  PAUSED: 'hệ thống nhận đang được tạm dừng',
  OPEN: 'hệ thống nhận nhiều lần liền không phục vụ, cầu dao đang mở',
} as const

/** What an adapter would refuse of a sending before a byte leaves. */
export const checkSending =
  (targets: ReadonlyMap<SystemId, TargetSystem>): LookAhead['check'] =>
  async (sending) =>
    targets.get(systemOf(sending.operation))?.check(sending)

/** One for one piece of work: it remembers of which system it has waited in vain. */
export const lookAhead = (deps: LookAheadDependencies): LookAhead => {
  const shut = new Set<SystemId>()
  /** The rate and the calls in flight are waited for, if need be in several goes; a pause is not, and an open breaker for a while. */
  const passOf = async (target: TargetSystem): Promise<GuestPass | keyof typeof SHUT_WORDS | 'LATER'> => {
    const asked = { systemId: target.id, withinMs: deps.readDeadlineMs(target.id) + MARGIN_MS, requests: 1, share: deps.share }
    for (const startedAt = performance.now(); ; ) {
      const answer = await askPass(deps.sql, asked)
      if (answer.pass) {
        shut.delete(target.id)
        return answer.pass
      }
      const { deferral, waitMs } = answer
      if (deferral === 'PAUSED' || (deferral === 'OPEN' && shut.has(target.id))) return deferral
      if (performance.now() - startedAt >= (deps.patienceMs ?? PATIENCE_MS)) {
        if (deferral !== 'OPEN') return 'LATER'
        shut.add(target.id)
        return deferral
      }
      if (deferral !== 'BUSY') await wait(Math.min(waitMs ?? (deferral === 'IN_FLIGHT' ? PLACE_MS : LOOK_AGAIN_MS), LONGEST_WAIT_MS))
    }
  }
  const inquire = async (target: TargetSystem, sending: Sending, pass: GuestPass): Promise<InquiryAnswer> => {
    const { answer, evidence } = await target.inquire(sending).catch((error: unknown) => {
      deps.onError(error)
      return UNREADABLE_ANSWER
    })
    const report = reportOfAnswer(answer, evidence)
    if (!pass.calm || report.kind === 'FAILED') await deps.reportCall(target.id, 'INQUIRE', report, pass.now)
    return answer
  }
  return {
    provesContent: ({ operation, adopting }) =>
      adopting || deps.targets.get(systemOf(operation))?.traits(operation).inquiryStrength !== 'EXISTS',
    check: checkSending(deps.targets),
    ask: async (sending) => {
      const target = deps.targets.get(systemOf(sending.operation))
      if (!target || target.traits(sending.operation).inquiryStrength === 'NONE') return { kind: 'NO_WAY' }
      return deps.places.within(target.id, async () => {
        const pass = await passOf(target)
        if (pass === 'LATER') return { kind: 'LATER' }
        if (typeof pass === 'string') return { kind: 'SHUT', cause: SHUT_WORDS[pass] }
        try {
          return await runWithCorrelation(sending.correlationId, () => inquire(target, sending, pass))
        } finally {
          await returnPass(deps.sql, target.id, pass)
        }
      })
    },
  }
}
