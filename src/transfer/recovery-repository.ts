import { randomUUID } from 'node:crypto'
import type { SystemId } from '../model/system.js'
import type { TransferBody } from '../model/transfer-body.js'
import { statesBefore } from '../model/transfer-state.js'
import type { Sql, Tx } from '../platform/database.js'
import { causeIdOf, insertCausesOf, RESTORED } from './cause-repository.js'
import { LEAST_BUDGET } from './claim-repository.js'
import { changeInSteps } from './in-steps.js'

/**
 * Đợt khôi phục (recovery epoch) in the tables. A restored database has forgotten what was sent since the backup, so what it believes
 * to be unsent is not sent before the other side was asked:
 *
 *   opening   every transfer that is not done gets INDETERMINATE, `last_send_at` not before the opening, a new lease token; held, refused
 *             and exhausted ones keep their state and go the same way once released (`AFTER_RESTORE`)
 *   open      every newly planned transfer starts as INDETERMINATE (`insertTransfer`): its message may be one that comes again
 *   closed    by a person: what is planned from then on is new
 *
 * The ordinary machine does the rest: SAME is delivered, ABSENT twice and late enough is sent, what cannot be inquired is HELD.
 */
export interface RecoveryEpoch {
  readonly id: string
  readonly backupAt: Date
  readonly openedAt: Date
  readonly openedBy: string
  readonly reason: string
}

/** Only those that are not done. INDETERMINATE is among them: an inquiry of before the backup counts no more. */
const INQUIRED = [...statesBefore('INDETERMINATE', 'RECOVERY'), 'INDETERMINATE'].filter(
  (state) => state !== 'HELD' && state !== 'REJECTED' && state !== 'EXHAUSTED',
)

/** Released in an epoch without having been inquired in it: then it goes to INDETERMINATE and not into the queue. */
export const AFTER_RESTORE = `(t.recovery_epoch_id IS NOT NULL AND NOT EXISTS (
  SELECT 1 FROM attempt a JOIN recovery_epoch e ON e.id = t.recovery_epoch_id
  WHERE a.transfer_id = t.id AND a.kind = 'INQUIRE' AND a.started_at >= e.opened_at))`

/** Releases what is HELD: after a restore it may have been released and sent before, then it is inquired first. */
export const RELEASE = `UPDATE transfer t SET state = CASE WHEN ${AFTER_RESTORE} THEN 'INDETERMINATE' ELSE 'QUEUED' END,
  last_send_at = CASE WHEN ${AFTER_RESTORE} THEN (SELECT app_now()) ELSE last_send_at END, held_reason = NULL, last_error = NULL, error_field = NULL, settled_at = NULL,
  budget_until = ${LEAST_BUDGET}, next_attempt_at = (SELECT app_now()), dispatch_no = dispatch_no + 1,
  requeued_at = (SELECT app_now()), updated_at = (SELECT app_now())`

/**
 * Opens an epoch; one that is open already is closed by it, and what it had not inquired is taken over. Nobody plans, claims, settles or acts
 * meanwhile: a change that commits a moment later sees the epoch. EXCLUSIVE, for who has locked a transfer's row is to be waited for before this
 * locks any: with a weaker lock each of the two could come to wait for the other. Returns how many will be inquired. Half a minute for each
 * hundred thousand: in a transaction that has the time (`LONG_WORK`).
 */
export const openEpoch = async (
  tx: Tx,
  { backupAt, by, reason }: { readonly backupAt: Date; readonly by: string; readonly reason: string },
): Promise<{ id: string; inquired: number }> => {
  await holdTransfers(tx)
  await tx.query(`UPDATE recovery_epoch SET closed_at = app_now(), closed_by = $1 WHERE closed_at IS NULL RETURNING 1 AS done`, [by])
  const id = randomUUID()
  await tx.query(
    `INSERT INTO recovery_epoch (id, backup_at, opened_by, reason) VALUES ($1::uuid, $2::timestamptz, $3, $4) RETURNING 1 AS done`,
    [id, backupAt.toISOString(), by, reason],
  )
  const inquired = await changeInSteps(tx, {
    update: `UPDATE transfer t SET state = 'INDETERMINATE', recovery_epoch_id = $2::uuid, lease_token = nextval('transfer_lease'),
       lease_until = NULL, last_send_at = greatest(t.last_send_at, (SELECT app_now())), absent_count = 0, next_attempt_at = (SELECT app_now()),
       dispatch_no = t.dispatch_no + 1, budget_until = ${LEAST_BUDGET}, updated_at = (SELECT app_now()),
       cause_id = ${causeIdOf(RESTORED)}, last_error = 'Cơ sở dữ liệu được phục hồi từ bản sao lưu; đang hỏi lại hệ thống nhận trước khi gửi.'`,
    which: `state = ANY($3::text[])`,
    values: [id, INQUIRED],
  })
  await tx.query(
    `${insertCausesOf(RESTORED, `SELECT system_id, operation FROM transfer WHERE recovery_epoch_id = $1::uuid AND state = 'INDETERMINATE'`)} RETURNING 1 AS done`,
    [id],
  )
  await tx.query(
    `UPDATE attempt a SET outcome = 'LOST', detail = 'Cơ sở dữ liệu được phục hồi từ bản sao lưu.',
       cause_id = (SELECT t.cause_id FROM transfer t WHERE t.id = a.transfer_id)
     WHERE ended_at IS NULL AND outcome IS NULL
       AND transfer_id = ANY(ARRAY(SELECT id FROM transfer WHERE recovery_epoch_id = $1::uuid AND state = 'INDETERMINATE')) RETURNING 1 AS done`,
    [id],
  )
  await changeInSteps(tx, {
    update: `UPDATE transfer t SET recovery_epoch_id = $2::uuid`,
    which: `state IN ('HELD', 'REJECTED', 'EXHAUSTED')`,
    values: [id],
  })
  return { id, inquired }
}

/** Nobody plans, claims, settles, acts or opens an epoch until this transaction ends. */
export const holdTransfers = async (tx: Tx): Promise<void> => {
  await tx.orm.$executeRawUnsafe('LOCK TABLE transfer IN EXCLUSIVE MODE')
}

export const findOpenEpoch = async (sql: Sql): Promise<RecoveryEpoch | undefined> =>
  (
    await sql.query<RecoveryEpoch>(
      `SELECT id::text, backup_at AS "backupAt", opened_at AS "openedAt", opened_by AS "openedBy", reason
       FROM recovery_epoch WHERE closed_at IS NULL`,
    )
  )[0]

/** Of the newest epoch, open or closed, and whether the one of this id exists. */
export const knowEpochs = async (sql: Sql, id: string | null): Promise<{ newest: string | null; exists: boolean }> => {
  const [row] = await sql.query<{ newest: string | null; exists: boolean }>(
    `SELECT (SELECT id::text FROM recovery_epoch ORDER BY opened_at DESC, id LIMIT 1) AS newest,
       EXISTS (SELECT 1 FROM recovery_epoch WHERE id = $1::uuid) AS exists`,
    [id],
  )
  return row ?? { newest: null, exists: false }
}

/**
 * The newest instant that can be found without reading a table through: a backup that was restored is not older than this. Every move of a
 * transfer has written an event; when all of them are pruned, the inbox or the polls tell.
 */
export const newestInstant = async (sql: Sql): Promise<Date> => {
  const [row] = await sql.query<{ at: Date | null; now: Date }>(
    `SELECT app_now() AS now, greatest((SELECT created_at FROM outbox_event ORDER BY id DESC LIMIT 1),
       (SELECT max(received_at) FROM inbox_message), (SELECT max(polled_at) FROM poll_cursor)) AS at`,
  )
  return row?.at ?? row?.now ?? new Date(0)
}

export interface RecoveryCounts {
  /** Chưa hỏi xong: not yet known to be there or not. */
  readonly remaining: number
  /** Bên nhận đã có. */
  readonly found: number
  /** Bên nhận chưa có: sent, or about to be. */
  readonly notThere: number
  /** Chờ người xử lý. */
  readonly held: number
  /** Hệ thống whose feed was not yet read to its end since the opening: their lost messages may still come. */
  readonly unread: readonly string[]
}

export const countRecovery = async (sql: Sql, epochId: string): Promise<RecoveryCounts> => {
  const [counts] = await sql.query<Omit<RecoveryCounts, 'unread'>>(
    `WITH of_epoch AS (
       SELECT t.state, EXISTS (SELECT 1 FROM attempt a WHERE a.transfer_id = t.id AND a.kind = 'SEND' AND a.started_at >= e.opened_at) AS sent,
         (SELECT a.kind FROM attempt a WHERE a.transfer_id = t.id ORDER BY a.number DESC LIMIT 1) AS "lastKind"
       FROM transfer t JOIN recovery_epoch e ON e.id = t.recovery_epoch_id WHERE e.id = $1::uuid
     )
     SELECT count(*) FILTER (WHERE state = 'INDETERMINATE' OR (state = 'SENDING' AND "lastKind" = 'INQUIRE'))::int AS remaining,
       count(*) FILTER (WHERE state = 'DELIVERED' AND NOT sent)::int AS found,
       count(*) FILTER (WHERE state <> 'INDETERMINATE' AND (sent OR state IN ('QUEUED', 'WAITING_RETRY')))::int AS "notThere",
       count(*) FILTER (WHERE state = 'HELD')::int AS held
     FROM of_epoch`,
    [epochId],
  )
  const unread = await sql.query<{ id: string }>(
    `SELECT c.system_id AS id FROM poll_cursor c, recovery_epoch e
     WHERE e.id = $1::uuid AND (c.read_to_end_at IS NULL OR c.read_to_end_at < e.opened_at) ORDER BY 1`,
    [epochId],
  )
  return { ...(counts ?? { remaining: 0, found: 0, notThere: 0, held: 0 }), unread: unread.map(({ id }) => id) }
}

/** Whether an epoch is open and the feed of this system has not been read to its end since. */
export const isUnreadAfterRestore = async (sql: Sql, systemId: SystemId): Promise<boolean> => {
  const rows = await sql.query(
    `SELECT 1 AS unread FROM recovery_epoch e JOIN poll_cursor c ON c.system_id = $1
     WHERE e.closed_at IS NULL AND (c.read_to_end_at IS NULL OR c.read_to_end_at < e.opened_at)`,
    [systemId],
  )
  return rows.length > 0
}

export const closeEpoch = async (tx: Tx, epochId: string, by: string): Promise<void> => {
  await tx.query(`UPDATE recovery_epoch SET closed_at = app_now(), closed_by = $2 WHERE id = $1::uuid RETURNING 1 AS done`, [epochId, by])
}

/** The open epoch under a lock, for closing it. */
export const lockOpenEpoch = async (tx: Tx): Promise<string | undefined> =>
  (await tx.query<{ id: string }>(`SELECT id::text FROM recovery_epoch WHERE closed_at IS NULL FOR UPDATE`))[0]?.id

export interface RestoredFacts {
  /** Planned since the opening: its key need not be the one under which it was sent before the restore. */
  readonly plannedAnew: boolean
  /** Later transfers of the same operation, newest first, two at most: each will be inquired in its turn. */
  readonly later: readonly { readonly idempotencyKey: string; readonly digest: string; readonly body: TransferBody }[]
  /** Feeds are still being read again: a later one may come. */
  readonly rereading: boolean
}

/** What is known of a transfer that is inquired because of a restore; undefined for all others. */
export const readRestoredFacts = async (sql: Sql, idempotencyKey: string): Promise<RestoredFacts | undefined> =>
  (
    await sql.query<RestoredFacts>(
      `SELECT t.created_at >= e.opened_at AS "plannedAnew",
         (SELECT coalesce(jsonb_agg(jsonb_build_object('idempotencyKey', l.idempotency_key, 'digest', l.digest, 'body', l.body)
             ORDER BY l.sequence DESC), '[]')
           FROM (SELECT * FROM transfer n WHERE n.dossier_id = t.dossier_id AND n.system_id = t.system_id AND n.operation = t.operation
             AND n.sequence > t.sequence AND n.state NOT IN ('ABANDONED', 'SUPERSEDED') ORDER BY n.sequence DESC LIMIT 2) AS l) AS later,
         e.closed_at IS NULL AND EXISTS (SELECT 1 FROM poll_cursor c WHERE c.read_to_end_at IS NULL OR c.read_to_end_at < e.opened_at) AS rereading
       FROM transfer t JOIN recovery_epoch e ON e.id = t.recovery_epoch_id WHERE t.idempotency_key = $1`,
      [idempotencyKey],
    )
  )[0]
