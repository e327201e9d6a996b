import type { SystemId } from '../model/system.js'
import type { Sql } from '../platform/database.js'
import { type MappingKind, SYSTEMS_WITH_OWN_CODES } from '../ports/mappings.js'
import type { MappingRow } from './mapping-repository.js'

/**
 * Mã còn thiếu ánh xạ. What is held names one code at a time, the first that its sending lacked, and while a route is in OBSERVE nothing is held.
 * So the dossiers that came in are asked as well: all codes that a sending of theirs would need, of which no row is in force on the day that they
 * were received. What was born at the system itself needs none there.
 */
export interface MappingGap {
  readonly systemId: SystemId
  /** `KIND:code`, as the adapter names it. */
  readonly missing: string
  /** Held for it. */
  readonly transfers: number
  /** Of which a sending needs it, held or not. */
  readonly dossiers: number
  /** The earliest of them. */
  readonly since: Date
}

const USED = `
SELECT p.kind, p.code, p.on_date, count(DISTINCT p.id) AS dossiers, min(p.received_at) AS since, p.origin FROM (
  SELECT d.id, d.received_at, d.origin, (d.received_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date AS on_date, c.kind, c.code
  FROM dossier d
  JOIN procedure ON procedure.code = d.procedure_code AND procedure.land_registration
  JOIN administrative_unit u ON u.id = d.receiving_unit_id
  CROSS JOIN LATERAL (VALUES ('PROCEDURE', left(d.procedure_code, 8)), ('COMMUNE', u.code || '@' || u.valid_from), ('USER', d.received_by)) AS c(kind, code)
  UNION ALL
  SELECT d.id, d.received_at, d.origin, (d.received_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date, 'COMMUNE', u.code || '@' || u.valid_from
  FROM parcel_reference r
  JOIN dossier d ON d.id = r.dossier_id
  JOIN procedure ON procedure.code = d.procedure_code AND procedure.land_registration
  JOIN administrative_unit u ON u.id = r.unit_id
) AS p WHERE p.code <> '' GROUP BY p.kind, p.code, p.on_date, p.origin`

const GAPS = `
WITH held AS (
  SELECT system_id AS system, coalesce(error_field, last_error, '?') AS missing, count(*)::int AS transfers, min(created_at) AS since
  FROM transfer WHERE state = 'HELD' AND held_reason = 'MAPPING_MISSING' GROUP BY 1, 2
), lacking AS (
  SELECT s.system, used.kind || ':' || used.code AS missing, sum(used.dossiers)::int AS dossiers, min(used.since) AS since
  FROM (${USED}) AS used
  JOIN unnest($1::text[]) AS s(system) ON s.system <> used.origin
  WHERE NOT EXISTS (
    SELECT 1 FROM code_mapping m WHERE m.system_id = s.system AND m.kind = used.kind AND m.our_code = used.code
      AND m.valid_from <= used.on_date AND (m.valid_to IS NULL OR m.valid_to >= used.on_date))
  GROUP BY 1, 2
)
SELECT system AS "systemId", missing, coalesce(held.transfers, 0) AS transfers, coalesce(lacking.dossiers, 0) AS dossiers,
  least(held.since, lacking.since) AS since
FROM held FULL JOIN lacking USING (system, missing)
ORDER BY transfers DESC, dossiers DESC, missing`

/** What is missing, by name: first what most is held for. */
export const mappingGaps = (sql: Sql): Promise<MappingGap[]> => sql.query<MappingGap>(GAPS, [[...SYSTEMS_WITH_OWN_CODES]])

export interface MappingConditions {
  readonly system?: SystemId
  readonly kind?: MappingKind
  /** Ours or theirs. */
  readonly code?: string
}

/** The rows that are loaded, in a fixed order, so many at a time; and how many there are. */
export const listMappings = async (
  sql: Sql,
  { system, kind, code }: MappingConditions,
  { limit, skip }: { readonly limit: number; readonly skip: number },
): Promise<{ readonly rows: readonly MappingRow[]; readonly total: number }> => {
  const asked = `FROM code_mapping WHERE ($1::text IS NULL OR system_id = $1) AND ($2::text IS NULL OR kind = $2)
     AND ($3::text IS NULL OR our_code = $3 OR foreign_code = $3)`
  const values = [system ?? null, kind ?? null, code ?? null]
  const rows = await sql.query<MappingRow>(
    `SELECT system_id AS "systemId", kind, our_code AS "ourCode", foreign_code AS "foreignCode", valid_from::text AS "validFrom", valid_to::text AS "validTo"
     ${asked} ORDER BY system_id, kind, our_code, valid_from LIMIT $4::int OFFSET $5::int`,
    [...values, limit, skip],
  )
  const [counted] = await sql.query<{ total: number }>(`SELECT count(*)::int AS total ${asked}`, values)
  return { rows, total: counted?.total ?? 0 }
}

/** Mã cần chuẩn bị: a row to be filled in, with what it is called. */
export interface MappingToPrepare extends Omit<MappingRow, 'foreignCode'> {
  readonly name: string
}

/** Every land procedure and commune of the reference data that will be needed, and has no row in force today or later. */
const UNPREPARED = `
SELECT s.system AS "systemId", c.kind, c.code AS "ourCode", c.name, c.valid_from::text AS "validFrom", NULL::text AS "validTo"
FROM unnest($1::text[]) AS s(system)
CROSS JOIN (
  SELECT 'PROCEDURE' AS kind, code, name, DATE '2000-01-01' AS valid_from FROM procedure WHERE land_registration
  UNION ALL
  SELECT 'COMMUNE', code || '@' || valid_from, name, valid_from FROM administrative_unit WHERE valid_to IS NULL
) AS c
WHERE NOT EXISTS (
  SELECT 1 FROM code_mapping m WHERE m.system_id = s.system AND m.kind = c.kind AND m.our_code = c.code
    AND (m.valid_to IS NULL OR m.valid_to >= app_now()::date))
ORDER BY 1, 2 DESC, 3`

/** What is known of a code that some dossier lacks: a commune has its own days. */
const NAMED = `
SELECT given.system AS "systemId", given.kind, given.code AS "ourCode", coalesce(u.name, '') AS name,
  coalesce(u.valid_from, DATE '2000-01-01')::text AS "validFrom", u.valid_to::text AS "validTo"
FROM jsonb_to_recordset($1::jsonb) AS given(system text, kind text, code text)
LEFT JOIN administrative_unit u ON given.kind = 'COMMUNE' AND given.code = u.code || '@' || u.valid_from
ORDER BY 1, 2 DESC, 3`

const KIND_AND_CODE = /^(PROCEDURE|COMMUNE|USER):(.+)$/s

/** What the reference data and the dossiers that came in will need and has no row yet, each once. */
export const mappingsToPrepare = async (sql: Sql): Promise<MappingToPrepare[]> => {
  const unprepared = await sql.query<MappingToPrepare>(UNPREPARED, [[...SYSTEMS_WITH_OWN_CODES]])
  const known = new Set(unprepared.map(({ systemId, kind, ourCode }) => `${systemId} ${kind}:${ourCode}`))
  const given = (await mappingGaps(sql)).flatMap(({ systemId, missing }) => {
    const [, kind, code] = KIND_AND_CODE.exec(missing) ?? []
    return code === undefined || known.has(`${systemId} ${missing}`) ? [] : [{ system: systemId, kind: kind as MappingKind, code }]
  })
  return [...unprepared, ...(await sql.query<MappingToPrepare>(NAMED, [JSON.stringify(given)]))]
}
