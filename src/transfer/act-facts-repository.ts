import { namePerson } from '../access/caller.js'
import { type Operation, SYSTEM_IDS, type SystemId } from '../model/system.js'
import type { LastAct } from '../model/transfer-acts.js'
import { introductionOf } from '../model/transfer-order.js'
import type { HeldReason, TransferState } from '../model/transfer-state.js'
import type { Sql, Tx } from '../platform/database.js'
import { predecessorMissing } from './predecessor-repository.js'
import { AFTER_RESTORE } from './recovery-repository.js'

/** What a person's act on a transfer is decided by. */
export interface TransferFacts {
  readonly id: string
  readonly dossierId: string
  readonly sequence: number
  readonly operation: Operation
  readonly systemId: SystemId
  readonly state: TransferState
  readonly heldReason: HeldReason | null
  readonly lastError: string | null
  /**
   * The last instant at which a byte of it may have left that they processed; null when there is none. Before it was inquired after a restore from a backup that is
   * when the restore was noticed: it may have been released and sent in the time that is forgotten.
   */
  readonly lastSendAt: Date | null
  /** Of its last move (`versionOf`). */
  readonly updatedAt: Date
  /** `app_now()`. */
  readonly now: Date
}

export interface ActFacts extends TransferFacts {
  /** Its system does not have the dossier, as the transfer that introduces it was given up. */
  readonly predecessorMissing: boolean
  /** A restore from a backup lies between its last sending and now. */
  readonly restored: boolean
  /** What it failed by last, and its code; null: it has not failed, or before causes were kept. */
  readonly causeId: string | null
  readonly causeCode: string | null
  /** Who has amended it; null: nobody has. */
  readonly amendedBy: string | null
  /** What somebody did with it last, and the state that this left it in; null: nobody has done anything. */
  readonly lastAct: (LastAct & { readonly state: TransferState | null }) | null
  /** Of one that is superseded: what has its place now. */
  readonly supersededBy: string | null
}

/** A claim sets `last_send_at` before anything leaves. It counts for nothing when each sending ended before its first byte, or before they processed any of it. */
const PERHAPS_SENT = `(t.recovery_epoch_id IS NOT NULL OR EXISTS (
  SELECT 1 FROM attempt a WHERE a.transfer_id = t.id AND a.kind = 'SEND' AND coalesce(a.outcome, 'LOST') NOT IN ('NOT_SENT', 'UNAVAILABLE')))`

const FACTS = `t.id::text, t.dossier_id::text AS "dossierId", t.sequence, t.operation, t.system_id AS "systemId", t.state, t.held_reason AS "heldReason",
  t.last_error AS "lastError", t.updated_at AS "updatedAt", app_now() AS now, greatest(CASE WHEN ${PERHAPS_SENT} THEN t.last_send_at END,
    (SELECT e.opened_at FROM recovery_epoch e WHERE e.id = t.recovery_epoch_id AND ${AFTER_RESTORE})) AS "lastSendAt"`

const INTRODUCTION = `CASE t.system_id ${SYSTEM_IDS.map((id) => `WHEN '${id}' THEN '${introductionOf(id)}'`).join(' ')} END`

/** A transfer under its row lock, for a person's act. */
export const lockTransfer = async (tx: Tx, transferId: string): Promise<TransferFacts | undefined> =>
  (await tx.query<TransferFacts>(`SELECT ${FACTS} FROM transfer t WHERE t.id = $1::uuid FOR UPDATE`, [transferId]))[0]

/** Who only looks has done nothing. */
const ACTS_ALONE = `e.act NOT IN ('REVEAL_ATTEMPT', 'REVEAL_AMENDMENT')`

type FactsRow = Omit<ActFacts, 'lastAct'> & { readonly [Field in keyof LastAct as `last_${Field}`]: LastAct[Field] | null } & {
  readonly last_actor_name: string | null
  readonly last_state: TransferState | null
}

const factsOf = ({ last_actor, last_actor_name, last_role, last_act, last_at, last_state, ...facts }: FactsRow): ActFacts => ({
  ...facts,
  lastAct:
    last_actor !== null && last_role !== null && last_act !== null && last_at !== null
      ? { actor: namePerson(last_actor, last_actor_name), role: last_role, act: last_act, at: last_at, state: last_state }
      : null,
})

/** Whoever acts holds its lock already; whoever shows it reads it as it stands. */
export const readActFacts = async (sql: Sql, transferIds: readonly string[]): Promise<ActFacts[]> => {
  const rows = await sql.query<FactsRow>(
    `SELECT ${FACTS}, ${AFTER_RESTORE} AS restored, t.cause_id::text AS "causeId", (SELECT c.code FROM failure_cause c WHERE c.id = t.cause_id) AS "causeCode",
       (SELECT a.amended_by FROM transfer_amendment a WHERE a.transfer_id = t.id) AS "amendedBy",
       CASE t.state WHEN 'SUPERSEDED' THEN (SELECT s.id::text FROM transfer s WHERE s.dossier_id = t.dossier_id AND s.supersedes_id = t.id LIMIT 1) END AS "supersededBy",
       last.actor AS last_actor, last.actor_name AS last_actor_name, last.role AS last_role, last.act AS last_act, last.at AS last_at, last.state AS last_state,
       t.operation <> ${INTRODUCTION} AND ${predecessorMissing('t.dossier_id', 't.system_id', INTRODUCTION, 't.sequence')} AS "predecessorMissing"
     FROM transfer t LEFT JOIN LATERAL (
       SELECT e.actor, e.actor_name, e.role, e.act, e.at, e.after->>'state' AS state FROM audit_entry e WHERE e.transfer_id = t.id AND ${ACTS_ALONE}
       ORDER BY e.at DESC, e.id DESC LIMIT 1) last ON true
     WHERE t.id = ANY($1::uuid[])`,
    [[...transferIds]],
  )
  return rows.map(factsOf)
}
