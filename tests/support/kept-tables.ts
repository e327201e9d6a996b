import type { Database } from '../../src/platform/database.js'

/** How far a database has come: were that put back, it would be taken for one restored from a backup. */
const STAYS = 'database_identity'

/** What stands in a new database and moves as it is worked with. The rest that stands there is reference data, which processes keep in memory. */
const MOVING = ['app_clock', 'foreign_system', 'poll_cursor', 'system_breaker', 'system_gate']

/**
 * What the tables of a database hold now. The function that is returned makes them hold that again: what was empty is emptied, and what moves is written again. Numbers that
 * rows are given go on, so that a new row is never taken for one that is gone. It returns false, and has done nothing, where reference data was changed since, or the tests'
 * account may not pass over triggers and references.
 */
export const keepTables = async (db: Database): Promise<() => Promise<boolean>> => {
  const names = await db.query<{ name: string }>(
    `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' AND tablename <> $1`,
    [STAYS],
  )
  const [account] = await db.query<{ isSuper: boolean }>(`SELECT rolsuper AS "isSuper" FROM pg_roles WHERE rolname = current_user`)
  const which = async (tables: readonly string[], test: (table: string) => string): Promise<string[]> =>
    (await db.query<{ name: string }>(tables.map((table) => `SELECT '${table}' AS name WHERE ${test(table)}`).join(' UNION ALL '))).map(
      ({ name }) => name,
    )
  const tables = names.map(({ name }) => name)
  const filled = await which(tables, (table) => `EXISTS (SELECT FROM public.${table})`)
  await db.query(`CREATE SCHEMA kept; ${filled.map((table) => `CREATE TABLE kept.${table} AS TABLE public.${table}`).join('; ')}`)

  const reference = filled.filter((table) => !MOVING.includes(table))
  const moving = filled.filter((table) => MOVING.includes(table))
  const isChanged = (table: string): string =>
    `EXISTS (TABLE public.${table} EXCEPT TABLE kept.${table}) OR EXISTS (TABLE kept.${table} EXCEPT TABLE public.${table})`
  // One transaction. The relay holds rows of the log while it marks transfers: who waits for it must hold none of those.
  const putBack = [
    'SET LOCAL session_replication_role = replica',
    ...['outbox_event', ...tables.filter((table) => !reference.includes(table))].map((table) => `DELETE FROM public.${table}`),
    ...moving.map((table) => `INSERT INTO public.${table} TABLE kept.${table}`),
  ].join('; ')
  return async () => {
    if (!account?.isSuper || (await which(reference, isChanged)).length > 0) return false
    await db.query(putBack)
    return true
  }
}
