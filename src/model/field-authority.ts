import type { ComparedField } from './compared-record.js'
import type { DiscrepancyField } from './discrepancy.js'
import { type DossierStatus, isReachableStatus } from './dossier-status.js'
import type { Origin, SystemId } from './system.js'

/**
 * Bảng thẩm quyền (design rule 9): which side is right about a field, as dated data. ORIGIN: where the dossier was born. REGISTRY: ViLIS while it holds the
 * dossier, its origin before. DESK: the one-stop system. A status belongs to whoever may decide it: reception, withdrawal and the handing out to the
 * desk, what lies between to the registry.
 */
export interface AuthorityRow {
  readonly field: ComparedField
  /** Of STATUS: these alone. */
  readonly statuses?: readonly DossierStatus[]
  readonly owner: 'ORIGIN' | 'REGISTRY' | 'DESK'
  /** Local dates, both inclusive; null: open. A difference is judged by the row of the day on which it is found. */
  readonly validFrom: string
  readonly validTo: string | null
}

const always = { validFrom: '2000-01-01', validTo: null } as const

const AUTHORITY: readonly AuthorityRow[] = [
  {
    field: 'STATUS',
    statuses: ['SUBMITTED', 'ACCEPTED', 'NOT_ACCEPTED', 'WITHDRAWN_BY_APPLICANT', 'RESULT_RETURNED'],
    owner: 'DESK',
    ...always,
  },
  {
    field: 'STATUS',
    statuses: ['IN_PROGRESS', 'SUPPLEMENT_REQUIRED', 'FINANCIAL_OBLIGATION_REQUIRED', 'STOPPED', 'COMPLETED'],
    owner: 'REGISTRY',
    ...always,
  },
  { field: 'DUE_DATE', owner: 'REGISTRY', ...always },
  { field: 'AMOUNTS', owner: 'REGISTRY', ...always },
  { field: 'APPLICANT', owner: 'ORIGIN', ...always },
  { field: 'PARCELS', owner: 'ORIGIN', ...always },
  { field: 'DOCUMENTS', owner: 'ORIGIN', ...always },
]

export interface Ownership {
  readonly origin: Origin
  /** ViLIS has it: it was born there, or has acknowledged it. */
  readonly registryHolds: boolean
  /** Local date. */
  readonly onDate: string
}

const rowOf = (field: ComparedField, onDate: string, status?: DossierStatus): AuthorityRow | undefined =>
  AUTHORITY.find(
    (row) =>
      row.field === field &&
      row.validFrom <= onDate &&
      (row.validTo === null || onDate <= row.validTo) &&
      (row.statuses === undefined || (status !== undefined && row.statuses.includes(status))),
  )

const systemOfOwner = ({ owner }: AuthorityRow, { origin, registryHolds }: Ownership): Origin => {
  if (owner === 'DESK') return origin === 'GATEWAY' ? 'GATEWAY' : 'ONE_STOP'
  return owner === 'REGISTRY' && registryHolds ? 'VILIS' : origin
}

/** Which side a difference of one field at one system is to be settled by; undefined: the table does not say. */
export type Right = 'THEIRS' | 'OURS'

/** Of every field but the status. */
export const whoIsRight = (system: SystemId, field: Exclude<ComparedField, 'STATUS'>, ownership: Ownership): Right | undefined => {
  const row = rowOf(field, ownership.onDate)
  if (!row) return undefined
  return systemOfOwner(row, ownership) === system ? 'THEIRS' : 'OURS'
}

/**
 * Theirs counts when it is theirs to decide and lies ahead of ours; ours when it is not theirs to decide and lies ahead of what they have. What lies
 * behind, or aside, is nobody's to settle by rule: a registry that is back at an earlier status than it once told was restored or re-opened.
 */
export const whoIsRightAboutStatus = (
  system: SystemId,
  { ours, theirs }: { readonly ours: DossierStatus; readonly theirs: DossierStatus },
  ownership: Ownership,
): Right | undefined => {
  const ownerOf = (status: DossierStatus): Origin | undefined => {
    const row = rowOf('STATUS', ownership.onDate, status)
    return row && systemOfOwner(row, ownership)
  }
  // A mirror decides nothing: it is to show what we know, whatever it shows now.
  if (system === 'PORTAL') return 'OURS'
  if (ownerOf(theirs) === system && isReachableStatus(ours, theirs)) return 'THEIRS'
  if (ownerOf(ours) !== system && isReachableStatus(theirs, ours)) return 'OURS'
  return undefined
}

/** Of a discrepancy's fields, each with both sides' values. */
export const rightsAbout = (system: SystemId, fields: readonly DiscrepancyField[], ownership: Ownership): readonly (Right | undefined)[] =>
  fields.map(({ field, ours, theirs }) => {
    if (field !== 'STATUS') return whoIsRight(system, field, ownership)
    return ours === undefined || theirs === undefined
      ? undefined
      : whoIsRightAboutStatus(system, { ours: ours as DossierStatus, theirs: theirs as DossierStatus }, ownership)
  })
