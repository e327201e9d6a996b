/**
 * Cầu dao: keeps a system that does not answer from being called in vain. One a system and class of operations, shared by all processes.
 *
 *   CLOSED ── so many failures in a row ──► OPEN ── its time is over ──► HALF_OPEN ── one probe answered ──► CLOSED
 *                                            ▲                               │
 *                                            └────── the probe failed, twice as long ──┘
 *
 * HALF_OPEN is not stored: it is an OPEN whose time is over. While OPEN nothing is claimed, so nothing spends an attempt; while
 * HALF_OPEN one call at a time is. Any answer of the other side counts as well, also a refusal: what it says of one dossier is no
 * matter of its health.
 *
 * SEND and INQUIRE gate the claims of transfers. READ is for live look-ups and polls, whose callers wait: shut, they are answered at once.
 */
export const OPERATION_CLASSES = ['SEND', 'INQUIRE', 'READ'] as const
export type OperationClass = (typeof OPERATION_CLASSES)[number]

export interface Breaker {
  /** Failures in a row while closed. */
  readonly failures: number
  /** Times in a row that it was opened: each doubles how long it stays so. */
  readonly openings: number
  readonly openedAt: Date | null
  readonly openUntil: Date | null
  /** Why it was opened, for people. */
  readonly cause: string | null
  /** By which technical code, when there was one. */
  readonly code: string | null
}

export interface BreakerRules {
  readonly failuresToOpen: number
  /** The first time; doubled with each failed probe, up to `maxOpenMs`. */
  readonly openMs: number
  readonly maxOpenMs: number
}

/** What a call showed of the other side. `retryAfterMs`: asked for by it, and already brought within bounds. */
export type CallReport =
  | { readonly kind: 'ANSWERED' }
  | { readonly kind: 'FAILED'; readonly cause: string | null; readonly code?: string | undefined; readonly retryAfterMs?: number }
  /** It was not called, or what it did says nothing of its health: a probe that ended so lets the next one go. */
  | { readonly kind: 'SILENT' }

export const CLOSED_BREAKER: Breaker = { failures: 0, openings: 0, openedAt: null, openUntil: null, cause: null, code: null }

export const BREAKER_STATES = ['CLOSED', 'OPEN', 'HALF_OPEN'] as const
export type BreakerState = (typeof BREAKER_STATES)[number]

export const breakerStateOf = ({ openUntil }: Pick<Breaker, 'openUntil'>, now: Date): BreakerState => {
  if (openUntil === null) return 'CLOSED'
  return openUntil > now ? 'OPEN' : 'HALF_OPEN'
}

/** How long it stays open after having been opened so many times in a row before. */
const openMsOf = (openingsBefore: number, { openMs, maxOpenMs }: BreakerRules): number =>
  Math.min(openMs * 2 ** Math.min(openingsBefore, 20), maxOpenMs)

/**
 * How much sooner than `openUntil` a poll may try: a failed one is tried again after the first, shortest time, however often the time was doubled
 * for others.
 */
export const pollAheadMs = ({ openings }: Pick<Breaker, 'openings'>, rules: BreakerRules): number =>
  Math.max(openMsOf(openings - 1, rules) - rules.openMs, 0)

/** Whether a call was under way already when the breaker's open time was over: then it is no probe. */
export const isOlderThanProbe = ({ openUntil }: Pick<Breaker, 'openUntil'>, begunAt: Date): boolean =>
  openUntil !== null && begunAt < openUntil

/**
 * The breaker after a report. The probe decides: what an earlier call tells while it is OPEN changes nothing, nor does its failure later. A system
 * that hangs ends calls for as long as their deadline; each of these would double the time before the next probe.
 */
export const breakerAfter = (breaker: Breaker, report: CallReport, now: Date, rules: BreakerRules, begunAt = now): Breaker => {
  const state = breakerStateOf(breaker, now)
  if (state === 'OPEN' || report.kind === 'SILENT') return breaker
  if (report.kind === 'FAILED' && isOlderThanProbe(breaker, begunAt)) return breaker
  if (report.kind === 'ANSWERED') return state === 'CLOSED' && breaker.failures === 0 ? breaker : CLOSED_BREAKER
  const failures = breaker.failures + 1
  if (state === 'CLOSED' && failures < rules.failuresToOpen) return { ...breaker, failures }
  return {
    failures,
    openings: breaker.openings + 1,
    openedAt: breaker.openedAt ?? now,
    openUntil: new Date(now.getTime() + Math.max(openMsOf(breaker.openings, rules), report.retryAfterMs ?? 0)),
    cause: report.cause,
    code: report.code ?? null,
  }
}
