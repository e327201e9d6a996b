import type { RouteMode } from '../model/routing.js'
import type { Operation } from '../model/system.js'
import { ATTENTION_STATES, statesBefore, type TransferState } from '../model/transfer-state.js'
import type { Tx } from '../platform/database.js'
import { PASSABLE } from './claim-repository.js'

/** Which unsent transfers a newer version of the dossier may make pointless, in SQL. All of it under the dossier's lock. */
export interface UnsentTransfer {
  readonly id: string
  readonly sequence: number
  readonly state: TransferState
}

const UNSENT = `SELECT id::text, sequence, state FROM transfer t
  WHERE dossier_id = $1::uuid AND operation = ANY($2::text[]) AND mode = $3 AND state <> 'SUPERSEDED' AND state = ANY($4::text[])
    AND (state <> 'HELD' OR held_reason NOT IN ('CONFLICT', 'UNCERTAIN'))`

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
      [dossierId, [operation], mode, statesBefore('SUPERSEDED', 'PERSON'), inTurn, [...ATTENTION_STATES]],
    )
  )[0]

/** Those that a person would have to look at, in their order: they block all that stands behind them. */
export const findRefused = async (tx: Tx, dossierId: string, operation: Operation): Promise<UnsentTransfer[]> =>
  tx.query<UnsentTransfer>(`${UNSENT} AND state = ANY($5::text[]) ORDER BY sequence FOR UPDATE OF t`, [
    dossierId,
    [operation],
    'LIVE',
    statesBefore('SUPERSEDED', 'PERSON'),
    [...ATTENTION_STATES],
  ])

/** What waits behind a place, of these operations, in its order. */
export const findUnsentBehind = async (
  tx: Tx,
  dossierId: string,
  operations: readonly Operation[],
  sequence: number,
): Promise<UnsentTransfer[]> =>
  tx.query<UnsentTransfer>(`${UNSENT} AND sequence > $5::int ORDER BY sequence FOR UPDATE OF t`, [
    dossierId,
    [...operations],
    'LIVE',
    statesBefore('SUPERSEDED', 'PERSON'),
    sequence,
  ])

/** Whether the other side has the dossier by an earlier transfer of this operation. */
export const hasDelivered = async (tx: Tx, dossierId: string, operation: Operation): Promise<boolean> =>
  (
    await tx.query(`SELECT 1 AS has FROM transfer WHERE dossier_id = $1::uuid AND operation = $2 AND state = 'DELIVERED' LIMIT 1`, [
      dossierId,
      operation,
    ])
  ).length > 0

export const supersede = async (tx: Tx, transferId: string): Promise<void> => {
  await tx.query(
    `UPDATE transfer SET state = 'SUPERSEDED', next_attempt_at = NULL, settled_at = app_now(), updated_at = app_now()
     WHERE id = $1::uuid AND state = ANY($2::text[]) RETURNING id`,
    [transferId, statesBefore('SUPERSEDED', 'PERSON')],
  )
}
