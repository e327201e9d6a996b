import type { RouteMode } from '../model/routing.js'
import type { Operation } from '../model/system.js'
import type { TransferBody } from '../model/transfer-body.js'
import { ATTENTION_STATES, statesBefore, type TransferState } from '../model/transfer-state.js'
import type { Tx } from '../platform/database.js'
import { PASSABLE } from './claim-repository.js'
import { knownThere } from './predecessor-repository.js'

/** Which unsent transfers a newer version of the dossier may make pointless, in SQL. All of it under the dossier's lock. */
export interface UnsentTransfer {
  readonly id: string
  readonly sequence: number
  readonly state: TransferState
}

/** These leave by a person's word alone: one that was refused or is held, and one that was given up. */
const LEFT_TO_A_PERSON: readonly TransferState[] = [...ATTENTION_STATES, 'ABANDONED']

/**
 * One that was given up is taken up again when its system does not have the dossier: behind it stands what is held for want of it. Not when a version
 * that was planned after it is still on its way: what takes the place before that one would be written over by it.
 */
const UNSENT = `SELECT id::text, sequence, state FROM transfer t
  WHERE dossier_id = $1::uuid AND operation = ANY($2::text[]) AND mode = $3 AND state <> 'SUPERSEDED' AND state = ANY($4::text[])
    AND (state <> 'HELD' OR held_reason NOT IN ('CONFLICT', 'UNCERTAIN'))
    AND (state <> 'ABANDONED' OR NOT ${knownThere('t.dossier_id', 't.system_id')} AND NOT EXISTS (
      SELECT 1 FROM transfer newer WHERE newer.dossier_id = t.dossier_id AND newer.system_id = t.system_id AND newer.operation = t.operation
        AND newer.sequence > t.sequence AND newer.state NOT IN ${PASSABLE}))`

/** The latest one; with `inTurn` it is left where it is when others wait behind it, unless a person has to look at it. */
export const findUnsent = async (
  tx: Tx,
  dossierId: string,
  operation: Operation,
  mode: RouteMode,
  { inTurn }: { inTurn: boolean },
): Promise<UnsentTransfer | undefined> =>
  (
    await tx.query<UnsentTransfer>(
      `${UNSENT} AND (NOT $5::boolean OR state = ANY($6::text[]) OR NOT EXISTS (
           SELECT 1 FROM transfer later WHERE later.dossier_id = t.dossier_id AND later.system_id = t.system_id
             AND later.sequence > t.sequence AND later.state NOT IN ${PASSABLE}))
       ORDER BY sequence DESC LIMIT 1 FOR UPDATE OF t`,
      [dossierId, [operation], mode, statesBefore('SUPERSEDED', 'PERSON'), inTurn, [...LEFT_TO_A_PERSON]],
      { planName: 'unsent' },
    )
  )[0]

/** Those that a person would have to look at, or has given up, in their order: what stands behind them is blocked or held. */
export const findRefused = async (tx: Tx, dossierId: string, operation: Operation): Promise<UnsentTransfer[]> =>
  tx.query<UnsentTransfer>(
    `${UNSENT} AND state = ANY($5::text[]) ORDER BY sequence FOR UPDATE OF t`,
    [dossierId, [operation], 'LIVE', statesBefore('SUPERSEDED', 'PERSON'), [...LEFT_TO_A_PERSON]],
    { planName: 'refused' },
  )

/**
 * May give way though nobody knows what became of it: it is uncertain by a restore from a backup alone, for no sending of it is known. What is newer
 * is asked for before it is sent, so that nothing is sent twice, and this one never any more.
 */
const GIVES_WAY_UNASKED = `t.state IN (${statesBefore('SUPERSEDED', 'RECOVERY')
  .map((state) => `'${state}'`)
  .join(', ')}) AND NOT EXISTS (SELECT 1 FROM attempt sent WHERE sent.transfer_id = t.id AND sent.kind = 'SEND')`

/** What waits behind a place, of these operations, in its order; with `before` no further than that place. */
export const findUnsentBehind = async (
  tx: Tx,
  dossierId: string,
  operations: readonly Operation[],
  { behind, before }: { readonly behind: number; readonly before?: number },
): Promise<UnsentTransfer[]> =>
  tx.query<UnsentTransfer>(
    `SELECT id::text, sequence, state FROM transfer t
     WHERE dossier_id = $1::uuid AND operation = ANY($2::text[]) AND mode = 'LIVE' AND state NOT IN ('SUPERSEDED', 'ABANDONED')
       AND (state = ANY($3::text[]) AND (state <> 'HELD' OR held_reason NOT IN ('CONFLICT', 'UNCERTAIN')) OR ${GIVES_WAY_UNASKED})
       AND sequence > $4::int AND ($5::int IS NULL OR sequence < $5::int) ORDER BY sequence FOR UPDATE OF t`,
    [dossierId, [...operations], statesBefore('SUPERSEDED', 'PERSON'), behind, before ?? null],
    { planName: 'unsent-behind' },
  )

/** Whether the other side has the dossier by an earlier transfer of this operation. */
export const hasDelivered = async (tx: Tx, dossierId: string, operation: Operation): Promise<boolean> =>
  (
    await tx.query(`SELECT 1 AS has FROM transfer WHERE dossier_id = $1::uuid AND operation = $2 AND state = 'DELIVERED' LIMIT 1`, [
      dossierId,
      operation,
    ])
  ).length > 0

/** False: it may not give way, for it has been sent meanwhile. Who is just asking for it finds another token: his answer moves nothing. */
export const supersede = async (tx: Tx, transferId: string): Promise<boolean> =>
  (
    await tx.query(
      `UPDATE transfer t SET state = 'SUPERSEDED', next_attempt_at = NULL, settled_at = app_now(), updated_at = app_now(), lease_until = NULL,
         lease_token = CASE WHEN t.state = 'SENDING' THEN nextval('transfer_lease') ELSE t.lease_token END
       WHERE t.id = $1::uuid AND (t.state = ANY($2::text[]) OR ${GIVES_WAY_UNASKED}) RETURNING t.id`,
      [transferId, statesBefore('SUPERSEDED', 'PERSON')],
    )
  ).length > 0

/** What a transfer was frozen with, and the keys that its dossier and system have used already. */
export interface FrozenTransfer {
  readonly dossierCode: string
  readonly body: TransferBody
  /** Without what a person has amended of it: what its source said. */
  readonly sourceBody: TransferBody
  readonly digest: string
  readonly digestVersion: number
  readonly dossierVersion: number
  readonly idempotencyKey: string
  readonly mode: RouteMode
  readonly dueAt: Date
  readonly correlationId: string
  readonly createdAt: Date
  readonly usedKeys: readonly string[]
}

export const readFrozen = async (tx: Tx, transferId: string): Promise<FrozenTransfer> =>
  (
    await tx.query<FrozenTransfer>(
      `SELECT d.code AS "dossierCode", t.body, t.digest,
         coalesce((SELECT a.source FROM transfer_amendment a WHERE a.transfer_id = t.id), t.body) AS "sourceBody", t.digest_version AS "digestVersion", t.dossier_version AS "dossierVersion",
         t.idempotency_key AS "idempotencyKey", t.mode, t.due_at AS "dueAt", t.correlation_id AS "correlationId", t.created_at AS "createdAt",
         ARRAY(SELECT k.idempotency_key FROM transfer k WHERE k.dossier_id = t.dossier_id AND k.system_id = t.system_id) AS "usedKeys"
       FROM transfer t JOIN dossier d ON d.id = t.dossier_id WHERE t.id = $1::uuid`,
      [transferId],
    )
  )[0] as FrozenTransfer

/** Whether a later one of these operations was taken, is on its way or before a person. */
export const hasLaterOf = async (tx: Tx, transferId: string, operations: readonly Operation[]): Promise<boolean> =>
  (
    await tx.query(
      `SELECT 1 AS later FROM transfer t JOIN transfer later ON later.dossier_id = t.dossier_id AND later.system_id = t.system_id
         AND later.sequence > t.sequence AND later.operation = ANY($2::text[]) AND later.state NOT IN ('ABANDONED', 'SUPERSEDED')
       WHERE t.id = $1::uuid LIMIT 1`,
      [transferId, [...operations]],
    )
  ).length > 0
