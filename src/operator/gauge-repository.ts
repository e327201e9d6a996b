import type { Sql } from '../platform/database.js'

/** What is open now, by system and state, and how long the oldest has waited; and the outbox. Asked at each scrape. */
export const readGauges = async (
  sql: Sql,
): Promise<{
  queues: { systemId: string; state: string; count: number; oldestSeconds: number }[]
  outbox: { waiting: number; lagSeconds: number }
}> => {
  const [queues, outbox] = await Promise.all([
    sql.query<{ systemId: string; state: string; count: number; oldestSeconds: number }>(
      `SELECT system_id AS "systemId", state, count(*)::int AS count,
         extract(epoch FROM app_now() - min(created_at))::float8 AS "oldestSeconds"
       FROM transfer WHERE state NOT IN ('DELIVERED', 'ABANDONED', 'SUPERSEDED') GROUP BY system_id, state`,
    ),
    sql.query<{ waiting: number; lagSeconds: number }>(
      `SELECT count(*)::int AS waiting, coalesce(extract(epoch FROM app_now() - min(created_at)), 0)::float8 AS "lagSeconds"
       FROM outbox_event WHERE wake_at IS NOT NULL AND published_at IS NULL`,
    ),
  ])
  return { queues, outbox: outbox[0] ?? { waiting: 0, lagSeconds: 0 } }
}
