import type { Tx } from '../platform/database.js'

/** An act as its audit entry names it. */
export interface DoneAct {
  readonly act: 'ACKNOWLEDGE_ALERT' | 'CLEAR_POLL_ALARM' | 'DISMISS_MESSAGE' | 'NOTE_CAUSE'
  /** Subject of the person. */
  readonly actor: string
  readonly requestKey: string
  /** What it was done to, as it stands in the entry's `before`. */
  readonly of: Readonly<Record<string, string>>
}

/** Whether this act under this idempotency key was committed, though its answer may have been lost. */
export const wasDone = async (tx: Tx, { act, actor, requestKey, of }: DoneAct): Promise<boolean> =>
  (
    await tx.query(
      `SELECT 1 AS done FROM audit_entry
       WHERE act = $1 AND actor = $2 AND after->>'request' = $3 AND before @> $4::jsonb LIMIT 1`,
      [act, actor, requestKey, JSON.stringify(of)],
    )
  ).length > 0
