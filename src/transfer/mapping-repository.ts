import type { SystemId } from '../model/system.js'
import { type Database, LONG_WORK, type Sql, type Tx } from '../platform/database.js'
import type { CodeMeaning, MappingKind, Mappings } from '../ports/mappings.js'
import { releaseHeld } from './transfer-repository.js'

/** Bảng ánh xạ mã in the tables: looked up by day, loaded from files, and what is missing told by name. */
export interface MappingRow {
  readonly systemId: SystemId
  readonly kind: MappingKind
  readonly ourCode: string
  readonly foreignCode: string
  /** Local dates `yyyy-MM-dd`, both inclusive. */
  readonly validFrom: string
  readonly validTo: string | null
}

const lookUp = async (
  sql: Sql,
  [wanted, given]: ['foreign_code', 'our_code'] | ['our_code', 'foreign_code'],
  [system, kind, code, onDate]: [SystemId, MappingKind, string, string],
): Promise<string | null> => {
  const column = given === 'our_code' && kind === 'COMMUNE' && !code.includes('@') ? `split_part(our_code, '@', 1)` : given
  const rows = await sql.query<{ code: string }>(
    `SELECT ${wanted} AS code FROM code_mapping
     WHERE system_id = $1 AND kind = $2 AND ${column} = $3 AND valid_from <= $4::date AND (valid_to IS NULL OR valid_to >= $4::date)
     ORDER BY valid_from DESC LIMIT 1`,
    [system, kind, code, onDate],
  )
  return rows[0]?.code ?? null
}

/** A code that was found counts for so long without another look. */
const KEPT_MS = 5_000
const MAX_KEPT = 10_000

/**
 * A code that was not found is looked up each time: a mapping that has just been loaded counts at the next attempt, in every process.
 * One that was found is kept for five seconds: a correction counts by then.
 */
export const databaseMappings = (sql: Sql): Mappings => {
  const kept = new Map<string, { readonly code: string; readonly until: number }>()
  const find = async (columns: Parameters<typeof lookUp>[1], key: Parameters<typeof lookUp>[2]): Promise<string | null> => {
    const name = `${columns[0]} ${key.join(' ')}`
    const known = kept.get(name)
    if (known && known.until > Date.now()) return known.code
    const code = await lookUp(sql, columns, key)
    if (kept.size >= MAX_KEPT) kept.clear()
    if (code === null) kept.delete(name)
    else kept.set(name, { code, until: Date.now() + KEPT_MS })
    return code
  }
  return {
    toForeign: (...key) => find(['foreign_code', 'our_code'], key),
    toOurs: (...key) => find(['our_code', 'foreign_code'], key),
    meaningsOf: (system, kind, foreignCode) =>
      sql.query<CodeMeaning>(
        `SELECT our_code AS "ourCode", valid_from::text AS "validFrom", valid_to::text AS "validTo" FROM code_mapping
         WHERE system_id = $1 AND kind = $2 AND foreign_code = $3 ORDER BY valid_from DESC`,
        [system, kind, foreignCode],
      ),
  }
}

const MAPPINGS_LOCK = `hashtextextended('code_mapping', 0)`

/**
 * The mappings stay as they are to the end of this transaction: what is found missing in it is then kept where a loading that comes after it
 * finds it. Taken before any row is locked; a loading that is under way is waited for.
 */
export const holdMappings = async (tx: Tx): Promise<void> => {
  await tx.query(`SELECT 1 AS held FROM pg_advisory_xact_lock_shared(${MAPPINGS_LOCK})`)
}

/**
 * Loads rows, replacing those of the same code and day (of two such rows the last one counts), and releases what was held for a missing mapping.
 * Returns how many transfers: it may be a whole backlog, in a transaction that has the time (`LONG_WORK`). What is held for one at this very
 * moment is released by the guardian.
 */
export const loadMappingsIn = async (tx: Tx, rows: readonly MappingRow[]): Promise<number> => {
  await tx.query(`SELECT 1 AS locked FROM pg_advisory_xact_lock(${MAPPINGS_LOCK})`)
  await tx.query(
    `WITH loaded AS (
       INSERT INTO code_mapping (system_id, kind, our_code, foreign_code, valid_from, valid_to)
       SELECT DISTINCT ON (system_id, kind, our_code, valid_from) system_id, kind, our_code, foreign_code, valid_from, valid_to
       FROM ROWS FROM (jsonb_to_recordset($1::jsonb) AS
           ("systemId" text, kind text, "ourCode" text, "foreignCode" text, "validFrom" date, "validTo" date))
         WITH ORDINALITY AS given(system_id, kind, our_code, foreign_code, valid_from, valid_to, place)
       ORDER BY system_id, kind, our_code, valid_from, place DESC
       ON CONFLICT (system_id, kind, our_code, valid_from)
       DO UPDATE SET foreign_code = excluded.foreign_code, valid_to = excluded.valid_to, loaded_at = app_now()
       RETURNING 1
     )
     SELECT count(*)::int AS loaded FROM loaded`,
    [JSON.stringify(rows)],
  )
  let released = 0
  for (const systemId of new Set(rows.map((row) => row.systemId))) released += await releaseHeld(tx, systemId, 'MAPPING_MISSING')
  return released
}

export const loadMappings = (db: Database, rows: readonly MappingRow[]): Promise<number> =>
  db.transaction((tx) => loadMappingsIn(tx, rows), LONG_WORK)
