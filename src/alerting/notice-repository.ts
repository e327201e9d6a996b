import type { NoticeMessage } from '../model/alert.js'
import type { Sql } from '../platform/database.js'

/** Hàng thông báo chờ gửi: taken one at a time a channel, the oldest first, and of one alert never a later one before an earlier one. */
export interface ClaimedNotice {
  readonly id: string
  readonly message: NoticeMessage
  readonly createdAt: Date
  /** Which attempt this is; a later one has taken the notice over. */
  readonly attempt: number
}

/** While it is being sent it is nobody else's for `leaseMs`: who has died by then is taken over from. */
export const claimNotice = async (sql: Sql, channel: string, leaseMs: number): Promise<ClaimedNotice | undefined> =>
  (
    await sql.query<ClaimedNotice>(
      `UPDATE alert_notice SET attempt_count = attempt_count + 1, next_attempt_at = app_now() + $2::int * interval '1 millisecond'
       WHERE id = (
         SELECT w.id FROM alert_notice w
         WHERE w.channel = $1 AND w.state = 'WAITING' AND w.next_attempt_at <= app_now() AND NOT EXISTS (
           SELECT 1 FROM alert_notice earlier WHERE earlier.alert_id = w.alert_id AND earlier.channel = w.channel
             AND earlier.state = 'WAITING' AND (earlier.created_at, earlier.id) < (w.created_at, w.id))
         ORDER BY w.created_at, w.id LIMIT 1 FOR UPDATE SKIP LOCKED)
       RETURNING id::text, message, created_at AS "createdAt", attempt_count AS attempt`,
      [channel, leaseMs],
    )
  )[0]

/** Whoever has sent it: it was sent. `remark`: what the channel says beside it, such as an address that it refused. */
export const markSent = async (sql: Sql, id: string, remark: string | null): Promise<void> => {
  await sql.query(
    `UPDATE alert_notice SET state = 'SENT', sent_at = app_now(), last_error = $2 WHERE id = $1::uuid AND state <> 'SENT' RETURNING 1 AS done`,
    [id, remark],
  )
}

export const putOff = async (sql: Sql, { id, attempt }: ClaimedNotice, error: string, waitMs: number): Promise<void> => {
  await sql.query(
    `UPDATE alert_notice SET last_error = $3, next_attempt_at = app_now() + $4::int * interval '1 millisecond'
     WHERE id = $1::uuid AND attempt_count = $2::int AND state = 'WAITING' RETURNING 1 AS done`,
    [id, attempt, error, waitMs],
  )
}

/** Of whatever channel, also one that is not configured any more. Returns how many. */
export const giveUpOld = async (sql: Sql, olderThanMs: number): Promise<number> =>
  (
    await sql.query(
      `UPDATE alert_notice SET state = 'GIVEN_UP', last_error = coalesce(last_error, 'Kênh này chưa từng thử gửi.')
       WHERE state = 'WAITING' AND created_at < app_now() - $1::bigint * interval '1 millisecond' RETURNING 1 AS done`,
      [olderThanMs],
    )
  ).length
