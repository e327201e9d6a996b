import type { Sql } from '../platform/database.js'

/** The same in every process of an installation, and in no other. */
export const readInstallationId = async (sql: Sql): Promise<string> => {
  const [row] = await sql.query<{ id: string }>('SELECT installation_id::text AS id FROM database_identity')
  if (!row) throw new Error('no process has claimed this database yet')
  return row.id
}

/**
 * Mục đích của cơ sở dữ liệu: the first program that uses it says whether its dossiers are the sandbox's or a district's. A database
 * with dossiers of before that is a district's. FRESH: claimed now; KNOWN: it was this already; OTHER: it is the other one.
 */
export const claimPurpose = async (sql: Sql, purpose: 'SANDBOX' | 'DISTRICT'): Promise<'FRESH' | 'KNOWN' | 'OTHER'> => {
  const sandbox = purpose === 'SANDBOX'
  const rows = await sql.query<{ sandbox: boolean; fresh: boolean }>(
    `INSERT INTO installation (id, sandbox) SELECT 1, $1::boolean AND NOT EXISTS (SELECT 1 FROM dossier)
     ON CONFLICT (id) DO UPDATE SET id = 1 RETURNING sandbox, (xmax = 0) AS fresh`,
    [sandbox],
  )
  const [row] = rows
  if (row?.sandbox !== sandbox) return 'OTHER'
  return row.fresh ? 'FRESH' : 'KNOWN'
}

/** Whether its dossiers are the sandbox's. */
export const isSandbox = async (sql: Sql): Promise<boolean> =>
  (await sql.query<{ sandbox: boolean }>('SELECT sandbox FROM installation'))[0]?.sandbox ?? false
