import { foldedReadings, unitsMeant } from '../model/unit-name.js'
import type { Sql } from '../platform/database.js'
import { UNIT_COLUMNS, type UnitRow } from './reference-reads-repository.js'

/** Lịch sử đơn vị hành chính: what codes and names have meant, and whom units passed to. */

/** How a unit is asked for: all that is given must hold. */
export interface UnitQuestion {
  readonly code?: string
  readonly name?: string
  /** Local date `yyyy-MM-dd`. */
  readonly on?: string
}

/** Every unit that is meant, the newest first. */
export const findUnits = async (db: Sql, { code, name, on }: UnitQuestion): Promise<UnitRow[]> => {
  const rows = await db.query<UnitRow>(
    `SELECT ${UNIT_COLUMNS} FROM administrative_unit u CROSS JOIN LATERAL (SELECT fold_text(u.name) AS folded OFFSET 0) f
     WHERE ($1::text IS NULL OR u.code = $1::text)
       AND ($2::date IS NULL OR (u.valid_from <= $2::date AND (u.valid_to IS NULL OR u.valid_to >= $2::date)))
       AND ($3::text[] IS NULL OR EXISTS (SELECT 1 FROM unnest($3::text[]) r WHERE f.folded = r OR f.folded LIKE '% ' || r))
     ORDER BY u.valid_from DESC, u.code`,
    [code ?? null, on ?? null, name === undefined ? null : foldedReadings(name)],
  )
  return name === undefined ? rows : unitsMeant(name, rows)
}

/** A unit that follows another one, or that another one follows. */
export interface LinkedUnit extends UnitRow {
  readonly ofId: number
  /** Which part; null: the whole. */
  readonly rule: string | null
}

/** SQL: code and rule of whom unit `alias` passed to. */
const heirsOf = (
  alias: string,
): string => `(SELECT ${alias}.successor_code AS code, NULL::text AS rule WHERE ${alias}.successor_code IS NOT NULL
  UNION ALL SELECT part.successor_code, part.rule FROM administrative_unit_split part WHERE part.unit_id = ${alias}.id)`

const FOLLOWS = (heir: string, before: string): string =>
  `${heir}.valid_from <= ${before}.valid_to + 1 AND (${heir}.valid_to IS NULL OR ${heir}.valid_to > ${before}.valid_to)`

export const readUnitSuccessors = (db: Sql, ids: readonly number[]): Promise<LinkedUnit[]> =>
  db.query(
    `SELECT b.id AS "ofId", x.rule, ${UNIT_COLUMNS} FROM administrative_unit b CROSS JOIN LATERAL ${heirsOf('b')} x
     JOIN administrative_unit u ON u.code = x.code AND ${FOLLOWS('u', 'b')} WHERE b.id = ANY($1::int[]) ORDER BY u.code`,
    [[...ids]],
  )

export const readUnitPredecessors = (db: Sql, ids: readonly number[]): Promise<LinkedUnit[]> =>
  db.query(
    `SELECT h.id AS "ofId", x.rule, ${UNIT_COLUMNS} FROM administrative_unit u CROSS JOIN LATERAL ${heirsOf('u')} x
     JOIN administrative_unit h ON h.code = x.code AND ${FOLLOWS('h', 'u')} WHERE h.id = ANY($1::int[]) ORDER BY u.code`,
    [[...ids]],
  )

/** Of each unit all that hold its ground now or have held it since, itself first. */
export const readUnitHeirs = (db: Sql, ids: readonly number[]): Promise<(UnitRow & { readonly ofId: number })[]> =>
  db.query(
    `WITH RECURSIVE line AS (
       SELECT u.id AS "ofId", u.* FROM administrative_unit u WHERE u.id = ANY($1::int[])
       UNION
       SELECT l."ofId", s.* FROM line l CROSS JOIN LATERAL ${heirsOf('l')} x JOIN administrative_unit s ON s.code = x.code AND ${FOLLOWS('s', 'l')}
     ) SELECT u."ofId", ${UNIT_COLUMNS} FROM line u ORDER BY u.valid_from, u.code`,
    [[...ids]],
  )
