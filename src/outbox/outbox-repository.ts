import type { Sql } from '../platform/database.js'

/**
 * Hộp thư đi: rows are written by triggers in the transaction of the change. Here they are read twice: once by the relay, which
 * publishes wake-ups, and by every live reader, which follows the changes in commit order.
 */
export interface WakeUp {
  readonly outboxId: string
  readonly transferId: string
  readonly systemId: string
  readonly dispatchNo: number
  /** How long until the transfer may be attempted. */
  readonly waitMs: number
}

/** The oldest unpublished wake-ups, not locked by another relay. Call inside a transaction. */
export const takeWakeUps = (tx: Sql, limit: number): Promise<WakeUp[]> =>
  tx.query<WakeUp>(
    `SELECT id::text AS "outboxId", transfer_id::text AS "transferId", system_id AS "systemId", dispatch_no AS "dispatchNo",
       greatest(0, ceil(extract(epoch FROM wake_at - (SELECT app_now())) * 1000))::float8 AS "waitMs"
     FROM outbox_event WHERE wake_at IS NOT NULL AND published_at IS NULL
     ORDER BY id LIMIT $1::int FOR UPDATE SKIP LOCKED`,
    [limit],
    { planName: 'wake-ups' },
  )

export const markPublished = async (tx: Sql, outboxIds: readonly string[]): Promise<void> => {
  await tx.query(`UPDATE outbox_event SET published_at = (SELECT app_now()) WHERE id = ANY($1::bigint[]) RETURNING 1 AS done`, [outboxIds])
}

/** So many are looked at in one pruning: neither a table of three days is read whole, nor what waits in it for a queue that is away. */
const LOOKED_AT_ONCE = 5_000

/** Up to which event this process has looked; from the oldest on again, once it came to one that is kept for its age. */
const lookedTo = new WeakMap<Sql, string>()

/**
 * Removes events older than a live reader may resume from, some thousands at a time, and remembers how far. Unpublished ones stay, and are passed over
 * for this round of looks. Returns how many went.
 */
export const pruneOutbox = async (sql: Sql, olderThanHours: number): Promise<number> => {
  const [row] = await sql.query<{ gone: number; lookedTo: string }>(
    `WITH looked AS MATERIALIZED (
       SELECT id, created_at < (SELECT app_now()) - $1::int * interval '1 hour' AS is_old, wake_at IS NULL OR published_at IS NOT NULL AS is_done
       FROM outbox_event WHERE id > $3::bigint ORDER BY id LIMIT $2::int
     ), gone AS (
       DELETE FROM outbox_event WHERE id = ANY(ARRAY(SELECT id FROM looked WHERE is_old AND is_done))
       RETURNING txid, id
     ), horizon AS (
       INSERT INTO outbox_horizon (id, txid, event_id)
       SELECT 1, gone.txid, gone.id FROM gone ORDER BY gone.txid DESC, gone.id DESC LIMIT 1
       ON CONFLICT (id) DO UPDATE SET txid = excluded.txid, event_id = excluded.event_id
         WHERE (outbox_horizon.txid, outbox_horizon.event_id) < (excluded.txid, excluded.event_id)
     )
     SELECT (SELECT count(*) FROM gone)::int AS gone,
       (SELECT CASE WHEN count(*) = $2::int AND bool_and(is_old) THEN max(id) ELSE 0 END FROM looked)::text AS "lookedTo"`,
    [olderThanHours, LOOKED_AT_ONCE, lookedTo.get(sql) ?? '0'],
  )
  lookedTo.set(sql, row?.lookedTo ?? '0')
  return row?.gone ?? 0
}

/**
 * Whether events after this place in the log are not to be had from here: they have been pruned, or the place lies in a future that a restore
 * from a backup has undone (no transaction has come so far).
 */
export const isBeyondReach = async (sql: Sql, txid: string, id: string): Promise<boolean> => {
  const rows = await sql.query(
    `SELECT 1 AS gone WHERE EXISTS (SELECT 1 FROM outbox_horizon WHERE (txid, event_id) > ($1::bigint, $2::bigint))
       OR $1::bigint >= pg_snapshot_xmax(pg_current_snapshot())::text::bigint`,
    [txid, id],
  )
  return rows.length > 0
}
