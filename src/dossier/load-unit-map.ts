import { z } from 'zod'
import { dayAfter } from '../model/calendar-day.js'
import { type MapUnit, ownProblems, unitKey, unitMapProblems } from '../model/unit-map.js'
import { isSameSpelling } from '../model/unit-name.js'
import { formProblems, VIETNAMESE } from '../model/vietnamese-issues.js'
import type { Sql, Tx } from '../platform/database.js'
import { type KeptUnit, lastUseOfUnit, readUnitMap, writeUnit } from './unit-map-repository.js'

/**
 * Nạp đơn vị hành chính của một huyện, một tỉnh, một lần sắp xếp: a file is judged together with what is kept already, and nothing of a wrong one is loaded. A unit is
 * the same one when code and first day are; what the file does not name is left as it is.
 */
z.config(VIETNAMESE)

const date = z.string()
const province = z.strictObject({ code: z.string().regex(/^\d{2}$/, 'mã tỉnh phải có hai chữ số'), name: z.string().trim().min(1) })
const unitRow = z.strictObject({
  code: z.string(),
  name: z.string().trim().min(2).max(100),
  province,
  validFrom: date,
  validTo: date.nullable().default(null),
  successors: z.array(z.strictObject({ code: z.string(), rule: z.string().trim().min(1).max(500).optional() })).default([]),
  acrossProvinces: z.boolean().default(false),
  standing: z.string().trim().min(1).optional(),
})
const unitFile = z.strictObject({
  source: z.string().trim().min(1, 'phải nói rõ nguồn, ví dụ số nghị quyết'),
  units: z.array(unitRow).min(1),
})
/** Of a file whose form is wrong: those of its units whose form is right. */
const rightRows = z.object({ units: z.array(unitRow.nullable().catch(null)) })

export type CheckedUnitMap =
  | { readonly kind: 'VALID'; readonly changes: UnitChanges }
  | { readonly kind: 'INVALID'; readonly problems: readonly string[] }

export interface UnitChanges {
  readonly added: readonly MapUnit[]
  readonly changed: readonly { readonly before: KeptUnit; readonly after: MapUnit }[]
  readonly unchanged: number
  readonly source: string
}

const readUnitFile = (json: unknown): { readonly source: string; readonly units: readonly MapUnit[] } | { readonly problems: string[] } => {
  const parsed = unitFile.safeParse(json)
  if (!parsed.success) {
    const rows = rightRows.safeParse(json).data?.units ?? []
    return { problems: [...formProblems(parsed.error, json), ...rows.flatMap((row) => (row ? ownProblems(row) : []))] }
  }
  const { source, units } = parsed.data
  return {
    source,
    units: units.map(({ province: { code: provinceCode, name: provinceName }, standing, ...unit }) => ({
      ...unit,
      name: unit.name.normalize('NFC'),
      provinceCode,
      provinceName: provinceName.normalize('NFC'),
      standing: standing ?? source,
    })),
  }
}

const meaningOf = ({ validTo, successors, provinceCode }: Omit<MapUnit, 'acrossProvinces'>): string =>
  JSON.stringify([provinceCode, validTo, successors.map(({ code, rule }) => [code, rule ?? '']).sort()])

const isEqual = (before: KeptUnit, after: MapUnit): boolean =>
  meaningOf(before) === meaningOf(after) &&
  before.name === after.name &&
  before.provinceName === after.provinceName &&
  before.standing === after.standing

/** A unit in force may end after the last day on which a dossier was received under it. Anything else would tell old dossiers another meaning. */
const meansTheSame = (before: KeptUnit, after: MapUnit, lastUse: string): boolean => {
  if (!isSameSpelling(before.name, after.name)) return false
  if (meaningOf(before) === meaningOf(after)) return true
  return before.validTo === null && after.validTo !== null && after.validTo >= lastUse && before.provinceCode === after.provinceCode
}

/** `mayChangeMeaning`: units that dossiers refer to may come to mean something else. */
export const checkUnitMap = async (sql: Sql, json: unknown, mayChangeMeaning: boolean): Promise<CheckedUnitMap> => {
  const read = readUnitFile(json)
  if ('problems' in read) return { kind: 'INVALID', problems: read.problems }
  const kept = await readUnitMap(sql)
  const known = new Map(kept.map((unit) => [unitKey(unit), unit]))
  const named = new Set(read.units.map(unitKey))
  const twice = read.units.length - named.size
  if (twice > 0) return { kind: 'INVALID', problems: [`tệp có ${twice} dòng trùng mã và ngày bắt đầu`] }
  const standing = new Set(unitMapProblems(kept.map((unit) => ({ ...unit, acrossProvinces: true }))))
  const merged = [...kept.filter((unit) => !named.has(unitKey(unit))).map((unit) => ({ ...unit, acrossProvinces: true })), ...read.units]
  const problems = unitMapProblems(merged).filter((problem) => !standing.has(problem))

  const added: MapUnit[] = []
  const changed: { before: KeptUnit; after: MapUnit }[] = []
  for (const after of read.units) {
    const before = known.get(unitKey(after))
    if (!before) added.push(after)
    else if (!isEqual(before, after)) {
      changed.push({ before, after })
      const lastUse = mayChangeMeaning ? null : await lastUseOfUnit(sql, before.id)
      if (lastUse !== null && !meansTheSame(before, after, lastUse))
        problems.push(
          `${before.code} ${before.name} (từ ${before.validFrom}): đã có hồ sơ ghi theo đơn vị này (gần nhất ${lastUse}), nạp sẽ đổi nghĩa của chúng`,
        )
    }
  }
  if (problems.length > 0) return { kind: 'INVALID', problems }
  return { kind: 'VALID', changes: { added, changed, unchanged: read.units.length - added.length - changed.length, source: read.source } }
}

/** Judged and written in one transaction, one loading at a time. */
export const loadUnitMap = async (tx: Tx, json: unknown, mayChangeMeaning: boolean): Promise<CheckedUnitMap> => {
  await tx.query(`SELECT 1 AS locked FROM pg_advisory_xact_lock(hashtext('lienthong-reference-data'))`)
  const checked = await checkUnitMap(tx, json, mayChangeMeaning)
  if (checked.kind === 'INVALID') return checked
  for (const unit of [...checked.changes.added, ...checked.changes.changed.map(({ after }) => after)]) await writeUnit(tx, unit)
  return checked
}

/** What is kept, in the form of a file that can be loaded again. */
export const showUnitMap = async (sql: Sql, isWanted: (unit: KeptUnit) => boolean) => {
  const kept = await readUnitMap(sql)
  const leavesProvince = ({ validTo, provinceCode, successors }: KeptUnit): boolean =>
    validTo !== null &&
    successors.some(({ code }) =>
      kept.some(
        (heir) =>
          heir.code === code &&
          heir.provinceCode !== provinceCode &&
          heir.validFrom <= dayAfter(validTo) &&
          (heir.validTo === null || heir.validTo > validTo),
      ),
    )
  return {
    source: 'lienthong units list',
    units: kept.filter(isWanted).map((unit) => {
      const { id: _id, provinceCode, provinceName, ...rest } = unit
      return { ...rest, province: { code: provinceCode, name: provinceName }, ...(leavesProvince(unit) && { acrossProvinces: true }) }
    }),
  }
}
