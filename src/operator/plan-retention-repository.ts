import type { Database } from '../platform/database.js'

const CLEARED = 'Đã xóa khi hết thời hạn lưu.'

/** Of a plan with many rows so many at a time: nobody waits for it. */
const ROWS_AT_ONCE = 5_000

/**
 * Dọn lời của kế hoạch: what a plan was asked for, why, and the sentences of its rows may name a person and serve nobody any more when it has long been over. They
 * are taken away, the rows first, some at a time; which transfer was in it, what was foreseen and what became of it stays. Returns how many rows and plans were cleared.
 */
export const clearOldPlans = async (db: Database, days: number, limit: number): Promise<number> => {
  const old = await db.query<{ id: string }>(
    `SELECT id::text FROM replay_plan
     WHERE cleared_at IS NULL AND finished_at IS NOT NULL AND finished_at < app_now() - $1::int * interval '1 day' ORDER BY finished_at LIMIT $2::int`,
    [days, limit],
  )
  let cleared = 0
  for (const { id } of old) {
    const rows = await db.query(
      `UPDATE replay_plan_row SET forecast_reason = NULL, result_reason = NULL WHERE plan_id = $1::uuid AND position IN (
         SELECT position FROM replay_plan_row WHERE plan_id = $1::uuid AND (forecast_reason IS NOT NULL OR result_reason IS NOT NULL)
         LIMIT ${ROWS_AT_ONCE}) RETURNING 1 AS done`,
      [id],
    )
    cleared += rows.length
    if (rows.length === ROWS_AT_ONCE) return cleared
    await db.query(
      `UPDATE replay_plan SET filter = '{}', name = left(id::text, 8), reason = $2, stopped_because = NULL, cleared_at = app_now()
       WHERE id = $1::uuid AND cleared_at IS NULL RETURNING 1 AS done`,
      [id, CLEARED],
    )
    cleared += 1
  }
  return cleared
}
