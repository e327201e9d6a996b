import { type BreakerRules, type CallReport, pollAheadMs } from '../model/circuit-breaker.js'
import type { StoppedReading } from '../model/read-failure.js'
import type { SystemId } from '../model/system.js'
import type { Database } from '../platform/database.js'
import type { FailedRead } from '../ports/failed-read.js'
import { type BreakerSeen, claimProbe, lookAtBreaker, reportCall } from './breaker-repository.js'

/**
 * Cửa đọc: keeps live look-ups and polls from hammering a system that is known to be down, and from waiting for it. All processes share the breaker of
 * class READ; each looks at it at most once a second, without a lock. What passes tells what it found: a failure at once, an answer only
 * when there is a failure to forget.
 */
export interface ReadGate {
  /** Undefined: the gate is shut, nothing was called. */
  pass<Result>(read: () => Promise<Result>, reportOf: (result: Result) => CallReport): Promise<Result | undefined>
  /** Why it is shut and until when, as far as is known; of one that is open nothing. */
  whyShut(): Promise<StoppedReading>
}

export interface ReadGateDependencies {
  readonly db: Database
  readonly systemId: SystemId
  readonly rules: BreakerRules
  /** A probe whose process died is given up after this. */
  readonly probeMs: number
  /** POLL: tries a breaker that has been opened again and again as soon as one that was opened for the first time, for the poll is the probe. */
  readonly reader: 'LIVE' | 'POLL'
  readonly onChange: (change: 'OPENED_NOW' | 'CLOSED_NOW', cause: string | null) => void
}

const KEPT_MS = 1_000

export const openReadGate = ({ db, systemId, rules, probeMs, reader, onChange }: ReadGateDependencies): ReadGate => {
  let seen: { readonly breaker: Promise<BreakerSeen>; readonly at: number } | undefined
  let probedElsewhereAt = Number.NEGATIVE_INFINITY
  const look = (): { readonly breaker: Promise<BreakerSeen>; readonly at: number } => {
    if (seen && performance.now() - seen.at < KEPT_MS) return seen
    const looking = { breaker: lookAtBreaker(db, systemId, 'READ'), at: performance.now() }
    looking.breaker.catch(() => {
      seen = undefined
    })
    seen = looking
    return looking
  }
  /** CLOSED: any number may read. PROBE: this one may, alone. */
  const ask = async (): Promise<'CALM' | 'CLOSED' | 'PROBE' | 'SHUT'> => {
    const { breaker, at } = look()
    const { failures, openings, openForMs } = await breaker
    if (openForMs === null) return failures === 0 ? 'CALM' : 'CLOSED'
    const aheadMs = reader === 'POLL' ? pollAheadMs({ openings }, rules) : 0
    const now = performance.now()
    if (openForMs - (now - at) > aheadMs || now - probedElsewhereAt < KEPT_MS) return 'SHUT'
    if (await claimProbe(db, systemId, 'READ', { aheadMs, probeMs })) return 'PROBE'
    probedElsewhereAt = now
    return 'SHUT'
  }
  return {
    whyShut: async () => {
      const { code, openUntil, openForMs } = await look().breaker
      return { code, until: openForMs === 0 ? null : openUntil }
    },
    pass: async (read, reportOf) => {
      const gate = await ask()
      if (gate === 'SHUT') return undefined
      const result = await read()
      const report = reportOf(result)
      if (gate === 'PROBE' || report.kind === 'FAILED' || (gate === 'CLOSED' && report.kind === 'ANSWERED')) {
        const change = await reportCall(db, systemId, 'READ', report, rules)
        seen = undefined
        if (change !== 'UNCHANGED') onChange(change, report.kind === 'FAILED' ? report.cause : null)
      }
      return result
    },
  }
}

export const reportOfRead = (read: FailedRead | { readonly kind: 'READ' }): CallReport => {
  if (read.kind === 'READ') return { kind: 'ANSWERED' }
  return read.shows ? { kind: read.shows } : { kind: 'FAILED', cause: read.cause, code: read.code }
}
