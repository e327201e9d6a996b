import { type Caller, nameOf, personOf } from '../access/caller.js'
import { notFound } from '../errors.js'
import { describeInstant } from '../model/working-calendar.js'
import type { Database } from '../platform/database.js'
import { type ActResult, refused } from './perform-act.js'
import { wasDone } from './was-done.js'

/**
 * Ghi chú cho một nguyên nhân: what one operator has found out and what helps, for the next one. Of two who write at once the second is told whose note
 * stands there, and nothing of it is lost: he gives the version that he has read.
 */
export interface NoteCause {
  readonly causeId: string
  /** Null takes it away. */
  readonly note: string | null
  readonly remedy: string | null
  readonly version: number
  readonly actor: Caller
  readonly requestKey?: string
}

interface Kept {
  readonly systemId: string
  readonly note: string | null
  readonly remedy: string | null
  readonly notedBy: string | null
  readonly notedAt: Date | null
  readonly version: number
}

export const noteCause = (db: Database, { causeId, note, remedy, version, actor, requestKey }: NoteCause): Promise<ActResult> =>
  db.transaction(async (tx) => {
    const [kept] = await tx.query<Kept>(
      `SELECT system_id AS "systemId", note, remedy, noted_by AS "notedBy", noted_at AS "notedAt", version
       FROM failure_cause WHERE id = $1::uuid FOR UPDATE`,
      [causeId],
    )
    if (!kept) throw notFound('nguyên nhân này')
    if (requestKey !== undefined && (await wasDone(tx, { act: 'NOTE_CAUSE', actor: actor.subject, requestKey, of: { causeId } })))
      return { kind: 'DONE' }
    if (kept.version !== version)
      return refused(
        'STALE_WRITE',
        `Ghi chú đã được ${kept.notedBy ?? 'người khác'} sửa${kept.notedAt ? ` lúc ${describeInstant(kept.notedAt)}` : ''}: hãy đọc ghi chú mới rồi ghi lại.`,
      )
    await tx.query(
      `UPDATE failure_cause SET note = $2, remedy = $3, noted_by = $4, noted_at = app_now(), version = version + 1
       WHERE id = $1::uuid RETURNING 1 AS done`,
      [causeId, note, remedy, nameOf(actor)],
    )
    await tx.orm.auditEntry.create({
      data: {
        ...personOf(actor),
        act: 'NOTE_CAUSE',
        systemId: kept.systemId,
        causeId,
        reason: note ?? remedy ?? 'Xóa ghi chú',
        before: { causeId, note: kept.note, remedy: kept.remedy },
        after: { causeId, note, remedy, ...(requestKey !== undefined && { request: requestKey }) },
      },
    })
    return { kind: 'DONE' }
  })
