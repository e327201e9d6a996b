import type { SystemChange } from '../model/health-timeline.js'
import type { SystemId } from '../model/system.js'
import type { Database, Sql } from '../platform/database.js'

export interface SystemChangeRow extends SystemChange {
  readonly systemId: SystemId
}

export interface SystemHistory {
  readonly from: Date
  readonly until: Date
  /** In the order of their time: all since `from`, and of each part the last one before. */
  readonly changes: readonly SystemChangeRow[]
}

/** Of a system that comes and goes every few seconds the oldest ones are left out. */
const MOST_CHANGES = 20_000

const CHANGES = `
WITH bounds AS MATERIALIZED (SELECT app_now() AS until, app_now() - $1::int * interval '1 hour' AS since),
told AS (
  SELECT system_id, part, state, at, id FROM system_change
  UNION ALL
  SELECT system_id, 'PAUSE', CASE act WHEN 'PAUSE' THEN 'ON' ELSE 'OFF' END, at, 0 FROM audit_entry WHERE act IN ('PAUSE', 'RESUME')
), windows AS (
  SELECT system_id, starts_at, least(ends_at, ended_at) AS ended FROM maintenance_window, bounds
  WHERE starts_at <= until AND least(ends_at, ended_at) > since AND (ended_at IS NULL OR ended_at > starts_at)
), chosen AS (
  (SELECT told.* FROM told, bounds WHERE at > since ORDER BY at DESC LIMIT ${MOST_CHANGES})
  UNION ALL
  (SELECT DISTINCT ON (system_id, part) told.* FROM told, bounds WHERE at <= since ORDER BY system_id, part, at DESC, id DESC)
  UNION ALL SELECT system_id, 'MAINTENANCE', 'ON', starts_at, 0 FROM windows
  UNION ALL SELECT system_id, 'MAINTENANCE', 'OFF', ended, 0 FROM windows
)
SELECT system_id AS "systemId", part, state, at FROM chosen ORDER BY at, id`

/** Diễn biến của các hệ thống in the last hours: health and breakers as triggers kept them, pauses from the audit, maintenance from its windows. */
export const readSystemHistory = async (sql: Sql, hours: number): Promise<SystemHistory> => {
  const [[bounds], changes] = await Promise.all([
    sql.query<{ from: Date; until: Date }>(`SELECT app_now() - $1::int * interval '1 hour' AS "from", app_now() AS until`, [hours]),
    sql.query<SystemChangeRow>(CHANGES, [hours]),
  ])
  return { ...(bounds as { from: Date; until: Date }), changes }
}

/** Of each part the last change before that stays: it says how the time that is kept began. */
export const pruneSystemChanges = async (db: Database, days: number, limit: number): Promise<number> => {
  const removed = await db.query(
    `DELETE FROM system_change WHERE id IN (
       SELECT c.id FROM system_change c WHERE c.at < app_now() - $1::int * interval '1 day' AND EXISTS (
         SELECT 1 FROM system_change later WHERE later.system_id = c.system_id AND later.part = c.part AND (later.at, later.id) > (c.at, c.id)
           AND later.at < app_now() - $1::int * interval '1 day') LIMIT $2::int) RETURNING 1 AS done`,
    [days, limit],
  )
  return removed.length
}
