import { useTranslation } from 'react-i18next'
import type { CombinedError } from 'urql'
import { type ActAnswer, failedAct } from './act-dialog.js'

/** The members of the gateway's result unions that say no. */
type Refused =
  | { readonly __typename: 'ClientKeyReused' }
  | {
      readonly __typename: 'ActRefused' | 'AmendmentInvalid' | 'InputRefused'
      readonly message: string
      readonly reason?: string
      readonly possibleFrom?: string | null
    }

interface Outcome {
  readonly __typename: string
}

interface WhenAnswered<Done> {
  /** The sentence with what was done. */
  readonly done: (outcome: Done) => string
  /** Somebody else was first: what is shown is old. */
  readonly onStale?: () => void
}

const isRefused = (outcome: Outcome): outcome is Refused =>
  ['ClientKeyReused', 'ActRefused', 'AmendmentInvalid', 'InputRefused'].includes(outcome.__typename)

/** What the gateway said to an act, as a dialog tells it. */
export const useActAnswer = () => {
  const { t } = useTranslation()
  return <Given extends Outcome>(
    outcome: Given | null | undefined,
    error: CombinedError | undefined,
    { done, onStale }: WhenAnswered<Exclude<Given, Refused>>,
  ): ActAnswer => {
    if (!outcome) return failedAct(error)
    if (!isRefused(outcome)) return { kind: 'DONE', sentence: done(outcome as Exclude<Given, Refused>) }
    if (outcome.__typename === 'ClientKeyReused') return { kind: 'REFUSED', sentence: t('common.keyReused') }
    if (outcome.reason === 'STALE_WRITE') onStale?.()
    return { kind: 'REFUSED', sentence: outcome.message, possibleFrom: outcome.possibleFrom }
  }
}
