import type { MapSuccessor, MapUnit } from '../model/unit-map.js'
import type { Sql, Tx } from '../platform/database.js'

/** Bảng đơn vị hành chính as it is kept: one successor stands on the unit's row, several in the table of splits. */
export type KeptUnit = Omit<MapUnit, 'acrossProvinces'> & { readonly id: number }

export const readUnitMap = async (sql: Sql): Promise<KeptUnit[]> => {
  const rows = await sql.query<KeptUnit & { readonly successorCode: string | null; readonly parts: readonly MapSuccessor[] }>(
    `SELECT u.id, u.code, u.name, u.province_code AS "provinceCode", u.province_name AS "provinceName", u.valid_from::text AS "validFrom",
       u.valid_to::text AS "validTo", u.standing, u.successor_code AS "successorCode",
       coalesce((SELECT jsonb_agg(jsonb_build_object('code', s.successor_code, 'rule', s.rule) ORDER BY s.successor_code)
         FROM administrative_unit_split s WHERE s.unit_id = u.id), '[]') AS parts
     FROM administrative_unit u ORDER BY u.code, u.valid_from`,
  )
  return rows.map(({ successorCode, parts, ...unit }) => ({
    ...unit,
    successors: successorCode === null ? parts : [{ code: successorCode }],
  }))
}

/** The day on which the last dossier that was received by this unit, or has a parcel in it, was received; null: there is none. */
export const lastUseOfUnit = async (sql: Sql, unitId: number): Promise<string | null> => {
  const [row] = await sql.query<{ last: string | null }>(
    `SELECT max((d.received_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date)::text AS last FROM (
       SELECT id FROM dossier WHERE receiving_unit_id = $1::int UNION SELECT dossier_id FROM parcel_reference WHERE unit_id = $1::int
     ) u JOIN dossier d ON d.id = u.id`,
    [unitId],
  )
  return row?.last ?? null
}

/** Puts a unit in, or in the place of the one of the same code and first day. */
export const writeUnit = async (tx: Tx, unit: MapUnit): Promise<void> => {
  const [only, ...more] = unit.successors
  const successorCode = more.length === 0 ? (only?.code ?? null) : null
  const data = {
    name: unit.name,
    provinceCode: unit.provinceCode,
    provinceName: unit.provinceName,
    validTo: unit.validTo === null ? null : new Date(unit.validTo),
    successorCode,
    standing: unit.standing,
  }
  const code_validFrom = { code: unit.code, validFrom: new Date(unit.validFrom) }
  const { id } = await tx.orm.administrativeUnit.upsert({ where: { code_validFrom }, create: { ...code_validFrom, ...data }, update: data })
  await tx.orm.administrativeUnitSplit.deleteMany({ where: { unitId: id } })
  if (more.length > 0)
    await tx.orm.administrativeUnitSplit.createMany({
      data: unit.successors.map(({ code, rule }) => ({ unitId: id, successorCode: code, rule: rule ?? '' })),
    })
}
