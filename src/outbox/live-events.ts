import type { Sql } from '../platform/database.js'

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
  /** Events after a cursor (null: from the first one kept), oldest first. */
  since(cursor: string | null, limit: number): Promise<LiveEvent[]>
  /** The cursor after which everything is new. */
  latest(): Promise<string>
  /** The listener is told of every event later than the call. To resume: subscribe, then read `since` the last event id, then drop what was seen. */
  subscribe(listener: (events: readonly LiveEvent[]) => void): () => void
  stop(): void
}

const CURSOR = /^(\d{1,19})-(\d{1,19})$/

export const startLiveEvents = async (sql: Sql, options: { pollMs: number; onError: (error: unknown) => void }): Promise<LiveEvents> => {
  const listeners = new Set<(events: readonly LiveEvent[]) => void>()
  let cursor = ''
  let timer: NodeJS.Timeout | undefined

  const since = (after: string | null, limit: number): Promise<LiveEvent[]> => {
    const [, txid = '0', id = '0'] = CURSOR.exec(after ?? '') ?? []
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
  const poll = async (): Promise<void> => {
    try {
      for (let full = true; full && !stopped; ) {
        const events = await since(cursor, BATCH)
        full = events.length === BATCH
        cursor = events.at(-1)?.id ?? cursor
        if (events.length > 0) for (const listener of listeners) listener(events)
      }
    } catch (error) {
      options.onError(error)
    }
    if (!stopped) timer = setTimeout(poll, options.pollMs)
  }

  cursor = await latest()
  timer = setTimeout(poll, options.pollMs)
  return {
    since,
    latest,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    stop() {
      stopped = true
      listeners.clear()
      clearTimeout(timer)
    },
  }
}

const BATCH = 500
