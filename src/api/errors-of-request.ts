import type { AnswerStep } from './answer-steps.js'

const requests = new WeakMap<object, string>()

/** Apollo formats an error without saying whose it is: remembered here until then. */
export const rememberRequest: AnswerStep = {
  didEncounterErrors: ({ errors, contextValue }) => {
    for (const error of errors) requests.set(error, contextValue.correlationId)
  },
  didEncounterSubsequentErrors: ({ contextValue }, errors) => {
    for (const error of errors) requests.set(error, contextValue.correlationId)
  },
}

/** Correlation id of the request that an error befell; undefined: it had none yet. */
export const requestOf = (error: unknown): string | undefined =>
  typeof error === 'object' && error !== null ? requests.get(error) : undefined
