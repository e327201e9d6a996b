import type { CommuneFilter } from '../access/dossier-lookup.js'
import type { Sql } from '../platform/database.js'
import { readToday, type UnitRow } from './reference-reads-repository.js'
import { findUnits, readUnitHeirs, type UnitQuestion } from './unit-lineage-repository.js'

/**
 * Mã, tên ấy là xã nào: a code says nothing without a day, a name may be borne by several. What means more than one is never guessed: the candidates are the answer.
 */
export type CommuneResolution =
  /** `today`: who holds its ground now. */
  | { readonly kind: 'FOUND'; readonly unit: UnitRow; readonly today: readonly UnitRow[] }
  /** SPLIT: it passed to several, and without a day nothing says to which of them what is sought belongs. */
  | { readonly kind: 'AMBIGUOUS'; readonly reason: 'SEVERAL_MEANINGS' | 'SPLIT'; readonly candidates: readonly UnitRow[] }
  | { readonly kind: 'UNKNOWN' }

export const resolveCommune = async (db: Sql, asked: UnitQuestion): Promise<CommuneResolution> => {
  const candidates = await findUnits(db, asked)
  const [unit] = candidates
  if (!unit) return { kind: 'UNKNOWN' }
  if (candidates.length > 1) return { kind: 'AMBIGUOUS', reason: 'SEVERAL_MEANINGS', candidates }
  const now = await readToday(db)
  const today = (await readUnitHeirs(db, [unit.id])).filter(
    ({ validFrom, validTo }) => validFrom <= now && (validTo === null || validTo >= now),
  )
  if (asked.on === undefined && today.length > 1) return { kind: 'AMBIGUOUS', reason: 'SPLIT', candidates: today }
  return { kind: 'FOUND', unit, today }
}

/** Whether some unit bears it, or bore it at any time; `on`: on that day. */
export const isCommuneCode = async (db: Sql, code: string, on: string | undefined): Promise<boolean> =>
  (await findUnits(db, { code, ...(on !== undefined && { on }) })).length > 0

export type CommuneOfSearch =
  | { readonly kind: 'FOUND'; readonly commune: CommuneFilter }
  | { readonly kind: 'AMBIGUOUS'; readonly candidates: readonly UnitRow[] }
  | { readonly kind: 'UNKNOWN' }

/**
 * For a search by name, which finds a commune with all that passed to it: of two units of which one passed to the other the later one is meant, since nothing of the
 * earlier is left out by it. Old Lương Hòa Lạc is a part of the new one; two communes of one name in two districts are two.
 */
export const communeOfSearch = async (db: Sql, asked: UnitQuestion & { readonly name: string }): Promise<CommuneOfSearch> => {
  const found = await findUnits(db, asked)
  const ids = new Set(found.map(({ id }) => id))
  const passedOn = new Set(
    found.length < 2
      ? []
      : (await readUnitHeirs(db, [...ids])).filter(({ ofId, id }) => id !== ofId && ids.has(id)).map(({ ofId }) => ofId),
  )
  const candidates = found.filter(({ id }) => !passedOn.has(id))
  const [unit, ...others] = candidates
  if (!unit) return { kind: 'UNKNOWN' }
  if (others.length > 0) return { kind: 'AMBIGUOUS', candidates }
  const { on } = asked
  return {
    kind: 'FOUND',
    commune: on === undefined ? { code: unit.code, on: unit.validFrom, withPredecessors: true } : { code: unit.code, on },
  }
}
