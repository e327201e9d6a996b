import type { Sql } from '../platform/database.js'

/** What is open now, by system and state, and how long the oldest has waited; the outbox; and messages that wait for their dossier or turn. Asked at each scrape. */
export const readGauges = async (
  sql: Sql,
): Promise<{
  queues: { systemId: string; state: string; count: number; oldestSeconds: number }[]
  outbox: { waiting: number; lagSeconds: number }
  inbox: { source: string; state: string; count: number; oldestSeconds: number }[]
}> => {
  const [queues, outbox, inbox] = await Promise.all([
    sql.query<{ systemId: string; state: string; count: number; oldestSeconds: number }>(
      `SELECT system_id AS "systemId", state, count(*)::int AS count,
         extract(epoch FROM app_now() - min(created_at))::float8 AS "oldestSeconds"
       FROM transfer WHERE state NOT IN ('DELIVERED', 'ABANDONED', 'SUPERSEDED') GROUP BY system_id, state`,
    ),
    sql.query<{ waiting: number; lagSeconds: number }>(
      `SELECT count(*)::int AS waiting, coalesce(extract(epoch FROM app_now() - min(created_at)), 0)::float8 AS "lagSeconds"
       FROM outbox_event WHERE wake_at IS NOT NULL AND published_at IS NULL`,
    ),
    sql.query<{ source: string; state: string; count: number; oldestSeconds: number }>(
      `SELECT source, state, count(*)::int AS count, extract(epoch FROM app_now() - min(received_at))::float8 AS "oldestSeconds"
       FROM inbox_message WHERE state IN ('STORED', 'UNMATCHED', 'EARLY') GROUP BY source, state`,
    ),
  ])
  return { queues, inbox, outbox: outbox[0] ?? { waiting: 0, lagSeconds: 0 } }
}
