import { type Caller, personOf } from '../access/caller.js'
import type { SystemId } from '../model/system.js'
import type { Database, Sql } from '../platform/database.js'
import { wasDone } from './was-done.js'

/** Cảnh báo đọc thay đổi: what operators see of a system's feed, and the clearing of its alarm by one of them. */
export interface PollRow {
  readonly polledAt: Date | null
  readonly readToEndAt: Date | null
  readonly alarm: string | null
  readonly alarmSince: Date | null
  readonly rereadEndedAt: Date | null
  readonly lostChanges: number | null
  readonly stalled: string | null
  readonly stalledSince: Date | null
}

/** Undefined for a system that was never polled. */
export const readPoll = async (sql: Sql, systemId: SystemId): Promise<PollRow | undefined> =>
  (
    await sql.query<PollRow>(
      `SELECT polled_at AS "polledAt", read_to_end_at AS "readToEndAt", alarm, alarm_since AS "alarmSince",
         reread_ended_at AS "rereadEndedAt", lost_changes AS "lostChanges",
         stalled, stalled_since AS "stalledSince" FROM poll_cursor WHERE system_id = $1`,
      [systemId],
    )
  )[0]

export interface ClearPollAlarm {
  readonly systemId: SystemId
  readonly reason: string
  readonly actor: Caller
  /** The caller's idempotency key: a clearing under it that was committed, though its answer was lost, is known as done. */
  readonly requestKey?: string
}

export type ClearPollAlarmResult =
  | { readonly kind: 'DONE' }
  | { readonly kind: 'REFUSED'; readonly reason: string; readonly message: string }

/** Refused while the feed is still being read again: what is lost over there is not known yet. Audited in the same database transaction. */
export const clearPollAlarm = (db: Database, { systemId, reason, actor, requestKey }: ClearPollAlarm): Promise<ClearPollAlarmResult> =>
  db.transaction(async (tx) => {
    const [row] = await tx.query<{ alarm: string | null; rereading: boolean; lostChanges: number | null }>(
      `SELECT alarm, reread_since IS NOT NULL AND reread_ended_at IS NULL AS rereading, lost_changes AS "lostChanges"
       FROM poll_cursor WHERE system_id = $1 FOR UPDATE`,
      [systemId],
    )
    if (requestKey !== undefined && (await wasDone(tx, { act: 'CLEAR_POLL_ALARM', actor: actor.subject, requestKey, of: { systemId } })))
      return { kind: 'DONE' }
    if (!row || row.alarm === null) return { kind: 'REFUSED', reason: 'NO_ALARM', message: 'Hệ thống này không có cảnh báo nào.' }
    if (row.rereading)
      return {
        kind: 'REFUSED',
        reason: 'STILL_REREADING',
        message: 'Đang đọc lại dòng thay đổi từ đầu: hãy chờ đọc xong rồi xóa cảnh báo.',
      }
    await tx.query(`UPDATE poll_cursor SET alarm = NULL, alarm_since = NULL WHERE system_id = $1 RETURNING 1 AS done`, [systemId])
    await tx.orm.auditEntry.create({
      data: {
        ...personOf(actor),
        act: 'CLEAR_POLL_ALARM',
        systemId,
        reason,
        before: { systemId, alarm: row.alarm, lostChanges: row.lostChanges },
        after: { alarm: null, ...(requestKey !== undefined && { request: requestKey }) },
      },
    })
    return { kind: 'DONE' }
  })
