import type { HeldRow } from '../../soap/twin/held-row.js'
import type { History } from '../../soap/twin/history.js'

/** A write that this ViLIS took in. Hashes are of what it kept, computed by itself. */
export interface Transaction {
  readonly operation: string
  readonly key: string
  readonly digest: string
  readonly version: number
  readonly receiptNo: string
  readonly at: string
  readonly hashes: readonly string[]
  /** The fields by which a business record is known (`LanBoSung`, `NgayTra`, …), as they came. */
  readonly fields: Readonly<Record<string, string>>
}

export interface TwinDossier {
  readonly code: string
  readonly receiptNo: string
  version: number
  process: string
  commune: string
  receivedAt: string
  dueAt: string
  step: string
  /** Twin time at which the workflow goes on by itself. */
  nextAt: string
  /** When a supplement was asked for; '' when none is awaited. */
  waitingSince: string
  readonly transactions: Transaction[]
  /** National number; left out by ledgers of older twins, and then told by the step. */
  status?: number
  applicant?: HeldRow['applicant']
  parcels?: HeldRow['parcels']
  /** Papers that came with the dossier; those of supplements stand on their transactions. */
  papers?: HeldRow['documents']
  notices?: HeldRow['notices']
  /** Twin time of the last change. */
  changedAt?: string
}

/** All dossiers that this ViLIS holds. */
export interface Books {
  readonly dossiers: Map<string, TwinDossier>
  /** Dossiers of the past that nobody has touched since. */
  history: History | undefined
  /** Codes of the history that are gone. */
  readonly gone: Set<string>
  /** Second rows of codes that stand there already, and rows without a code. */
  strays: HeldRow[]
}
