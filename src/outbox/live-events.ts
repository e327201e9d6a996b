import { invalidInput } from '../errors.js'
import type { Sql } from '../platform/database.js'
import { isBeyondReach } from './outbox-repository.js'

/**
 * Luồng thay đổi: the outbox read as a log, by every process that has live readers. The order is (txid, id), and only transactions
 * below the snapshot's xmin are read: all of those are finished, so nothing can appear behind a cursor later and a reader who
 * comes back with its last event id misses none. The price: a writing transaction that stays open, in any database of that server,
 * holds the events behind it up until it ends. No NOTIFY: it would take a database-wide lock at each commit of the hot path.
 */
export interface LiveEvent {
  /** `<txid>-<id>`: the cursor after this event. */
  readonly id: string
  readonly topic: 'TRANSFER' | 'DOSSIER'
  readonly transferId?: string
  readonly dossierId: string
}

export interface LiveEvents {
  /**
   * Events after a cursor (null: from the first one kept), oldest first. Throws INVALID_INPUT EVENT_ID_TOO_OLD when events after
   * the cursor have been pruned already: silence would be a miss.
   */
  since(cursor: string | null, limit: number): Promise<LiveEvent[]>
  /** The cursor after which everything is new. */
  latest(): Promise<string>
  /** The listener is told of every event later than the call. To resume: subscribe, then read `since` the last event id, then drop what was seen. */
  subscribe(listener: (events: readonly LiveEvent[]) => void): () => void
  /** Waits for a read that is under way: the database may be closed afterwards. */
  stop(): Promise<void>
}

const CURSOR = /^(\d{1,19})-(\d{1,19})$/

export interface LiveEventsOptions {
  readonly pollMs: number
  readonly onError: (error: unknown) => void
  /** Told of new events before every listener, who wait for it: what a listener then reads is not from before. Never rejects. */
  readonly beforeListeners?: (events: readonly LiveEvent[]) => Promise<void>
}

export const startLiveEvents = async (sql: Sql, options: LiveEventsOptions): Promise<LiveEvents> => {
  const listeners = new Set<(events: readonly LiveEvent[]) => void>()
  let cursor = ''
  let timer: NodeJS.Timeout | undefined

  const placeOf = (after: string | null): [txid: string, id: string] => {
    const [, txid = '0', id = '0'] = CURSOR.exec(after ?? '') ?? []
    return [txid, id]
  }

  const since = async (after: string | null, limit: number): Promise<LiveEvent[]> => {
    if (after !== null && (await isBeyondReach(sql, ...placeOf(after))))
      throw invalidInput('EVENT_ID_TOO_OLD', 'lastEventId', 'Mã sự kiện cuối đã quá cũ: hãy đọc lại dữ liệu rồi theo dõi từ đầu.')
    return read(after, limit)
  }

  const read = (after: string | null, limit: number): Promise<LiveEvent[]> => {
    const [txid, id] = placeOf(after)
    return sql.query<LiveEvent>(
      `SELECT txid::text || '-' || id::text AS id, topic, transfer_id::text AS "transferId", dossier_id::text AS "dossierId"
       FROM outbox_event
       WHERE (txid, id) > ($1::bigint, $2::bigint) AND txid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint
       ORDER BY outbox_event.txid, outbox_event.id LIMIT $3::int`,
      [txid, id, limit],
    )
  }

  const latest = async (): Promise<string> => {
    const rows = await sql.query<{ cursor: string }>(
      `SELECT (pg_snapshot_xmin(pg_current_snapshot())::text::bigint - 1)::text || '-9223372036854775807' AS cursor`,
    )
    return rows[0]?.cursor ?? '0-0'
  }

  let stopped = false
  let polling: Promise<void> = Promise.resolve()
  const poll = async (): Promise<void> => {
    try {
      for (let full = true; full && !stopped; ) {
        const events = await read(cursor, BATCH)
        full = events.length === BATCH
        cursor = events.at(-1)?.id ?? cursor
        if (events.length > 0) await options.beforeListeners?.(events)
        if (events.length > 0) for (const listener of listeners) listener(events)
      }
    } catch (error) {
      options.onError(error)
    }
    if (!stopped) pollLater()
  }
  const pollLater = (): void => {
    timer = setTimeout(() => {
      polling = poll()
    }, options.pollMs)
  }

  cursor = await latest()
  pollLater()
  return {
    since,
    latest,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    stop: async () => {
      stopped = true
      listeners.clear()
      clearTimeout(timer)
      await polling
    },
  }
}

/** Id of the newest event that every reader of the log can have seen by now; `0-0` when the log is empty. */
export const newestEvent = async (sql: Sql): Promise<string> => {
  const rows = await sql.query<{ id: string }>(
    `SELECT txid::text || '-' || id::text AS id FROM outbox_event
     WHERE txid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint ORDER BY outbox_event.txid DESC, outbox_event.id DESC LIMIT 1`,
  )
  return rows[0]?.id ?? '0-0'
}

/** A place behind every event of what is committed by now, and before every event of what has not begun. */
export const endOfLog = async (sql: Sql): Promise<string> => {
  const rows = await sql.query<{ place: string }>(`SELECT pg_snapshot_xmax(pg_current_snapshot())::text || '-0' AS place`)
  return (rows[0] as { place: string }).place
}

const BATCH = 500
