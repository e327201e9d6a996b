import { digestOf } from '../model/digest.js'
import { type InboundChannel, type InboundMessage, type InboundPayload, saidOf } from '../model/inbound.js'
import type { Origin, SystemId } from '../model/system.js'
import type { Sql, Tx } from '../platform/database.js'
import { orderedId } from '../platform/ordered-id.js'

/**
 * Tình trạng thông điệp: STORED, UNMATCHED (no such dossier yet) and EARLY (not legal yet) are tried again; the others are settled. A CONFLICT leaves by a
 * named person alone: the content holds after all (APPLIED), or it does not (DISMISSED).
 */
export type InboxState =
  | 'STORED'
  | 'UNMATCHED'
  | 'EARLY'
  | 'APPLIED'
  | 'NO_CHANGE'
  | 'LATE'
  | 'ILLEGAL'
  | 'QUARANTINED'
  | 'REFUSED'
  | 'CONFLICT'
  | 'DISMISSED'

export interface PendingMessage {
  readonly id: string
  readonly source: Origin
  readonly channel: string
  readonly eventAt: Date
  readonly causedByKey: string | null
  readonly payload: InboundPayload
  readonly state: InboxState
  readonly correlationId: string
  /** `app_now()` when it was asked for. */
  readonly now: Date
  /** Its dossier was here when it was asked for. */
  readonly isKnown: boolean
}

/** An index holds no key of some thousand characters: a longer id than any that is meant as one stands for itself by its digest. */
const LONGEST_ID = 200
const shortened = (id: string): string => (id.length <= LONGEST_ID ? id : digestOf(id))

/** The sender's event id, the same by callback and by poll; without one, what was said about which dossier. */
const identityOf = (message: InboundMessage, digest: string): string =>
  message.externalEventId !== undefined
    ? `event:${shortened(message.externalEventId)}`
    : `said:${message.payload.kind}:${shortened(message.dossierCode)}:${digest}`

export interface StoredMessage {
  readonly id: string
  readonly state: InboxState
  /** False: it was there already, by this or another road. */
  readonly fresh: boolean
  /** Its event id was known with another content that had its effect. */
  readonly idReused: boolean
}

interface KnownRow {
  readonly id: string
  readonly state: InboxState
  readonly fresh: boolean
  readonly digest: string
  readonly kind: string
  readonly eventAt: Date | null
}

/**
 * Stores a message once. A repetition of one that was refused is opened again as it reads now, since what was wrong may have been mended.
 *
 * An event id that is known with another content is kept as a message of its own. It counts when the first one had no effect (it was
 * unreadable or refused, and this is its correction) or happened at another time (a source restored from a backup gives
 * its ids out again); else two contents claim to be one event, and the second is a CONFLICT in plain sight.
 */
export const storeMessage = async (sql: Sql, message: InboundMessage): Promise<StoredMessage> => {
  const digest = digestOf(saidOf(message))
  const identity = identityOf(message, digest)
  const known = await insertMessage(sql, message, { identity, digest, state: 'STORED', reason: null })
  if (known.digest === digest) return { id: known.id, state: known.state, fresh: known.fresh, idReused: false }
  const hadNoEffect = known.kind === 'UNREADABLE' || known.state === 'REFUSED'
  const counts = hadNoEffect || known.eventAt?.toISOString() !== message.eventAt
  const own = await insertMessage(sql, message, {
    identity: `${identity}~${digest}`,
    digest,
    state: counts ? 'STORED' : 'CONFLICT',
    reason: counts ? null : 'SAME_EVENT_OTHER_CONTENT||Mã sự kiện này đã được gửi với nội dung khác.',
  })
  return { id: own.id, state: own.state, fresh: own.fresh, idReused: !hadNoEffect }
}

/**
 * Of a page that was read again: the messages that are here with this very content and have been settled. Storing them once more would change nothing
 * and write each row anew, with every poll, for as long as the overlap shows it. One that was refused or waits to be applied is not among them.
 */
export const settledAlready = async (
  sql: Sql,
  source: SystemId,
  messages: readonly InboundMessage[],
): Promise<ReadonlyMap<InboundMessage, StoredMessage>> => {
  if (messages.length === 0) return new Map()
  const asked = messages.map((message) => {
    const digest = digestOf(saidOf(message))
    return { message, digest, identity: identityOf(message, digest) }
  })
  const rows = await sql.query<{ id: string; identity: string; digest: string; state: InboxState }>(
    `SELECT id::text, identity, digest, state FROM inbox_message
     WHERE source = $1 AND identity = ANY($2::text[]) AND state NOT IN ('STORED', 'REFUSED')`,
    [source, asked.map(({ identity }) => identity)],
  )
  const known = new Map(rows.map((row) => [row.identity, row]))
  const settled = new Map<InboundMessage, StoredMessage>()
  for (const { message, digest, identity } of asked) {
    const row = known.get(identity)
    if (row?.digest === digest) settled.set(message, { id: row.id, state: row.state, fresh: false, idReused: false })
  }
  return settled
}

const insertMessage = async (
  sql: Sql,
  message: InboundMessage,
  row: { identity: string; digest: string; state: InboxState; reason: string | null },
): Promise<KnownRow> => {
  const rows = await sql.query<KnownRow>(
    `INSERT INTO inbox_message (id, source, channel, operation, kind, identity, digest, dossier_code, event_at, caused_by_key,
       payload, raw, state, correlation_id, reason)
     VALUES ($13::uuid, $1, $2, $3, $4, $5, $6, $7, $8::timestamptz, $9, $10::jsonb, $11, $14, $12, $15)
     ON CONFLICT (source, identity) DO UPDATE SET
       state = CASE WHEN inbox_message.state = 'REFUSED' AND inbox_message.digest = excluded.digest THEN 'STORED' ELSE inbox_message.state END,
       payload = CASE WHEN inbox_message.state = 'REFUSED' AND inbox_message.digest = excluded.digest THEN excluded.payload ELSE inbox_message.payload END,
       channel = CASE WHEN inbox_message.state IN ('REFUSED', 'STORED') AND excluded.channel = 'POLL' THEN 'POLL' ELSE inbox_message.channel END
     RETURNING id::text, state, digest, kind, event_at AS "eventAt", (xmax = 0) AS fresh`,
    [
      message.source,
      message.channel,
      message.operation,
      message.payload.kind,
      row.identity,
      row.digest,
      message.dossierCode,
      message.eventAt,
      message.causedByKey ?? null,
      JSON.stringify(message.payload),
      message.raw,
      message.correlationId,
      orderedId(),
      row.state,
      row.reason,
    ],
    { planName: 'insert-message' },
  )
  return rows[0] as KnownRow
}

/** A row that cannot be read as a message: kept raw, in plain sight. */
export const storeUnreadable = async (
  sql: Sql,
  row: {
    readonly source: SystemId
    readonly channel: Exclude<InboundChannel, 'API'>
    readonly operation: string
    readonly raw: string
    readonly reason: string
    readonly externalEventId?: string
    readonly correlationId: string
  },
): Promise<void> => {
  const digest = digestOf(row.raw)
  await sql.query(
    `INSERT INTO inbox_message (id, source, channel, operation, kind, identity, digest, raw, state, reason, correlation_id, settled_at)
     VALUES ($7::uuid, $1, $8, $9, 'UNREADABLE', $2, $3, $4, 'QUARANTINED', $5, $6, app_now())
     ON CONFLICT (source, identity) DO NOTHING RETURNING 1 AS done`,
    [
      row.source,
      row.externalEventId ? `event:${shortened(row.externalEventId)}` : `unreadable:${digest}`,
      digest,
      row.raw,
      row.reason,
      row.correlationId,
      orderedId(),
      row.channel,
      row.operation,
    ],
  )
}

export const pendingOf = (tx: Tx, dossierCode: string): Promise<PendingMessage[]> =>
  tx.query<PendingMessage>(
    `SELECT id::text, source, channel, event_at AS "eventAt", caused_by_key AS "causedByKey", payload, state, correlation_id AS "correlationId",
       app_now() AS now, EXISTS (SELECT 1 FROM dossier WHERE code = $1) AS "isKnown"
     FROM inbox_message WHERE dossier_code = $1 AND state IN ('STORED', 'UNMATCHED', 'EARLY')`,
    [dossierCode],
    { planName: 'pending-messages' },
  )

export const settleMessage = async (tx: Sql, id: string, state: InboxState, reason: string | null): Promise<void> => {
  await tx.query(
    `UPDATE inbox_message SET state = $2, reason = $3,
       settled_at = CASE WHEN $2 IN ('STORED', 'UNMATCHED', 'EARLY') THEN NULL ELSE app_now() END
     WHERE id = $1::uuid RETURNING 1 AS done`,
    [id, state, reason],
    { planName: 'settle-message' },
  )
}

export const readMessageState = async (sql: Sql, id: string): Promise<{ state: InboxState; reason: string | null }> =>
  (
    await sql.query<{ state: InboxState; reason: string | null }>(`SELECT state, reason FROM inbox_message WHERE id = $1::uuid`, [id], {
      planName: 'message-state',
    })
  )[0] as { state: InboxState; reason: string | null }

/** Whether a key is that of one of our own transfers: then a change that names it is our own writing coming back. */
export const isOwnKey = async (tx: Sql, key: string): Promise<boolean> =>
  (await tx.query(`SELECT 1 AS own FROM transfer WHERE idempotency_key = $1`, [key])).length > 0

/** Dossier codes with messages that were stored and not applied at once (a crash in between), by lot: those that fail each time keep no other from its turn. */
export const codesLeftBehind = async (sql: Sql, limit: number): Promise<string[]> => {
  const rows = await sql.query<{ code: string }>(
    `SELECT dossier_code AS code FROM inbox_message
     WHERE state = 'STORED' AND dossier_code IS NOT NULL AND received_at < (SELECT app_now()) - interval '2 seconds'
     GROUP BY dossier_code ORDER BY random() LIMIT $1::int`,
    [limit],
  )
  return rows.map((row) => row.code)
}

/** Dossier codes with messages that are stored and not applied, in the order of the first one's event. */
export const codesStored = async (sql: Sql): Promise<string[]> => {
  const rows = await sql.query<{ code: string }>(
    `SELECT dossier_code AS code FROM inbox_message WHERE state = 'STORED' AND dossier_code IS NOT NULL
     GROUP BY dossier_code ORDER BY min(event_at), dossier_code`,
  )
  return rows.map((row) => row.code)
}

/** Opens again what was kept because a code was not known here, after reference data was loaded. */
export const reopenUnknownCodes = async (sql: Sql): Promise<number> => {
  const rows = await sql.query(
    `UPDATE inbox_message SET state = 'STORED', received_at = received_at WHERE state = 'UNMATCHED' AND kind = 'DOSSIER' RETURNING 1 AS done`,
  )
  return rows.length
}
