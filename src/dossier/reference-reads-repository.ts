import type { Scope } from '../access/scope.js'
import { LOCAL_TODAY, Parameters, unitInScope } from '../access/scope.js'
import type { Sql } from '../platform/database.js'

export interface UnitRow {
  readonly id: number
  readonly code: string
  readonly name: string
  readonly level: string
  readonly provinceCode: string
  readonly provinceName: string
  /** Local dates `yyyy-MM-dd`. */
  readonly validFrom: string
  readonly validTo: string | null
  readonly successorCode: string | null
  readonly standing: string
}

export interface ProcedureRow {
  readonly code: string
  readonly name: string
  readonly fieldCode: string
  readonly fieldName: string
  readonly statutoryDays: number | null
  readonly standing: string
  readonly landRegistration: boolean
}

export const UNIT_COLUMNS = `u.id, u.code, u.name, u.level, u.province_code AS "provinceCode", u.province_name AS "provinceName",
  u.valid_from::text AS "validFrom", u.valid_to::text AS "validTo", u.successor_code AS "successorCode", u.standing`

const PROCEDURE_COLUMNS = `code, name, field_code AS "fieldCode", field_name AS "fieldName", statutory_days AS "statutoryDays",
  standing, land_registration AS "landRegistration"`

export const readUnits = (db: Sql, ids: readonly number[]): Promise<UnitRow[]> =>
  db.query(`SELECT ${UNIT_COLUMNS} FROM administrative_unit u WHERE u.id = ANY($1::int[])`, [[...ids]])

/** The units in force on a day, by name. */
export const listUnits = (db: Sql, on: string): Promise<UnitRow[]> =>
  db.query(
    `SELECT ${UNIT_COLUMNS} FROM administrative_unit u
     WHERE u.valid_from <= $1::date AND (u.valid_to IS NULL OR u.valid_to >= $1::date) ORDER BY u.code`,
    [on],
  )

/** The unit that a code meant on a day, when it lies within the scope. */
export const findUnitInScope = async (db: Sql, scope: Scope, code: string, on: string): Promise<UnitRow | null> => {
  const parameters = new Parameters()
  const day = `${parameters.add(on)}::date`
  const rows = await db.query<UnitRow>(
    `SELECT ${UNIT_COLUMNS} FROM administrative_unit u WHERE u.code = ${parameters.add(code)}::text
       AND u.valid_from <= ${day} AND (u.valid_to IS NULL OR u.valid_to >= ${day}) AND ${unitInScope(scope, 'u.id', parameters)}`,
    parameters.values,
  )
  return rows[0] ?? null
}

/** A commune as it is named: its code, meant as of a day (null: today). */
export interface UnitName {
  readonly code: string
  readonly on: string | null
}

/** SQL: the code of the unit that holds the ground of unit `u` today: the end of its chain of successors; null: it was split, or nobody has followed. */
const CURRENT_CODE = `(
  WITH RECURSIVE chain AS (
    SELECT u.code, u.valid_to, u.successor_code, 0 AS hops
    UNION ALL
    SELECT s.code, s.valid_to, s.successor_code, c.hops + 1 FROM chain c JOIN administrative_unit s
      ON s.code = c.successor_code AND s.valid_from <= c.valid_to + 1 AND (s.valid_to IS NULL OR s.valid_to > c.valid_to)
    WHERE c.valid_to IS NOT NULL AND c.hops < 8
  ) SELECT CASE WHEN valid_to IS NULL OR valid_to >= ${LOCAL_TODAY} THEN code END FROM chain ORDER BY hops DESC LIMIT 1)`

/**
 * For each name, the code that its ground bears today; null when it names no unit within the scope. Without a day a code that nobody bears any more has its last
 * meaning.
 */
export const currentCodesInScope = async (db: Sql, scope: Scope, names: readonly UnitName[]): Promise<(string | null)[]> => {
  const parameters = new Parameters()
  const wanted = parameters.add(JSON.stringify(names.map((name, place) => ({ place, ...name }))))
  const rows = await db.query<{ place: number; currentCode: string | null }>(
    `SELECT w.place, ${CURRENT_CODE} AS "currentCode"
     FROM jsonb_to_recordset(${wanted}::jsonb) AS w (place int, code text, "on" date)
     CROSS JOIN LATERAL (
       SELECT b.* FROM administrative_unit b WHERE b.code = w.code AND b.valid_from <= coalesce(w."on", ${LOCAL_TODAY})
         AND (w."on" IS NULL OR b.valid_to IS NULL OR b.valid_to >= w."on") ORDER BY b.valid_from DESC LIMIT 1
     ) u
     WHERE ${unitInScope(scope, 'u.id', parameters)}`,
    parameters.values,
  )
  const codes = new Map(rows.map(({ place, currentCode }) => [place, currentCode]))
  return names.map((_name, place) => codes.get(place) ?? null)
}

export const readProcedures = (db: Sql, codes: readonly string[]): Promise<ProcedureRow[]> =>
  db.query(`SELECT ${PROCEDURE_COLUMNS} FROM procedure WHERE code = ANY($1::text[])`, [[...codes]])

export const listProcedures = (db: Sql): Promise<ProcedureRow[]> => db.query(`SELECT ${PROCEDURE_COLUMNS} FROM procedure ORDER BY code`)

/** Local date of the gateway's clock. */
export const readToday = async (db: Sql): Promise<string> => {
  const [row] = await db.query<{ today: string }>(`SELECT ${LOCAL_TODAY}::text AS today`)
  if (!row) throw new Error('the database gave no date')
  return row.today
}

/** The gateway's clock. */
export const readNow = async (db: Sql): Promise<Date> => {
  const [row] = await db.query<{ now: Date }>("SELECT date_trunc('milliseconds', app_now()) AS now")
  if (!row) throw new Error('the database gave no time')
  return row.now
}
