import type { Database } from '../../../src/platform/database.js'

/** What a restore from a backup brings back of the delivery of some dossiers, in the place of all that has happened since. */
const TABLES = ['transfer', 'attempt', 'audit_entry', 'recovery_epoch', 'system_gate', 'system_breaker'] as const

export interface Backup {
  readonly rows: ReadonlyMap<string, string>
  /** The rights to send count on from here, and may be given a second time. */
  readonly lastLease: string
}

export const takeBackup = async (db: Database): Promise<Backup> => {
  const rows = new Map<string, string>()
  for (const table of TABLES) {
    const [all] = await db.query<{ rows: string }>(`SELECT coalesce(jsonb_agg(to_jsonb(t)), '[]')::text AS rows FROM ${table} t`)
    rows.set(table, all?.rows ?? '[]')
  }
  const [lease] = await db.query<{ last: string }>('SELECT last_value::text AS last FROM transfer_lease')
  return { rows, lastLease: lease?.last ?? '1' }
}

export const restoreBackup = (db: Database, { rows, lastLease }: Backup): Promise<void> =>
  db.transaction(async (tx) => {
    // No trigger and no foreign key looks at it, as when files are put back.
    await tx.orm.$executeRawUnsafe('SET LOCAL session_replication_role = replica')
    await tx.orm.$executeRawUnsafe(`TRUNCATE ${TABLES.join(', ')}, outbox_event CASCADE`)
    for (const table of TABLES)
      await tx.orm.$executeRawUnsafe(
        `INSERT INTO ${table} SELECT * FROM jsonb_populate_recordset(NULL::${table}, $1::jsonb)`,
        rows.get(table),
      )
    await tx.query(`SELECT setval('transfer_lease', $1::bigint)`, [lastLease])
  })
