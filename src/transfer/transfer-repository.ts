import { causeKeyOf } from '../model/failure-cause.js'
import type { RouteMode } from '../model/routing.js'
import type { Operation, SystemId } from '../model/system.js'
import type { TransferBody } from '../model/transfer-body.js'
import { introductionOf } from '../model/transfer-order.js'
import { type HeldReason, statesBefore } from '../model/transfer-state.js'
import type { Sql, Tx } from '../platform/database.js'
import { causeId, keepCause, PREDECESSOR_MISSING } from './cause-repository.js'
import { PASSABLE } from './claim-repository.js'
import { changeInSteps } from './in-steps.js'
import { LAST_PLACE, MISSING_SENTENCE, predecessorMissing } from './predecessor-repository.js'
import { AFTER_RESTORE, RELEASE } from './recovery-repository.js'

/**
 * Lượt liên thông in the table, apart from its delivery (`claim-repository.ts`): planned into its place, superseded, released, and moved by a
 * person. Every move is guarded by the table of legal moves.
 */

export interface PlannedTransfer {
  readonly dossierId: string
  readonly systemId: SystemId
  readonly operation: Operation
  readonly idempotencyKey: string
  readonly dossierVersion: number
  readonly body: TransferBody
  readonly digest: string
  readonly digestVersion: number
  readonly mode: RouteMode
  readonly dueAt: Date
  readonly budgetUntil: Date
  readonly correlationId: string
  /** Since when it waits, when it goes on waiting in another one's place. */
  readonly waitingSince?: Date
  /** One that may have been sent before a restore, in whose place this one goes: then this one is inquired first, also when the epoch is closed. */
  readonly perhapsSentAs?: string
  /** A person has amended it: it is kept as such, and HELD until a second one has approved it where that is asked for. */
  readonly amended?: { readonly awaitsApproval: boolean }
}

/** What an officer reads on a transfer that waits for the second person. */
const AWAITING_SENTENCE = 'Nội dung đã được sửa, chờ người thứ hai duyệt.'

/** Nobody is passed over by what is due sooner for longer than this, however far off his own due date is. */
const LONGEST_PASSED_OVER = `interval '10 days'`

/**
 * What introduces a dossier follows nothing: in a text of its own, so that the server may keep its plan. With one text for both it would be planned anew each time, for what is not
 * asked then costs less.
 */
const insertSql = (follows: string): string =>
  `INSERT INTO transfer (id, dossier_id, system_id, operation, sequence, idempotency_key, dossier_version, body, digest,
     digest_version, mode, due_at, budget_until, correlation_id, supersedes_id, next_attempt_at, urgent_at, state, last_send_at,
     recovery_epoch_id, held_reason, last_error, settled_at, cause_id, origin)
   SELECT gen_random_uuid(), $1::uuid, $2, $3,
     coalesce($14::int, (SELECT coalesce(max(sequence), 0) + 1 FROM transfer WHERE dossier_id = $1::uuid AND system_id = $2)),
     $4, $5::int, $6::jsonb, $7, $8::int, $9, $10::timestamptz, $11::timestamptz, $12, $13::uuid,
     CASE WHEN NOT missing AND NOT awaits THEN app_now() END, least($10::timestamptz, coalesce($17::timestamptz, app_now()) + ${LONGEST_PASSED_OVER}),
     CASE WHEN missing OR awaits THEN 'HELD' WHEN e.id IS NULL THEN 'PLANNED' ELSE 'INDETERMINATE' END, e.opened_at, e.id,
     CASE WHEN awaits THEN 'AWAITING_APPROVAL' WHEN missing THEN 'PREDECESSOR_MISSING' END, CASE WHEN awaits THEN $19 WHEN missing THEN $16 END,
     CASE WHEN missing OR awaits THEN app_now() END,
     CASE WHEN missing AND NOT awaits THEN ${causeId({ operation: '$3::text', kind: `'${PREDECESSOR_MISSING.kind}'`, code: `'${PREDECESSOR_MISSING.code}'`, field: 'NULL' })} END, $20
   FROM (SELECT $21::boolean AS awaits, $3 <> $15 AND ${follows} AS missing) AS validated
     LEFT JOIN LATERAL (SELECT id, opened_at FROM recovery_epoch
       WHERE closed_at IS NULL OR id = (SELECT recovery_epoch_id FROM transfer WHERE id = $18::uuid)
       ORDER BY closed_at DESC NULLS FIRST LIMIT 1) AS e ON true
   RETURNING id::text, held_reason IS NOT DISTINCT FROM 'PREDECESSOR_MISSING' AS held`
const INSERT_INTRODUCTION = insertSql('false')
const INSERT_FOLLOWER = insertSql(predecessorMissing('$1::uuid', '$2', '$15', LAST_PLACE))

/**
 * Appends to the order of its dossier and system, or takes the place that another one leaves. Needs the dossier's lock. A follower
 * whose predecessor was given up is HELD from the start, and so is what a person has amended until it is approved: nothing but the approval releases
 * that, which asks for the predecessor too. While a recovery epoch is open nothing is planned as unsent: it may have been sent
 * before the restore, so it is inquired first, a held one as soon as it is released.
 */
export const insertTransfer = async (
  tx: Tx,
  plan: PlannedTransfer,
  place?: { readonly sequence?: number; readonly supersedesId: string },
): Promise<string> => {
  const introduction = introductionOf(plan.systemId)
  const [text, planName] =
    plan.operation === introduction ? [INSERT_INTRODUCTION, 'insert-introduction'] : [INSERT_FOLLOWER, 'insert-transfer']
  const rows = await tx.query<{ id: string; held: boolean }>(
    text,
    [
      plan.dossierId,
      plan.systemId,
      plan.operation,
      plan.idempotencyKey,
      plan.dossierVersion,
      JSON.stringify(plan.body),
      plan.digest,
      plan.digestVersion,
      plan.mode,
      plan.dueAt,
      plan.budgetUntil,
      plan.correlationId,
      place?.supersedesId ?? null,
      place?.sequence ?? null,
      introduction,
      MISSING_SENTENCE,
      plan.waitingSince ?? null,
      plan.perhapsSentAs ?? null,
      AWAITING_SENTENCE,
      plan.amended ? 'AMENDED' : 'SOURCE',
      plan.amended?.awaitsApproval ?? false,
    ],
    { planName },
  )
  const { id, held } = rows[0] as { id: string; held: boolean }
  if (held) await keepCause(tx, causeKeyOf(plan.operation, PREDECESSOR_MISSING))
  return id
}

/**
 * The due date of a dossier has moved: what is not settled is as urgent as the new one says, and may be retried at least until then. Needs
 * the dossier's lock.
 */
export const moveDueDates = async (tx: Tx, dossierId: string, dueAt: string): Promise<void> => {
  await tx.query(
    `UPDATE transfer SET due_at = $2::timestamptz, urgent_at = least($2::timestamptz, created_at + ${LONGEST_PASSED_OVER}),
       budget_until = greatest(budget_until, $2::timestamptz)
     WHERE dossier_id = $1::uuid AND state NOT IN ${PASSABLE} AND due_at <> $2::timestamptz RETURNING id`,
    [dossierId, dueAt],
  )
}

/** Releases what is held for a missing mapping, once rows of that kind were loaded. A still missing one is held again at its next attempt. */
export const releaseHeld = (tx: Tx, systemId: SystemId, reason: HeldReason): Promise<number> =>
  changeInSteps(tx, {
    update: RELEASE,
    which: `system_id = $2 AND state = 'HELD' AND held_reason = $3`,
    values: [systemId, reason],
  })

/**
 * Releases what is held for a code that was loaded while its last attempt was under way: the attempt had looked just before, and was
 * settled just after the loading had released what it found. With at most one attempt since the loading a transfer is
 * released, so that one which the row does not help (it is not in force on that day) is tried once more and then stays HELD. Returns how many.
 */
export const releaseLoadedMeanwhile = async (sql: Sql): Promise<number> => {
  const rows = await sql.query<{ id: string }>(
    `${RELEASE} WHERE state = 'HELD' AND held_reason = 'MAPPING_MISSING' AND EXISTS (
       SELECT 1 FROM code_mapping m
       WHERE m.system_id = t.system_id AND m.kind = split_part(t.error_field, ':', 1)
         AND m.our_code = substr(t.error_field, strpos(t.error_field, ':') + 1)
         AND m.loaded_at > (SELECT max(started_at) FROM attempt WHERE transfer_id = t.id) - interval '1 minute'
         AND (SELECT count(*) FROM attempt WHERE transfer_id = t.id AND started_at > m.loaded_at) < 2)
     RETURNING id`,
  )
  return rows.length
}

/** Keys that no further sending of a dossier to a system may have. */
export const usedKeysOf = async (tx: Tx, dossierId: string, systemId: SystemId): Promise<string[]> =>
  (
    await tx.query<{ key: string }>(`SELECT idempotency_key AS key FROM transfer WHERE dossier_id = $1::uuid AND system_id = $2`, [
      dossierId,
      systemId,
    ])
  ).map(({ key }) => key)

/** The first transfer of a dossier to a system that is still under way, or blocks what comes behind it. */
export const openTransferOf = async (tx: Tx, dossierId: string, systemId: SystemId): Promise<string | undefined> =>
  (
    await tx.query<{ id: string }>(
      `SELECT id::text FROM transfer WHERE dossier_id = $1::uuid AND system_id = $2 AND state NOT IN ${PASSABLE} ORDER BY sequence LIMIT 1`,
      [dossierId, systemId],
    )
  )[0]?.id

/** The body of the last one of an operation that was acknowledged. */
export const lastDeliveredBody = async (tx: Tx, dossierId: string, operation: Operation): Promise<TransferBody | undefined> =>
  (
    await tx.query<{ body: TransferBody }>(
      `SELECT body FROM transfer WHERE dossier_id = $1::uuid AND operation = $2 AND state = 'DELIVERED' ORDER BY sequence DESC LIMIT 1`,
      [dossierId, operation],
    )
  )[0]?.body

/** Of which dossier a transfer is: a person's act takes that dossier's lock before the transfer's row. */
export const dossierCodeOf = async (tx: Tx, transferId: string): Promise<string | undefined> =>
  (
    await tx.query<{ code: string }>(`SELECT d.code FROM transfer t JOIN dossier d ON d.id = t.dossier_id WHERE t.id = $1::uuid`, [
      transferId,
    ])
  )[0]?.code

/** Whether a restore from a backup lies between its last sending and now, so that it is inquired before it may be queued. */
export const mustBeInquired = async (tx: Tx, transferId: string): Promise<boolean> =>
  (await tx.query(`SELECT 1 AS restored FROM transfer t WHERE t.id = $1::uuid AND ${AFTER_RESTORE}`, [transferId])).length > 0

/**
 * A replay that is asked for before it is sent: after a restore from a backup (RESTORED: it may have been sent until now), and of one that is in conflict
 * (CONFLICT: it was last sent when it was). The caller holds the row lock and writes the audit.
 */
export const inquireByPerson = async (tx: Tx, transferId: string, budgetUntil: Date, why: 'RESTORED' | 'CONFLICT'): Promise<void> => {
  await tx.query(
    `UPDATE transfer SET state = 'INDETERMINATE', held_reason = NULL, error_field = NULL, last_error = NULL, next_attempt_at = app_now(),
       dispatch_no = dispatch_no + 1, retry_count = 0, absent_count = 0, last_send_at = CASE WHEN $4 = 'RESTORED' THEN app_now() ELSE last_send_at END,
       budget_until = greatest(budget_until, $2::timestamptz), settled_at = NULL, requeued_at = app_now(), updated_at = app_now()
     WHERE id = $1::uuid AND state = ANY($3::text[]) RETURNING id`,
    [transferId, budgetUntil, statesBefore('INDETERMINATE', why === 'RESTORED' ? 'RECOVERY' : 'PERSON'), why],
  )
}

/**
 * A person's move of one transfer or of many. The caller holds the row locks, has checked the move against the table and writes the audit in the same
 * transaction. Returns how many have moved.
 */
export const moveByPerson = async (
  tx: Tx,
  transferIds: readonly string[],
  to: 'QUEUED' | 'DELIVERED' | 'ABANDONED',
  /** The end of the budget that a replay gives at least. */
  budgetUntil: Date,
  externalRef?: string,
): Promise<number> => {
  const moved = await tx.query(
    `UPDATE transfer SET state = $2, held_reason = NULL, error_field = NULL,
       last_error = CASE WHEN $2 = 'ABANDONED' THEN last_error END,
       next_attempt_at = CASE WHEN $2 = 'QUEUED' THEN app_now() END,
       dispatch_no = dispatch_no + CASE WHEN $2 = 'QUEUED' THEN 1 ELSE 0 END,
       retry_count = CASE WHEN $2 = 'QUEUED' THEN 0 ELSE retry_count END, absent_count = 0,
       budget_until = CASE WHEN $2 = 'QUEUED' THEN greatest(budget_until, $5::timestamptz) ELSE budget_until END,
       external_ref = coalesce($3, external_ref), cause_id = CASE WHEN $2 <> 'DELIVERED' THEN cause_id END,
       settled_at = CASE WHEN $2 = 'QUEUED' THEN NULL ELSE app_now() END,
       requeued_at = CASE WHEN $2 = 'QUEUED' THEN app_now() ELSE requeued_at END, updated_at = app_now()
     WHERE id = ANY($1::uuid[]) AND state = ANY($4::text[]) RETURNING id`,
    [[...transferIds], to, externalRef ?? null, statesBefore(to, 'PERSON'), budgetUntil],
  )
  return moved.length
}
