import { procedureKey } from '../model/dossier-code.js'
import type { UnitRef } from '../model/dossier-content.js'
import { foldText } from '../model/fold-text.js'
import type { UnitClaim } from '../model/inbound.js'
import type { RoutingRule } from '../model/routing.js'

/** Dữ liệu tham chiếu, as read from the tables: small, and asked for at each message. */
export interface UnitRow extends UnitRef {
  readonly id: number
  /** Last local date of validity; null: in force. */
  readonly validTo: string | null
}

export interface ProcedureRow {
  readonly code: string
  readonly name: string
  readonly landRegistration: boolean
}

export interface ReferenceData {
  readonly units: readonly UnitRow[]
  readonly procedures: ReadonlyMap<string, ProcedureRow>
  readonly routing: readonly RoutingRule[]
}

export const procedureOf = (reference: ReferenceData, code: string): ProcedureRow | undefined =>
  reference.procedures.get(procedureKey(code))

export type UnitResolution =
  | { readonly kind: 'FOUND'; readonly unit: UnitRow }
  | { readonly kind: 'UNKNOWN' }
  /** The code is known on that day, under another name than the sender gives: one of the two is meant for another date. */
  | { readonly kind: 'AMBIGUOUS'; readonly meaning: string }

/**
 * Đơn vị hành chính on a day. A code means what it meant on that day; when the sender also gives a name, it must agree, since two of
 * the codes re-used in 2025 took another commune's name. Names are compared without tone placement, case or rank (xã, thị trấn).
 */
export const resolveUnit = (reference: ReferenceData, claim: UnitClaim, onDate: string): UnitResolution => {
  const code = claim.code.split('.').at(-1) ?? claim.code
  const unit = reference.units.find(
    (row) => row.code === code && row.validFrom <= onDate && (row.validTo === null || onDate <= row.validTo),
  )
  if (!unit) return { kind: 'UNKNOWN' }
  if (claim.name !== undefined && bareName(claim.name) !== bareName(unit.name)) return { kind: 'AMBIGUOUS', meaning: unit.name }
  return { kind: 'FOUND', unit }
}

const bareName = (name: string): string =>
  foldText(name)
    .replace(/^(xa|thi tran|tt\.?|phuong)\s+/, '')
    .trim()
