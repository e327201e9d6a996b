import { type Operation, SYSTEM_IDS, type SystemId } from '../model/system.js'
import { introductionOf } from '../model/transfer-order.js'
import type { Sql, Tx } from '../platform/database.js'
import { causeIdOf, insertCausesOf, PREDECESSOR_MISSING } from './cause-repository.js'
import { PASSABLE } from './claim-repository.js'
import { RELEASE } from './recovery-repository.js'

/**
 * Lượt đứng trước: what follows in the order of a dossier and system speaks of a dossier that the system has. When the transfer that introduces it was
 * given up by a person and nothing shows that the system has it all the same, a follower is HELD with PREDECESSOR_MISSING: not sent, not lost, in
 * plain sight. It goes by itself as soon as the system is known to have the dossier.
 */

/**
 * That a system has the dossier: it took some transfer of it or was found to hold it, also with other content; or it has told us of it itself (it was
 * born there, or somebody entered it by hand and it came back by a callback or poll). Arguments are SQL expressions.
 */
export const knownThere = (dossierId: string, systemId: string): string => `(
  EXISTS (SELECT 1 FROM transfer taken WHERE taken.dossier_id = ${dossierId} AND taken.system_id = ${systemId} AND (taken.state = 'DELIVERED'
    OR EXISTS (SELECT 1 FROM attempt heard WHERE heard.transfer_id = taken.id AND heard.outcome IN ('ACCEPTED', 'SAME', 'CONFLICT', 'DIFFERENT'))))
  OR EXISTS (SELECT 1 FROM dossier_event told WHERE told.dossier_id = ${dossierId} AND told.origin = ${systemId}))`

/**
 * That the introduction was given up, none that may still arrive stands before `sequence`, and the system does not have the dossier. A dossier that we
 * never introduced there (before the cut-over) is none of these.
 */
export const predecessorMissing = (dossierId: string, systemId: string, introduction: string, sequence: string): string => `(
  EXISTS (SELECT 1 FROM transfer given_up WHERE given_up.dossier_id = ${dossierId} AND given_up.system_id = ${systemId}
    AND given_up.operation = ${introduction} AND given_up.state = 'ABANDONED')
  AND NOT EXISTS (SELECT 1 FROM transfer coming WHERE coming.dossier_id = ${dossierId} AND coming.system_id = ${systemId}
    AND coming.operation = ${introduction} AND coming.sequence < ${sequence} AND coming.state NOT IN ${PASSABLE})
  AND NOT ${knownThere(dossierId, systemId)})`

export const isKnownThere = async (tx: Tx, transferId: string): Promise<boolean> =>
  (await tx.query(`SELECT 1 AS known FROM transfer t WHERE t.id = $1::uuid AND ${knownThere('t.dossier_id', 't.system_id')}`, [transferId]))
    .length > 0

/** Behind all that is planned now. */
export const LAST_PLACE = '2147483647'

/** What an officer reads on a follower that is held. */
export const MISSING_SENTENCE = 'Thiếu lượt đứng trước: hệ thống nhận chưa có hồ sơ này vì lượt giới thiệu đã bị hủy.'

/** Holds the followers that have lost their predecessor; returns their operations, in their order. Needs the dossier's lock, so that nobody plans another meanwhile. */
export const holdFollowers = async (tx: Tx, dossierId: string, systemId: SystemId): Promise<string[]> => {
  const rows = await tx.query<{ operation: string; sequence: number }>(
    `WITH held AS (
       UPDATE transfer t SET state = 'HELD', held_reason = 'PREDECESSOR_MISSING', last_error = $4, next_attempt_at = NULL,
         cause_id = ${causeIdOf(PREDECESSOR_MISSING)}, settled_at = app_now(), updated_at = app_now()
       WHERE t.dossier_id = $1::uuid AND t.system_id = $2 AND t.operation <> $3 AND t.state IN ('PLANNED', 'QUEUED')
         AND ${predecessorMissing('$1::uuid', '$2', '$3', 't.sequence')}
       RETURNING t.system_id, t.operation, t.sequence
     ), caused AS (
       ${insertCausesOf(PREDECESSOR_MISSING, 'SELECT system_id, operation FROM held')}
     )
     SELECT operation, sequence FROM held`,
    [dossierId, systemId, introductionOf(systemId), MISSING_SENTENCE],
  )
  return rows.sort((a, b) => a.sequence - b.sequence).map(({ operation }) => operation)
}

/** Whether a follower would be held if it were planned now. */
export const isPredecessorMissing = async (
  sql: Sql,
  of: { readonly id: string } | { readonly idempotencyKey: string },
  introduction: Operation,
): Promise<boolean> => {
  const [isIt, value] = 'id' in of ? ['t.id = $1::uuid', of.id] : ['t.idempotency_key = $1', of.idempotencyKey]
  const rows = await sql.query<{ id: string }>(
    `SELECT t.id::text FROM transfer t
     WHERE ${isIt} AND t.operation <> $2 AND ${predecessorMissing('t.dossier_id', 't.system_id', '$2', 't.sequence')}`,
    [value, introduction],
  )
  return rows.length > 0
}

/** Lets go what was held for its predecessor and need not be any more: the system has the dossier now. Returns the ids. */
export const releaseFollowers = async (sql: Sql): Promise<string[]> => {
  const rows = await sql.query<{ id: string }>(
    `${RELEASE} WHERE t.system_id = ANY($1::text[]) AND t.state = 'HELD' AND t.held_reason = 'PREDECESSOR_MISSING'
       AND ${knownThere('t.dossier_id', 't.system_id')}
     RETURNING t.id::text`,
    [[...SYSTEM_IDS]],
  )
  return rows.map(({ id }) => id)
}
