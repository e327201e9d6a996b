import type { Difference } from '../model/amend-body.js'
import type { TransferBody } from '../model/transfer-body.js'
import type { Sql, Tx } from '../platform/database.js'

/** Nội dung sửa in the table: written with the transfer that carries it, decided upon once, never removed. */
export interface NewAmendment {
  readonly transferId: string
  /** What would have gone without it. */
  readonly source: TransferBody
  readonly differences: readonly Difference[]
  readonly reason: string
  readonly by: { readonly subject: string; readonly displayName: string }
  readonly needsApproval: boolean
}

export interface AmendmentRow {
  readonly transferId: string
  readonly differences: readonly Difference[]
  readonly reason: string
  readonly amendedBy: string
  readonly amendedByName: string
  readonly amendedAt: Date
  readonly needsApproval: boolean
  readonly decision: 'APPROVED' | 'DECLINED' | null
  readonly decidedByName: string | null
  readonly decidedAt: Date | null
  readonly decisionReason: string | null
}

export const keepAmendment = async (tx: Tx, amendment: NewAmendment): Promise<void> => {
  const { transferId, source, differences, reason, by, needsApproval } = amendment
  await tx.query(
    `INSERT INTO transfer_amendment (transfer_id, source, differences, reason, amended_by, amended_by_name, needs_approval)
     VALUES ($1::uuid, $2::jsonb, $3::jsonb, $4, $5, $6, $7::boolean) RETURNING 1 AS done`,
    [transferId, JSON.stringify(source), JSON.stringify(differences), reason, by.subject, by.displayName, needsApproval],
  )
}

export const readAmendments = (sql: Sql, transferIds: readonly string[]): Promise<AmendmentRow[]> =>
  sql.query<AmendmentRow>(
    `SELECT transfer_id::text AS "transferId", differences, reason, amended_by AS "amendedBy", amended_by_name AS "amendedByName", amended_at AS "amendedAt",
       needs_approval AS "needsApproval", decision, decided_by_name AS "decidedByName", decided_at AS "decidedAt", decision_reason AS "decisionReason"
     FROM transfer_amendment WHERE transfer_id = ANY($1::uuid[])`,
    [[...transferIds]],
  )

/** Nobody amends so often. */
const MOST_STEPS = 50

export interface EarlierAmendmentRow
  extends Pick<AmendmentRow, 'transferId' | 'amendedBy' | 'amendedByName' | 'amendedAt' | 'decision' | 'decidedByName'> {
  /** The transfer whose content goes back to it. */
  readonly ofId: string
}

/** Of transfers that were amended: who had amended what they have taken the place of, back to what the source said; oldest first. */
export const readEarlierAmendments = (sql: Sql, transferIds: readonly string[]): Promise<EarlierAmendmentRow[]> =>
  sql.query<EarlierAmendmentRow>(
    `WITH RECURSIVE chain AS (
       SELECT t.id AS of_id, t.supersedes_id, 1 AS step FROM transfer t WHERE t.id = ANY($1::uuid[])
       UNION ALL
       SELECT c.of_id, p.supersedes_id, c.step + 1 FROM chain c JOIN transfer p ON p.id = c.supersedes_id AND p.origin = 'AMENDED' WHERE c.step < $2::int)
     SELECT c.of_id::text AS "ofId", a.transfer_id::text AS "transferId", a.amended_by AS "amendedBy", a.amended_by_name AS "amendedByName",
       a.amended_at AS "amendedAt", a.decision, a.decided_by_name AS "decidedByName"
     FROM chain c JOIN transfer_amendment a ON a.transfer_id = c.supersedes_id ORDER BY a.amended_at`,
    [[...transferIds], MOST_STEPS],
  )

/** What the second person has said. The caller holds the transfer's row and audits. */
export const decideAmendment = async (
  tx: Tx,
  transferId: string,
  { decision, by, reason }: { readonly decision: 'APPROVED' | 'DECLINED'; readonly by: NewAmendment['by']; readonly reason: string },
): Promise<void> => {
  await tx.query(
    `UPDATE transfer_amendment SET decision = $2, decided_by = $3, decided_by_name = $4, decided_at = app_now(), decision_reason = $5
     WHERE transfer_id = $1::uuid RETURNING 1 AS done`,
    [transferId, decision, by.subject, by.displayName, reason],
  )
}

/** It stays HELD, for another reason: nobody sends it as it is. The caller holds the row lock and audits. */
export const holdDeclined = async (tx: Tx, transferId: string, sentence: string): Promise<void> => {
  await tx.query(
    `UPDATE transfer SET held_reason = 'AMENDMENT_DECLINED', last_error = $2, settled_at = app_now(), updated_at = app_now()
     WHERE id = $1::uuid AND state = 'HELD' AND held_reason = 'AWAITING_APPROVAL' RETURNING id`,
    [transferId, sentence],
  )
}
