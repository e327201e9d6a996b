import type { Drift, DriftKind } from '../../adapters/soap/twin/drift.js'
import { History, type HistoryOptions } from '../../adapters/soap/twin/history.js'

/** Which dossiers of a history differ over there, and how: as many as a share says, spread over all years, each kind in its turn. */
const KINDS: readonly DriftKind[] = ['DELETED', 'DUE_DATE', 'STATUS', 'APPLICANT', 'PARCEL', 'DOCUMENT', 'AMOUNT', 'DUPLICATED']

export const injectedDrifts = (options: HistoryOptions, share: number): Drift[] => {
  const history = new History(options)
  const count = Math.round(options.count * share)
  return Array.from({ length: count }, (_, index) => ({
    kind: KINDS[index % KINDS.length] as DriftKind,
    code: history.row(Math.floor(((index + 0.5) * options.count) / count)).code,
  }))
}
