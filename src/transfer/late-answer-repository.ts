import type { CauseKind, Failure } from '../model/failure-cause.js'
import type { Sql } from '../platform/database.js'

/**
 * Trả lời về muộn: what a stalled worker has heard of the last sending, after its right to settle it had passed on. It moved nothing; whoever inquires weighs
 * it beside the answer that he gets. An acceptance of any sending counts, for it says that they have it.
 */
export type LateAnswer =
  | { readonly outcome: 'ACCEPTED' }
  /** Not taken as it was sent, or refused: with the words that an officer reads, and by what it failed. */
  | { readonly outcome: 'CONFLICT' | 'REJECTED'; readonly detail: string; readonly failure: Failure }

/**
 * SQL: kind of the late answer to `c`, a claim. Of one that would be sent only an acceptance counts, unless somebody has said since that they have it not; nothing
 * is looked for when it was never tried before.
 */
export const LATE_OUTCOME = `CASE WHEN c.kind = 'INQUIRE' THEN (
    SELECT a.outcome FROM attempt a
    WHERE a.transfer_id = c.id AND a.late AND (a.outcome = 'ACCEPTED' OR a.outcome IN ('CONFLICT', 'REJECTED')
      AND a.number = (SELECT max(s.number) FROM attempt s WHERE s.transfer_id = c.id AND s.kind = 'SEND'))
    ORDER BY a.outcome <> 'CONFLICT', a.outcome LIMIT 1)
  WHEN c.attempt_count > 1 THEN (
    SELECT a.outcome FROM attempt a
    WHERE a.transfer_id = c.id AND a.late AND a.outcome = 'ACCEPTED' AND NOT EXISTS (
      SELECT 1 FROM audit_entry e WHERE e.transfer_id = c.id AND e.act = 'CONFIRM_ABSENT' AND e.at >= a.ended_at)
    LIMIT 1) END`

/** Asked only for a claim that has one. */
export const readLateAnswer = async (sql: Sql, transferId: string, outcome: LateAnswer['outcome']): Promise<LateAnswer | undefined> => {
  if (outcome === 'ACCEPTED') return { outcome }
  const [late] = await sql.query<{ detail: string | null; code: string | null; field: string | null }>(
    `SELECT a.detail, k.code, k.field FROM attempt a LEFT JOIN failure_cause k ON k.id = a.cause_id
     WHERE a.transfer_id = $1::uuid AND a.late AND a.outcome = $2 ORDER BY a.number DESC LIMIT 1`,
    [transferId, outcome],
  )
  if (!late) return undefined
  const failure: Failure = { kind: outcome satisfies CauseKind, code: late.code ?? '', ...(late.field !== null && { field: late.field }) }
  return { outcome, detail: late.detail ?? '', failure }
}
