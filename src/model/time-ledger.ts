import { baseSteps } from './base-steps.js'
import { type DossierStatus, describeStatus } from './dossier-status.js'
import { describeWait, type InterlinkWait, TOLD_LATE_MS, waitsOfTransfers } from './interlink-wait.js'
import type { LedgerFacts } from './ledger-facts.js'
import { SYSTEM_IDS } from './system.js'
import type { WaitingParty } from './waiting-party.js'

/**
 * Sổ thời gian liên thông của một hồ sơ: its time from reception to the moment at which the applicant could have its result, cut into steps, each waiting for
 * one party. Precedence, where several could be named for one moment:
 *
 * 1. INTERLINK, while a wait that holds the dossier up is open: whoever comes next cannot begin. Of several such waits the one that began first, as the others
 *    stand behind it; of two that began together, the system that stands first in the table of systems.
 * 2. APPLICANT while a supplement is awaited (status 5) until it was handed in, and while the financial obligation is (6) once the notice is there.
 * 3. TAX while the financial obligation is awaited and no notice has come.
 * 4. REGISTRY from when it has the dossier: the delivery of RECEIVE, its own first word, or the reception where it was born there.
 * 5. DESK otherwise: before the registry has it, procedures without a registry, and from the end of processing until the result stands at the desk.
 *
 * Processing is over when the result is at the desk (delivered there, or handed out by another road), not when the registry has finished it: a result
 * that nobody can fetch is not on time. Withdrawn and refused dossiers end at that event. Times of the future are cut at `now`.
 */
export interface LedgerStep {
  readonly party: WaitingParty
  readonly from: Date
  /** Null: it goes on. */
  readonly to: Date | null
  /** Tên bước, without a full stop. */
  readonly name: string
  readonly officer: string | null
  /** Of INTERLINK. */
  readonly wait: InterlinkWait | null
}

export interface TimeLedger {
  readonly steps: readonly LedgerStep[]
  /** Null: still under way. */
  readonly closedAt: Date | null
  /** Withdrawn or not accepted: there is no result to be on time. */
  readonly leftWithoutResult: boolean
  /** All waits, also those beside. */
  readonly waits: readonly InterlinkWait[]
}

const LEFT: readonly DossierStatus[] = ['NOT_ACCEPTED', 'WITHDRAWN_BY_APPLICANT']

const closingOf = ({
  status,
  statusAt,
  finishedAt,
  returnedAt,
  transfers,
}: LedgerFacts): Pick<TimeLedger, 'closedAt' | 'leftWithoutResult'> => {
  if (LEFT.includes(status)) return { closedAt: statusAt, leftWithoutResult: true }
  if (describeStatus(status).clock !== 'ENDED') return { closedAt: null, leftWithoutResult: false }
  const finished = finishedAt ?? returnedAt ?? statusAt
  const results = transfers.filter(({ operation, state }) => operation === 'POST_RESULT' && state !== 'ABANDONED' && state !== 'SUPERSEDED')
  const delivered = results.flatMap(({ state, settledAt }) => (state === 'DELIVERED' && settledAt ? [+settledAt] : []))
  const ready =
    results.length === 0 ? +finished : delivered.length === 0 ? Number.POSITIVE_INFINITY : Math.max(+finished, Math.min(...delivered))
  const closed = Math.min(ready, returnedAt ? +returnedAt : Number.POSITIVE_INFINITY)
  return { closedAt: Number.isFinite(closed) ? new Date(closed) : null, leftWithoutResult: false }
}

/** Tin đến muộn: a system told after the fact what the next party had to know. */
const toldLate = ({ events, knownAt }: LedgerFacts): InterlinkWait[] =>
  events.flatMap((event): InterlinkWait[] => {
    const { origin, at, toldAt, applied, kind, statusTo } = event
    const matters =
      kind === 'RESULT_ISSUED' ||
      kind === 'TAX_NOTICES_ISSUED' ||
      kind === 'SUPPLEMENT_HANDED_IN' ||
      (kind === 'STATUS_CHANGED' && (statusTo === 'SUPPLEMENT_REQUIRED' || statusTo === 'FINANCIAL_OBLIGATION_REQUIRED'))
    if (!applied || !matters || origin === 'GATEWAY' || at < knownAt || +toldAt - +at <= TOLD_LATE_MS) return []
    return [
      {
        kind: 'TOLD_LATE',
        systemId: origin,
        operation: null,
        transferId: null,
        from: at,
        to: toldAt,
        holds: true,
        side: 'UNKNOWN',
        endedBy: 'MACHINE',
      },
    ]
  })

const precedence = (a: InterlinkWait, b: InterlinkWait): number =>
  +a.from - +b.from || SYSTEM_IDS.indexOf(a.systemId) - SYSTEM_IDS.indexOf(b.systemId)

export const buildTimeLedger = (facts: LedgerFacts, now: Date): TimeLedger => {
  const { closedAt, leftWithoutResult } = closingOf(facts)
  const isOver = closedAt !== null && closedAt <= now
  const end = isOver ? closedAt : now
  const begin = facts.receivedAt
  const waits = [...waitsOfTransfers(facts.transfers, now), ...toldLate(facts), ...facts.drift].sort(precedence)
  const holding = waits.filter(({ holds }) => holds)
  const base = baseSteps(facts)
  const cuts = new Set(
    [begin, ...base.map(({ from }) => from), ...holding.flatMap(({ from, to }) => (to ? [from, to] : [from]))].map(Number),
  )
  const moments = [...cuts].filter((at) => at >= +begin && at < +end).sort((a, b) => a - b)
  const steps: LedgerStep[] = []
  for (const [index, at] of moments.entries()) {
    const to = moments[index + 1] ?? +end
    const wait = holding.find((one) => +one.from <= at && (one.to === null || +one.to > at)) ?? null
    const under = base.findLast(({ from }) => +from <= at)
    if (!under) continue
    const { party, name, officer } = wait ? { party: 'INTERLINK' as const, name: describeWait(wait), officer: null } : under
    const last = steps.at(-1)
    if (last && last.party === party && last.name === name && last.officer === officer && last.wait === wait) {
      steps[steps.length - 1] = { ...last, to: new Date(to) }
      continue
    }
    steps.push({ party, name, officer, wait, from: new Date(at), to: new Date(to) })
  }
  const last = steps.at(-1)
  if (last && !isOver) steps[steps.length - 1] = { ...last, to: null }
  return { steps, closedAt, leftWithoutResult, waits }
}
