import type { Database } from '../platform/database.js'

/** So many days of the past are gone through at most in one batch, when there is nothing in them. */
const MOST_DAYS = 31

/**
 * Dọn chứng cứ: removes the texts of requests and replies from attempts that are older than `days`, the oldest first, at most `limit` in one batch, by one
 * worker at a time. The attempt itself with its outcome stays. Returns how many were cleared.
 */
export const pruneEvidence = (db: Database, days: number, limit: number): Promise<number> =>
  db.transaction(async (tx) => {
    await tx.query(
      `INSERT INTO retention_mark (subject, up_to) SELECT 'EVIDENCE', coalesce(min(created_at), app_now()) FROM transfer
       WHERE NOT EXISTS (SELECT 1 FROM retention_mark WHERE subject = 'EVIDENCE')
       ON CONFLICT (subject) DO NOTHING RETURNING 1 AS done`,
    )
    const [mark] = await tx.query<{ upTo: Date; cutoff: Date }>(
      `SELECT up_to AS "upTo", app_now() - $1::int * interval '1 day' AS cutoff FROM retention_mark WHERE subject = 'EVIDENCE' FOR UPDATE SKIP LOCKED`,
      [days],
    )
    if (!mark) return 0
    let { upTo } = mark
    let cleared = 0
    for (let day = 0; day < MOST_DAYS && upTo < mark.cutoff && cleared < limit; day += 1) {
      const until = new Date(Math.min(upTo.getTime() + DAY_MS, mark.cutoff.getTime()))
      const rows = await tx.query(
        `UPDATE attempt SET request_xml = NULL, response_text = NULL WHERE id IN (
           SELECT id FROM attempt WHERE started_at >= $1::timestamptz AND started_at < $2::timestamptz
             AND (request_xml IS NOT NULL OR response_text IS NOT NULL) LIMIT $3::int) RETURNING 1 AS done`,
        [upTo, until, limit - cleared],
      )
      cleared += rows.length
      if (cleared < limit) upTo = until
    }
    await tx.query(`UPDATE retention_mark SET up_to = $1::timestamptz WHERE subject = 'EVIDENCE' RETURNING 1 AS done`, [upTo])
    return cleared
  })

const DAY_MS = 86_400_000
