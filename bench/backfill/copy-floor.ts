import { join } from 'node:path'
import pg from 'pg'

/**
 * What PostgreSQL's own COPY takes for the rows that a loading has written, into an empty database of the same kind. WITH_INDEXES: the same tables with all their indexes and foreign keys, no
 * trigger of ours, the search text among the rows. AS_IT_IS: the triggers too, which write the search text. BARE: tables without index or constraint.
 */
export const FLOORS = ['WITH_INDEXES', 'AS_IT_IS', 'BARE'] as const
export type Floor = (typeof FLOORS)[number]

const TABLES = ['party', 'dossier', 'parcel_reference', 'certificate_reference', 'dossier_event', 'dossier_search', 'search_word'] as const
const BY_TRIGGERS: readonly string[] = ['dossier_search', 'search_word']

const connected = async <Result>(url: string, work: (client: pg.Client) => Promise<Result>): Promise<Result> => {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

export const copyOut = (url: string, folder: string): Promise<void> =>
  connected(url, async (client) => {
    for (const table of TABLES) await client.query(`COPY ${table} TO '${join(folder, table)}'`)
  })

/** Seconds. */
export const copyIn = (url: string, folder: string, floor: Floor): Promise<number> =>
  connected(url, async (client) => {
    const tables = TABLES.filter((table) => floor !== 'AS_IT_IS' || !BY_TRIGGERS.includes(table))
    const target = (table: string): string => (floor === 'BARE' ? `bare_${table}` : table)
    if (floor === 'BARE') for (const table of tables) await client.query(`CREATE TABLE bare_${table} (LIKE ${table})`)
    if (floor === 'WITH_INDEXES') for (const table of tables) await client.query(`ALTER TABLE ${table} DISABLE TRIGGER USER`)
    await client.query('CHECKPOINT')
    const startedAt = performance.now()
    await client.query('BEGIN')
    for (const table of tables) await client.query(`COPY ${target(table)} FROM '${join(folder, table)}'`)
    await client.query('COMMIT')
    return (performance.now() - startedAt) / 1_000
  })
