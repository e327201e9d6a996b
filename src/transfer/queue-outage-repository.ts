import type { Sql } from '../platform/database.js'

/** Hàng đợi không tới được: a process that cannot reach the queue's Redis tells it of itself, so that whoever asks any gateway hears of it. */
export interface QueueOutage {
  /** Machine and process id. */
  readonly process: string
  readonly since: Date
  /** By a code, such as ECONNREFUSED. */
  readonly cause: string
}

export const keepQueueOutage = async (sql: Sql, { process, since, cause }: QueueOutage): Promise<void> => {
  await sql.query(
    `INSERT INTO queue_outage (process, since, cause) VALUES ($1::text, $2::timestamptz, $3::text)
     ON CONFLICT (process) DO UPDATE SET since = excluded.since, cause = excluded.cause, told_at = app_now() RETURNING 1 AS kept`,
    [process, since, cause],
  )
}

/** With those of processes that ended without a word a day ago or longer. */
export const forgetQueueOutage = async (sql: Sql, process: string): Promise<void> => {
  await sql.query(`DELETE FROM queue_outage WHERE process = $1::text OR told_at < app_now() - interval '1 day' RETURNING 1 AS forgotten`, [
    process,
  ])
}

/** A process tells it once a minute: one that has told nothing for longer has ended. */
const STILL_TOLD = `told_at > app_now() - interval '150 seconds'`

/** The longest one first. */
export const listQueueOutages = (sql: Sql): Promise<QueueOutage[]> =>
  sql.query<QueueOutage>(`SELECT process, since, cause FROM queue_outage WHERE ${STILL_TOLD} ORDER BY since, process`)

/** Of the longest one that goes on; undefined: there is none. */
export const minutesQueueIsAway = async (sql: Sql): Promise<number | undefined> =>
  (
    await sql.query<{ minutes: number | null }>(
      `SELECT floor(extract(epoch FROM app_now() - min(since)) / 60)::int AS minutes FROM queue_outage WHERE ${STILL_TOLD}`,
    )
  )[0]?.minutes ?? undefined
