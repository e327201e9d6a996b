import type { RouteMode } from '../model/routing.js'
import type { Operation } from '../model/system.js'
import { ATTENTION_STATES } from '../model/transfer-state.js'
import type { Sql, Tx } from '../platform/database.js'
import { knownThere } from './predecessor-repository.js'

/** A newer version of the whole dossier that waits already behind one which only a person could bring further, in SQL. */
export interface NewerBehind {
  readonly id: string
  readonly sequence: number
  readonly dossierVersion: number
  readonly mode: RouteMode
  /** Whose version it is. */
  readonly causedBy: string
}

/** `t` blocks what is behind it (or what is behind is held for want of it), and nothing of it may be over there. */
const IS_STUCK = `(t.state IN (${ATTENTION_STATES.map((state) => `'${state}'`).join(', ')}) AND (t.state <> 'HELD' OR t.held_reason NOT IN ('CONFLICT', 'UNCERTAIN'))
  OR t.state = 'ABANDONED' AND NOT ${knownThere('t.dossier_id', 't.system_id')})`

/** `n` waits behind `t`, tells the same of a newer version, and no sending of it is known. */
const WAITS_BEHIND = `n.dossier_id = t.dossier_id AND n.system_id = t.system_id AND n.operation = t.operation AND n.mode = t.mode
  AND n.sequence > t.sequence AND n.dossier_version > t.dossier_version AND n.state IN ('PLANNED', 'QUEUED', 'INDETERMINATE')
  AND NOT EXISTS (SELECT 1 FROM attempt sent WHERE sent.transfer_id = n.id AND sent.kind = 'SEND')`

export const listBeforeNewer = (
  sql: Sql,
  operations: readonly Operation[],
  limit: number,
): Promise<{ readonly id: string; readonly dossierCode: string }[]> =>
  sql.query(
    `SELECT t.id::text, d.code AS "dossierCode" FROM transfer t JOIN dossier d ON d.id = t.dossier_id
     WHERE t.operation = ANY($1::text[]) AND ${IS_STUCK} AND EXISTS (SELECT 1 FROM transfer n WHERE ${WAITS_BEHIND})
     ORDER BY t.urgent_at LIMIT $2::int`,
    [[...operations], limit],
  )

/** The newest one, under its row lock; undefined when nothing waits any more, or the older one is not stuck any more. Needs the dossier's lock and the older one's. */
export const findNewerBehind = async (tx: Tx, olderId: string): Promise<NewerBehind | undefined> =>
  (
    await tx.query<NewerBehind>(
      `SELECT n.id::text, n.sequence, n.dossier_version AS "dossierVersion", n.mode,
         coalesce((SELECT e.origin || ': ' || coalesce(e.officer, d.received_by) FROM dossier_event e JOIN dossier d ON d.id = e.dossier_id
           WHERE e.dossier_id = n.dossier_id AND e.version = n.dossier_version AND e.applied ORDER BY e.id LIMIT 1), 'GATEWAY') AS "causedBy"
       FROM transfer t JOIN transfer n ON ${WAITS_BEHIND} WHERE t.id = $1::uuid AND ${IS_STUCK}
       ORDER BY n.sequence DESC LIMIT 1 FOR UPDATE OF n`,
      [olderId],
    )
  )[0]

/** The place must be free: superseded transfers have given theirs up. */
export const moveToPlace = async (
  tx: Tx,
  id: string,
  place: { readonly sequence: number; readonly supersedesId: string },
): Promise<void> => {
  await tx.query(
    `UPDATE transfer SET sequence = $2::int, supersedes_id = $3::uuid, requeued_at = app_now(), updated_at = app_now() WHERE id = $1::uuid RETURNING id`,
    [id, place.sequence, place.supersedesId],
  )
}
