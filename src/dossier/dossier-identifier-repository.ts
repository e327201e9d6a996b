import { SYSTEM_IDS } from '../model/system.js'
import { introductionOf } from '../model/transfer-order.js'
import type { Sql } from '../platform/database.js'

/**
 * Mã hồ sơ ở hệ thống khác: the number that a system gave a dossier when it took the transfer by which it learned of it (số tiếp nhận). From then on the
 * dossier is found under it. Read from the log of changes, behind the settling of transfers and not in it: a code has some seconds' time, a settlement
 * has none. Each process begins with the oldest event that is kept, so that what was settled while nobody looked is not missed.
 */
const INTRODUCTIONS = SYSTEM_IDS.map(introductionOf)

const EVENTS_AT_ONCE = 2_000
/** Of one call: the next one goes on. */
const MOST_ROUNDS = 20
/** Longer ones are no numbers. */
const LONGEST = 100

interface Place {
  readonly txid: string
  readonly id: string
}

/** A number that two dossiers were given stays with the first. A place that lies ahead of the database, which was restored, counts for none. */
const keepTold = async (sql: Sql, after: Place): Promise<{ read: number; last: Place }> => {
  const [row] = await sql.query<{ read: number; txid: string | null; id: string | null }>(
    `WITH place AS (
       SELECT CASE WHEN $1::bigint < pg_snapshot_xmax(pg_current_snapshot())::text::bigint THEN $1::bigint ELSE 0 END AS txid
     ), told AS MATERIALIZED (
       SELECT txid, id, transfer_id FROM outbox_event
       WHERE (txid, id) > ((SELECT place.txid FROM place), $2::bigint) AND txid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint
       ORDER BY outbox_event.txid, outbox_event.id LIMIT ${EVENTS_AT_ONCE}
     ), kept AS (
       INSERT INTO dossier_identifier (dossier_id, system_id, value)
       SELECT DISTINCT ON (t.system_id, t.external_ref) t.dossier_id, t.system_id, t.external_ref
       FROM told JOIN transfer t ON t.id = told.transfer_id JOIN dossier d ON d.id = t.dossier_id
       WHERE t.state = 'DELIVERED' AND t.operation = ANY($3::text[]) AND t.external_ref <> d.code AND length(t.external_ref) BETWEEN 1 AND ${LONGEST}
         AND NOT EXISTS (SELECT 1 FROM dossier_identifier k WHERE k.system_id = t.system_id AND k.value = t.external_ref)
       ORDER BY t.system_id, t.external_ref, t.settled_at, t.id
       ON CONFLICT DO NOTHING
     )
     SELECT (SELECT count(*)::int FROM told) AS read, last.txid::text, last.id::text
     FROM (VALUES (1)) AS _ LEFT JOIN (SELECT txid, id FROM told ORDER BY txid DESC, id DESC LIMIT 1) AS last ON true`,
    [after.txid, after.id, INTRODUCTIONS],
  )
  return { read: row?.read ?? 0, last: { txid: row?.txid ?? after.txid, id: row?.id ?? after.id } }
}

/** Keeps what was told since its last call. */
export const createIdentifierKeeper = (sql: Sql): (() => Promise<void>) => {
  let place: Place = { txid: '0', id: '0' }
  return async () => {
    for (let round = 0; round < MOST_ROUNDS; round += 1) {
      const { read, last } = await keepTold(sql, place)
      place = last
      if (read < EVENTS_AT_ONCE) return
    }
  }
}
