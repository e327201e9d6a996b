import type { Sql } from '../platform/database.js'

/** Which of these documents an inbox message, a dossier or a transfer has ever referred to. */
export const findReferenced = async (sql: Sql, hashes: readonly string[]): Promise<ReadonlySet<string>> => {
  const rows = await sql.query<{ sha256: string }>(`SELECT DISTINCT sha256 FROM blob_reference WHERE sha256 = ANY($1::text[])`, [
    [...hashes],
  ])
  return new Set(rows.map(({ sha256 }) => sha256))
}
