import { RECONCILED } from '../model/inbound.js'
import type { SystemId } from '../model/system.js'
import type { Sql } from '../platform/database.js'

/**
 * Con trỏ đọc của một hệ thống, and what is remembered when its feed was set back over there or cannot be read on:
 *
 *   alarm      since when, and what was seen; cleared by a named person, or when the feed has shown all again that we know
 *   stalled    one row alone could not be read; over as soon as the feed has been read beyond our cursor or to its end
 *   reread     the whole feed is read again from its start: since when, when it first came to the end, and how many of the changes that
 *              we have applied it has not shown again; counted anew with each poll as long as the alarm stands
 */
export interface PollCursor {
  readonly position: bigint
  /** An alarm stands: what the feed shows again is noted. */
  readonly rereading: boolean
  /** Since when the feed is read again from its start; a poll that began before it is no part of that reading. */
  readonly rereadSince: Date | null
  /** The row at the position was read as a message: whoever reads from before it on must see it again. */
  readonly hasLastRow: boolean
}

export const readCursor = async (sql: Sql, systemId: SystemId): Promise<PollCursor> => {
  const [row] = await sql.query<Omit<PollCursor, 'position'> & { position: string }>(
    `SELECT position::text, (alarm IS NOT NULL) AS rereading, reread_since AS "rereadSince", (last_message_id IS NOT NULL) AS "hasLastRow" FROM poll_cursor WHERE system_id = $1`,
    [systemId],
  )
  const { rereading = false, rereadSince = null, hasLastRow = false } = row ?? {}
  return { position: BigInt(row?.position ?? 0), rereading, rereadSince, hasLastRow }
}

/** Lượt ghi: of all readers of a feed, in whatever process, one at a time stores a page, until its transaction ends. False: another one is at it. */
export const takeStoringTurn = async (tx: Sql, systemId: SystemId): Promise<boolean> =>
  (await tx.query<{ taken: boolean }>(`SELECT pg_try_advisory_xact_lock(hashtextextended('feed:' || $1, 0)) AS taken`, [systemId]))[0]
    ?.taken === true

/**
 * In the transaction of the rows that were read. Never backwards: that is for `beginReread` alone, and whoever had begun to read before it (`rereadSince`: as the poll found it)
 * moves nothing any more. `lastMessageId`: of the row at the position.
 */
export const advanceCursor = async (
  tx: Sql,
  systemId: SystemId,
  position: bigint,
  { rereadSince = null, lastMessageId = null }: { readonly rereadSince?: Date | null; readonly lastMessageId?: string | null } = {},
): Promise<void> => {
  await tx.query(
    `INSERT INTO poll_cursor (system_id, position, polled_at, last_message_id) VALUES ($1, $2::bigint, app_now(), $3::uuid)
     ON CONFLICT (system_id) DO UPDATE SET position = greatest(poll_cursor.position, excluded.position), polled_at = app_now(),
       last_message_id = CASE WHEN excluded.position > poll_cursor.position THEN excluded.last_message_id
         WHEN excluded.position = poll_cursor.position THEN coalesce(excluded.last_message_id, poll_cursor.last_message_id) ELSE poll_cursor.last_message_id END,
       stalled = CASE WHEN excluded.position > poll_cursor.position THEN NULL ELSE poll_cursor.stalled END,
       stalled_since = CASE WHEN excluded.position > poll_cursor.position THEN NULL ELSE poll_cursor.stalled_since END
     WHERE poll_cursor.reread_since IS NOT DISTINCT FROM $4::timestamptz
     RETURNING 1 AS done`,
    [systemId, position.toString(), lastMessageId, rereadSince?.toISOString() ?? null],
  )
}

/** Keeps the first sentence. Returns whether the alarm is new. */
export const markStalled = async (sql: Sql, systemId: SystemId, alarm: string): Promise<boolean> =>
  (
    await sql.query(
      `INSERT INTO poll_cursor (system_id, stalled, stalled_since) VALUES ($1, $2, app_now())
       ON CONFLICT (system_id) DO UPDATE SET stalled = excluded.stalled, stalled_since = excluded.stalled_since
       WHERE poll_cursor.stalled IS NULL RETURNING 1 AS done`,
      [systemId, alarm],
    )
  ).length > 0

/** Of two workers that have read the same set-back feed the later one begins its reading once more: that costs time, and changes nothing else. */
export const beginReread = async (sql: Sql, systemId: SystemId, alarm: string): Promise<void> => {
  await sql.query(
    `UPDATE poll_cursor SET position = 0, alarm = $2, alarm_since = coalesce(alarm_since, app_now()), reread_since = app_now(),
       reread_ended_at = NULL, lost_changes = NULL, stalled = NULL, stalled_since = NULL, last_message_id = NULL WHERE system_id = $1 RETURNING 1 AS done`,
    [systemId, alarm],
  )
}

/** Whether the feed is being read again from its start, and has not come to its end since: whoever asks for that once more has it already. */
export const isBeingReread = async (sql: Sql, systemId: SystemId): Promise<boolean> =>
  (
    await sql.query(
      `SELECT 1 AS there FROM poll_cursor WHERE system_id = $1 AND alarm IS NOT NULL AND reread_since IS NOT NULL AND reread_ended_at IS NULL`,
      [systemId],
    )
  ).length > 0

/** Rows that the feed has shown again: what it does not show is lost over there. */
export const markReread = async (tx: Sql, messageIds: readonly string[]): Promise<void> => {
  await tx.query(`UPDATE inbox_message SET reread_at = app_now() WHERE id = ANY($1::uuid[]) RETURNING 1 AS done`, [[...messageIds]])
}

/**
 * The feed has been read to its end. While an alarm stands, what is missing in it is counted: changes that took effect here, were
 * known before, and lie within the time that the feed still covers (a feed may drop its oldest rows), apart from what reconciliation has read beside the feed. None missing: the alarm is
 * over. What is missing stays as it is here: it happened, and whether it counts is for people. Returns `reread` with the count when the first reading
 * since the alarm has ended, and when the alarm is over; undefined: the feed was set to be read again from its start since this poll began, and nothing was ended.
 */
export const reachedEnd = async (
  sql: Sql,
  systemId: SystemId,
  rereadSince: Date | null,
): Promise<{ readonly reread?: { readonly lostChanges: number } } | undefined> => {
  const rows = await sql.query<{ lost: number; isNews: boolean }>(
    `WITH reading AS (
       SELECT reread_since AS since, reread_ended_at AS ended FROM poll_cursor WHERE system_id = $1 AND alarm IS NOT NULL
     ), lost AS (
       SELECT count(*)::int AS changes FROM inbox_message m, reading r
       WHERE m.source = $1 AND m.channel <> 'API' AND m.operation <> $2 AND m.state = 'APPLIED' AND m.received_at < r.since
         AND (m.reread_at IS NULL OR m.reread_at < r.since)
         AND m.event_at >= (SELECT min(s.event_at) FROM inbox_message s WHERE s.source = $1 AND s.reread_at >= r.since)
     )
     UPDATE poll_cursor SET read_to_end_at = app_now(), stalled = NULL, stalled_since = NULL,
       reread_ended_at = CASE WHEN alarm IS NULL THEN reread_ended_at ELSE coalesce(reread_ended_at, app_now()) END,
       lost_changes = CASE WHEN alarm IS NULL THEN lost_changes ELSE lost.changes END,
       alarm = CASE WHEN lost.changes = 0 THEN NULL ELSE alarm END,
       alarm_since = CASE WHEN lost.changes = 0 THEN NULL ELSE alarm_since END
     FROM lost WHERE system_id = $1 AND reread_since IS NOT DISTINCT FROM $3::timestamptz
     RETURNING lost.changes AS lost, EXISTS (SELECT 1 FROM reading WHERE ended IS NULL OR lost.changes = 0) AS "isNews"`,
    [systemId, RECONCILED, rereadSince],
    { planName: 'reached-end' },
  )
  return rows[0] && (rows[0].isNews ? { reread: { lostChanges: rows[0].lost } } : {})
}

/**
 * The same fact under another event id (a restored source may number anew): same dossier, kind, content and instant of one that took
 * effect. It is no news. Returns the id of the message that is known.
 */
export const settleAsKnownFact = async (tx: Sql, messageId: string): Promise<string | undefined> =>
  (
    await tx.query<{ known: string }>(
      `UPDATE inbox_message m SET state = 'NO_CHANGE', reason = 'Đã biết, dưới một mã sự kiện khác.', settled_at = app_now()
       FROM inbox_message k
       WHERE m.id = $1::uuid AND m.state = 'STORED' AND m.kind <> 'DOSSIER' AND k.id <> m.id AND k.source = m.source
         AND k.dossier_code = m.dossier_code AND k.kind = m.kind AND k.digest = m.digest AND k.event_at = m.event_at AND k.state = 'APPLIED'
       RETURNING k.id::text AS known`,
      [messageId],
    )
  )[0]?.known
