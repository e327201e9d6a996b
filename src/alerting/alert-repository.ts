import type { AlertDecision, LastTold, OpenAlert, Trouble } from '../model/alert.js'
import type { Tx } from '../platform/database.js'
import type { PlannedNotice } from './notice-text.js'

/** Cảnh báo in the table. Written under one lock alone, so their change numbers rise in the order of the commits. */

/** False: another process is looking at this moment, and nothing needs to be done here. */
export const lockAlerts = async (tx: Tx): Promise<boolean> => {
  const [row] = await tx.query<{ locked: boolean }>(`SELECT pg_try_advisory_xact_lock(hashtextextended('lienthong-alerts', 0)) AS locked`)
  return row?.locked === true
}

/** That the rules were looked at, whatever was found. */
export const markLooked = async (tx: Tx): Promise<void> => {
  await tx.query(
    `INSERT INTO alert_look (looked_at) VALUES (app_now()) ON CONFLICT (id) DO UPDATE SET looked_at = excluded.looked_at RETURNING 1 AS done`,
  )
}

const OPEN = `SELECT id::text, rule, system_id AS "systemId", value, threshold, opened_at AS "openedAt", told_at AS "toldAt",
  told_value AS "toldValue", acknowledged_at AS "acknowledgedAt" FROM alert WHERE closed_at IS NULL`

export const readOpenAlerts = (tx: Tx): Promise<OpenAlert[]> => tx.query<OpenAlert>(`${OPEN} ORDER BY rule, system_id`)

export const readLastTold = (tx: Tx, found: readonly Trouble[]): Promise<LastTold[]> =>
  tx.query<LastTold>(
    `SELECT w.rule, w.system AS "systemId", max(a.told_at) AS at
     FROM jsonb_to_recordset($1::jsonb) AS w(rule text, system text) JOIN alert a ON a.rule = w.rule AND a.system_id = w.system
     WHERE a.told_at IS NOT NULL GROUP BY w.rule, w.system`,
    [JSON.stringify(found.map(({ rule, systemId }) => ({ rule, system: systemId })))],
  )

/** Opens, renews and closes; the open ones are returned as they stand then. */
export const writeAlerts = async (tx: Tx, { open, renew, close }: AlertDecision): Promise<OpenAlert[]> => {
  if (open.length > 0) await tx.orm.alert.createMany({ data: open.map((trouble) => ({ ...trouble })) })
  if (renew.length > 0)
    await tx.query(
      `UPDATE alert a SET rule = r.rule, value = r.value, seen_at = app_now(),
         change_no = CASE WHEN a.rule = r.rule THEN a.change_no ELSE nextval('alert_change_no_seq') END
       FROM jsonb_to_recordset($1::jsonb) AS r(id uuid, rule text, value int) WHERE a.id = r.id RETURNING 1 AS done`,
      [JSON.stringify(renew.map(({ id, rule, value }) => ({ id, rule, value })))],
    )
  if (close.length > 0)
    await tx.query(
      `UPDATE alert SET closed_at = app_now(), change_no = nextval('alert_change_no_seq') WHERE id = ANY($1::uuid[]) RETURNING 1 AS done`,
      [close.map(({ id }) => id)],
    )
  return readOpenAlerts(tx)
}

export const markTold = async (tx: Tx, alertIds: readonly string[]): Promise<void> => {
  if (alertIds.length === 0) return
  await tx.query(`UPDATE alert SET told_at = app_now(), told_value = value WHERE id = ANY($1::uuid[]) RETURNING 1 AS done`, [[...alertIds]])
}

/** One row a notice and channel; they are sent by whoever comes first (`notice-repository.ts`). */
export const planNotices = async (tx: Tx, notices: readonly PlannedNotice[], channels: readonly string[]): Promise<void> => {
  const data = notices.flatMap(({ alertId, kind, message }) =>
    channels.map((channel) => ({ alertId, kind, channel, message: { ...message } })),
  )
  if (data.length > 0) await tx.orm.alertNotice.createMany({ data })
}
