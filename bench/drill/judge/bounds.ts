import type { Client } from '../client.js'
import { DrillFailure } from '../fault.js'
import type { Fallen } from '../program.js'
import { BREAKER } from '../settings.js'
import type { Breach } from './invariants.js'

/** What is judged by a bound or by an answer, not by tables and ledgers: memory, attempts at a system that is away, answers to clients. */

/** Of one process. */
export const MAX_MEMORY_MB = 400

/** Throws a DrillFailure where nothing was measured: that is no proof of a bound. */
export const tooMuchMemory = ({ name, mb }: { readonly name: string; readonly mb: number }): Breach[] => {
  if (mb <= 0) throw new DrillFailure('máy không cho biết bộ nhớ của tiến trình nào')
  return mb < MAX_MEMORY_MB ? [] : [{ invariant: 'memory', of: name, detail: `${Math.round(mb)} MB` }]
}

export interface Outage {
  readonly of: string
  readonly lastedMs: number
  /** Transfers to it that all workers together may have under way. */
  readonly inFlight: number
  /** While it was away, by kind. */
  readonly attempts: readonly { readonly kind: string; readonly count: number }[]
}

/** From the breaker's first opening on: its waits double up to the longest. */
const SHORTER_WAITS = Math.ceil(Math.log2(BREAKER.maxOpenMs / BREAKER.openMs))

/** Those that open a breaker, those that are on their way at that moment, and a probe at the end of each wait. */
export const mostAttempts = ({ inFlight, lastedMs }: Pick<Outage, 'inFlight' | 'lastedMs'>): number =>
  BREAKER.failuresToOpen + inFlight + SHORTER_WAITS + Math.ceil(lastedMs / BREAKER.maxOpenMs)

/** Too many are spent in vain; none at all, and nobody would notice that it is back. */
export const attemptsInVain = (outage: Outage): Breach[] => {
  const { of, attempts } = outage
  const most = mostAttempts(outage)
  if (!attempts.some(({ count }) => count > 0)) return [{ invariant: 'breaker', of, detail: 'không lần thử nào khi nó ngừng' }]
  return attempts
    .filter(({ count }) => count > most)
    .map(({ kind, count }) => ({ invariant: 'breaker', of, detail: `${count} lần ${kind} khi nó ngừng, nhiều nhất là ${most}` }))
}

/** Answers that a client must not get. */
export const brokenAnswers = ({ misanswers }: Pick<Client, 'misanswers'>): Breach[] =>
  misanswers.map((detail) => ({ invariant: 'intake', of: 'GraphQL', detail }))

/** No gateway was ended: silence is no answer. */
export const silentAnswers = ({ silences }: Pick<Client, 'silences'>): Breach[] =>
  silences.map((detail) => ({ invariant: 'intake', of: 'GraphQL', detail }))

/** The drill had not ended it, and nothing that is done to the others is a reason to end. */
export const fallenPrograms = (fallen: readonly Fallen[]): Breach[] =>
  fallen.map(({ name, end }) => ({ invariant: 'fallen', of: name, detail: `tự thoát (${end})` }))

/** What a gateway had stored when it was killed, its client not yet answered. */
export interface StoredSubmit {
  readonly code: string
  readonly messageId: string
}

/** A client that asks again is told of the very message that is stored: it is not taken for another submit. */
export const unknownRepeats = (stored: readonly StoredSubmit[], answered: ReadonlyMap<string, string>): Breach[] =>
  stored
    .filter(({ code, messageId }) => answered.get(code) !== messageId)
    .map(({ code }) => ({ invariant: 'doubled', of: code, detail: 'nộp lại sau khi cổng bị giết, không nhận ra lần đã lưu' }))
