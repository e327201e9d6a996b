import type { CombinedError } from 'urql'
import type { PlanActOutcomeFragment } from '../generated/graphql.js'
import { type ActAnswer, failedAct } from '../show/act-dialog.js'

/** What the gateway said to an act on a plan, and which plan that is. */
export const planAnswer = (
  outcome: PlanActOutcomeFragment | undefined,
  error: CombinedError | undefined,
  { done, keyReused }: { readonly done: string; readonly keyReused: string },
): { readonly answer: ActAnswer; readonly planId?: string; readonly isStale?: boolean } => {
  if (!outcome) return { answer: failedAct(error) }
  if (outcome.__typename === 'ReplayPlanActDone') return { answer: { kind: 'DONE', sentence: done }, planId: outcome.plan.id }
  if (outcome.__typename === 'ClientKeyReused') return { answer: { kind: 'REFUSED', sentence: keyReused } }
  const { message, possibleFrom, reason } = outcome
  return { answer: { kind: 'REFUSED', sentence: message, possibleFrom }, isStale: reason === 'STALE_WRITE' }
}
