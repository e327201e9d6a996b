import { type Drift, driftOf } from './drift.js'
import { History, type HistoryOptions } from './history.js'

/** Body of the control action `keepHistory`: `{count, seed, from?, to?, drifts?}`. Throws a sentence when a drift is of no dossier of that history. */
export function historyOf({ drifts = [], ...given }: Readonly<Record<string, unknown>>): { history: HistoryOptions; drifts: Drift[] } {
  const { count, seed = 1, from, to } = given
  const history: HistoryOptions = {
    count: Number(count),
    seed: Number(seed),
    ...(from !== undefined && { from: String(from) }),
    ...(to !== undefined && { to: String(to) }),
  }
  const past = new History(history)
  const read = (drifts as Record<string, unknown>[]).map(driftOf)
  const stranger = read.find(({ code }) => past.ofCode(code) === undefined)
  if (stranger) throw new Error(`no dossier ${stranger.code} in that history`)
  return { history, drifts: read }
}
