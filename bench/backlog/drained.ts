import type { LedgerFile } from '../drill/judge/ledger-file.js'

/** What the registry's own ledger says of the drain. */
export interface Drained {
  readonly accepted: number
  /** From the first accepted dossier to the last, seconds. */
  readonly seconds: number
  /** After the ramp: seconds taken beside those that the limit alone would take. */
  readonly ofLimitAfterRamp: number
  /** Most requests in any one second. */
  readonly mostInASecond: number
  /** Of the first tenth that was accepted, the share that was due today; of what fits into a tenth. */
  readonly dueTodayInFirstTenth: number
}

export const drainedBy = (ledger: LedgerFile, dueToday: ReadonlySet<string>, limit: number, rampMs: number): Drained => {
  const accepted = ledger.deeds.filter(({ what }) => what === 'ACCEPTED')
  const [first, last] = [accepted[0], accepted.at(-1)]
  if (!first || !last) throw new Error('the registry has accepted nothing')
  const rampEnd = first.atMs + rampMs
  const after = accepted.filter(({ atMs }) => atMs > rampEnd)
  const times = [...ledger.requests.values()].map(({ atMs }) => atMs).sort((a, b) => a - b)
  let mostInASecond = 0
  for (let from = 0, to = 0; to < times.length; to += 1) {
    while ((times[to] as number) - (times[from] as number) >= 1_000) from += 1
    mostInASecond = Math.max(mostInASecond, to - from + 1)
  }
  const tenth = accepted.slice(0, Math.ceil(accepted.length / 10))
  const urgent = tenth.filter(({ detail }) => dueToday.has(String(detail.dossierCode))).length
  return {
    accepted: accepted.length,
    seconds: (last.atMs - first.atMs) / 1_000,
    ofLimitAfterRamp: after.length === 0 ? Number.NaN : (last.atMs - rampEnd) / 1_000 / (after.length / limit),
    mostInASecond,
    dueTodayInFirstTenth: urgent / Math.min(tenth.length, dueToday.size),
  }
}
