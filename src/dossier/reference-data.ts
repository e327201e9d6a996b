import { dayAfter } from '../model/calendar-day.js'
import { procedureKey } from '../model/dossier-code.js'
import type { UnitRef } from '../model/dossier-content.js'
import type { UnitClaim } from '../model/inbound.js'
import type { RoutingRule } from '../model/routing.js'
import { isLikeUnitName } from '../model/unit-name.js'
import type { WorkingCalendar } from '../model/working-calendar.js'

/** Dữ liệu tham chiếu, as read from the tables: small, and asked for at each message. */
export interface UnitRow extends UnitRef {
  readonly id: number
  /** Last local date of validity; null: in force. */
  readonly validTo: string | null
  /** The unit that its ground passed to when it ended. */
  readonly successorCode?: string | null
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
  readonly calendar: WorkingCalendar
}

export const procedureOf = (reference: ReferenceData, code: string): ProcedureRow | undefined =>
  reference.procedures.get(procedureKey(code))

export type UnitResolution =
  | { readonly kind: 'FOUND'; readonly unit: UnitRow }
  /** `elsewhen`: what the code means on other days. */
  | { readonly kind: 'UNKNOWN'; readonly elsewhen?: UnitElsewhen }
  /** The code is known on that day, under another name than the sender gives: one of the two is meant for another date. */
  | { readonly kind: 'AMBIGUOUS'; readonly unit: UnitRow; readonly elsewhen?: UnitElsewhen }

/** A unit of another time, and the one that has its ground on the day that was asked for. */
export interface UnitElsewhen {
  readonly unit: UnitRow
  readonly heir?: UnitRow
}

/**
 * Đơn vị hành chính on a day. A code means what it meant on that day; when the sender also gives a name, it must agree, since two of
 * the codes re-used in 2025 took another commune's name. Names are compared without diacritics, case or rank (xã, thị trấn): beside a code that is enough.
 */
export const resolveUnit = (reference: ReferenceData, claim: UnitClaim, onDate: string): UnitResolution => {
  const code = claim.code.split('.').at(-1) ?? claim.code
  const bearers = reference.units.filter((row) => row.code === code)
  const isNamed = ({ name }: UnitRow): boolean => claim.name === undefined || isLikeUnitName(claim.name, name)
  const unit = bearers.find((row) => isInForce(row, onDate))
  if (unit && isNamed(unit)) return { kind: 'FOUND', unit }
  const other = bearers.find((row) => row !== unit && isNamed(row))
  const elsewhen = other && { elsewhen: { unit: other, heir: heirOf(reference, other, onDate) } }
  return unit ? { kind: 'AMBIGUOUS', unit, ...elsewhen } : { kind: 'UNKNOWN', ...elsewhen }
}

const isInForce = ({ validFrom, validTo }: UnitRow, onDate: string): boolean =>
  validFrom <= onDate && (validTo === null || onDate <= validTo)

/** Follows the successors of a unit that has ended to the one in force on the day; undefined: it has not ended by then, or nobody has followed. */
const heirOf = (reference: ReferenceData, ended: UnitRow, onDate: string): UnitRow | undefined => {
  const { successorCode, validTo } = ended
  if (validTo === null || validTo >= onDate) return undefined
  const next = reference.units.find((row) => row.code === successorCode && isInForce(row, dayAfter(validTo)))
  return !next || isInForce(next, onDate) ? next : heirOf(reference, next, onDate)
}
