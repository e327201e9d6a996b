import type { SystemId } from '../model/system.js'
import type { Sql, Tx } from '../platform/database.js'

/**
 * Khung bảo trì của một hệ thống. That one runs is not written anywhere but follows from the clock: it begins and ends by itself in every process, also in one that
 * was not there. Every claim asks, by an index of a few rows.
 */
export interface MaintenanceRow {
  readonly id: string
  readonly systemId: SystemId
  readonly from: Date
  readonly until: Date
  readonly reason: string
  readonly plannedBy: string
  readonly plannedAt: Date
  readonly endedAt: Date | null
  readonly endedBy: string | null
  /** `app_now()`. */
  readonly now: Date
}

const NOW = '(SELECT app_now())'

/** SQL: condition on a row of `maintenance_window` under this alias. */
export const isRunning = (alias: string, now = NOW): string =>
  `${alias}.ended_at IS NULL AND ${alias}.starts_at <= ${now} AND ${alias}.ends_at > ${now}`

/** SQL: whether nothing is to be sent to this system now because of its maintenance. */
export const inMaintenance = (systemId: string, now = NOW): string =>
  `EXISTS (SELECT 1 FROM maintenance_window w WHERE w.system_id = ${systemId} AND ${isRunning('w', now)})`

const COLUMNS = `w.id::text, w.system_id AS "systemId", w.starts_at AS "from", w.ends_at AS until, w.reason, w.planned_by AS "plannedBy",
  w.planned_at AS "plannedAt", w.ended_at AS "endedAt", w.ended_by AS "endedBy", app_now() AS now`

export const readRunning = (sql: Sql): Promise<MaintenanceRow[]> =>
  sql.query(`SELECT ${COLUMNS} FROM maintenance_window w WHERE ${isRunning('w')}`)

export const isInMaintenance = async (sql: Sql, systemId: SystemId): Promise<boolean> => {
  const [row] = await sql.query<{ runs: boolean }>(`SELECT ${inMaintenance('$1')} AS runs`, [systemId])
  return row?.runs ?? false
}

/** Those whose maintenance runs, or ended within so many minutes. */
export const systemsInMaintenance = async (sql: Sql, withinMinutes: number): Promise<SystemId[]> => {
  const rows = await sql.query<{ systemId: SystemId }>(
    `SELECT DISTINCT w.system_id AS "systemId" FROM maintenance_window w
     WHERE w.starts_at <= ${NOW} AND least(w.ends_at, w.ended_at) > ${NOW} - $1::int * interval '1 minute' AND (w.ended_at IS NULL OR w.ended_at > w.starts_at)`,
    [withinMinutes],
  )
  return rows.map(({ systemId }) => systemId)
}

/** Running and to come, of all systems, in their order. */
export const readOpenWindows = (sql: Sql): Promise<MaintenanceRow[]> =>
  sql.query(`SELECT ${COLUMNS} FROM maintenance_window w WHERE w.ended_at IS NULL AND w.ends_at > ${NOW} ORDER BY w.system_id, w.starts_at`)

export const findWindow = async (sql: Sql, systemId: SystemId, id: string): Promise<MaintenanceRow | undefined> =>
  (
    await sql.query<MaintenanceRow>(`SELECT ${COLUMNS} FROM maintenance_window w WHERE w.system_id = $1 AND w.id::text = $2::text`, [
      systemId,
      id,
    ])
  )[0]

export interface WindowSpan {
  readonly systemId: SystemId
  readonly from: Date
  readonly until: Date
}

/** Under the gate's lock. */
export const findOverlapping = async (tx: Tx, { systemId, from, until }: WindowSpan): Promise<MaintenanceRow | undefined> =>
  (
    await tx.query<MaintenanceRow>(
      `SELECT ${COLUMNS} FROM maintenance_window w
       WHERE w.system_id = $1 AND w.ended_at IS NULL AND w.starts_at < $3::timestamptz AND w.ends_at > $2::timestamptz ORDER BY w.starts_at LIMIT 1`,
      [systemId, from, until],
    )
  )[0]

export const countOpenWindows = async (tx: Tx, systemId: SystemId): Promise<number> => {
  const [row] = await tx.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM maintenance_window w WHERE w.system_id = $1 AND w.ended_at IS NULL AND w.ends_at > ${NOW}`,
    [systemId],
  )
  return row?.count ?? 0
}

export const insertWindow = async (
  tx: Tx,
  window: WindowSpan & { readonly reason: string; readonly plannedBy: string },
): Promise<string> => {
  const { systemId, from, until, reason, plannedBy } = window
  const { id } = await tx.orm.maintenanceWindow.create({
    data: { systemId, startsAt: from, endsAt: until, reason, plannedBy },
    select: { id: true },
  })
  return id
}

/** From the next turn of any process on. */
export const endWindow = async (tx: Tx, id: string, endedBy: string): Promise<void> => {
  await tx.query(`UPDATE maintenance_window SET ended_at = app_now(), ended_by = $2 WHERE id = $1::uuid RETURNING 1 AS done`, [id, endedBy])
}
