import { type Caller, nameOf, personOf } from '../access/caller.js'
import { notFound } from '../errors.js'
import { describeInstant } from '../model/working-calendar.js'
import type { Database } from '../platform/database.js'
import { type ActResult, refused } from './perform-act.js'
import { wasDone } from './was-done.js'

/**
 * Nhận xử lý một cảnh báo: a named person says that somebody is on it, and what is being done. From then on nobody is told again of what gets worse, only that it
 * is over; whoever looks sees who it is. Of two who take it the second is told who was first.
 */
export interface AcknowledgeAlert {
  readonly alertId: string
  readonly reason: string
  readonly actor: Caller
  readonly requestKey?: string
}

interface Kept {
  readonly rule: string
  readonly systemId: string
  readonly closedAt: Date | null
  readonly acknowledgedBy: string | null
  readonly acknowledgedAt: Date | null
}

/** Throws NOT_FOUND. Alerts are written under one lock, so that who follows their changes misses none. */
export const acknowledgeAlert = (db: Database, { alertId, reason, actor, requestKey }: AcknowledgeAlert): Promise<ActResult> =>
  db.transaction(async (tx) => {
    await tx.query(`SELECT 1 AS locked FROM pg_advisory_xact_lock(hashtextextended('lienthong-alerts', 0))`)
    const [kept] = await tx.query<Kept>(
      `SELECT rule, system_id AS "systemId", closed_at AS "closedAt", acknowledged_by AS "acknowledgedBy", acknowledged_at AS "acknowledgedAt"
       FROM alert WHERE id = $1::uuid FOR UPDATE`,
      [alertId],
    )
    if (!kept) throw notFound('cảnh báo này')
    if (requestKey !== undefined && (await wasDone(tx, { act: 'ACKNOWLEDGE_ALERT', actor: actor.subject, requestKey, of: { alertId } })))
      return { kind: 'DONE' }
    const { rule, systemId, closedAt, acknowledgedBy, acknowledgedAt } = kept
    if (closedAt) return refused('ALERT_OVER', `Cảnh báo này đã hết lúc ${describeInstant(closedAt)}.`)
    if (acknowledgedAt)
      return refused('ALREADY_ACKNOWLEDGED', `Cảnh báo này đã được ${acknowledgedBy} nhận xử lý lúc ${describeInstant(acknowledgedAt)}.`)
    await tx.query(
      `UPDATE alert SET acknowledged_by = $2, acknowledged_at = app_now(), acknowledged_why = $3, change_no = nextval('alert_change_no_seq')
       WHERE id = $1::uuid RETURNING 1 AS done`,
      [alertId, nameOf(actor), reason],
    )
    await tx.orm.auditEntry.create({
      data: {
        ...personOf(actor),
        act: 'ACKNOWLEDGE_ALERT',
        systemId,
        reason,
        before: { alertId, rule, acknowledgedBy: null },
        after: { alertId, acknowledgedBy: nameOf(actor), ...(requestKey !== undefined && { request: requestKey }) },
      },
    })
    return { kind: 'DONE' }
  })
