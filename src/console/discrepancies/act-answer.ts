import type { CombinedError } from 'urql'
import { type ActAnswer, failedAct } from '../show/act-dialog.js'

/** A member of one of the result unions of reconciliation. */
type Outcome =
  | { readonly __typename: 'ActRefused'; readonly reason: string; readonly message: string; readonly possibleFrom?: string | null }
  | { readonly __typename: 'ClientKeyReused'; readonly message: string }
  | { readonly __typename: 'DiscrepancyActDone' | 'DiscrepancyBatchDone' | 'ReconciliationActDone' }

/** What the gateway said to an act; stale: what is shown is old. */
export const actAnswer = (
  outcome: Outcome | undefined,
  error: CombinedError | undefined,
  { done, keyReused }: { readonly done: string; readonly keyReused: string },
): { readonly answer: ActAnswer; readonly isStale: boolean } => {
  if (!outcome) return { answer: failedAct(error), isStale: false }
  if (outcome.__typename === 'ClientKeyReused') return { answer: { kind: 'REFUSED', sentence: keyReused }, isStale: false }
  if (outcome.__typename !== 'ActRefused') return { answer: { kind: 'DONE', sentence: done }, isStale: true }
  const { message, possibleFrom, reason } = outcome
  return { answer: { kind: 'REFUSED', sentence: message, possibleFrom }, isStale: reason === 'STALE_WRITE' }
}
