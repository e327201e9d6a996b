import { RETRY_AFTER_S } from '../errors.js'
import type { AnswerStep } from './answer-steps.js'
import { asOfMutation } from './error-mapping.js'

/**
 * 503 with Retry-After when our database could not be used: always for a mutation, whose caller has to know that it is not done; for a query only when
 * nothing of it could be answered. Machines between a caller and us understand the status, not GraphQL's errors.
 */
export const tellUnavailable: AnswerStep = {
  willSendResponse: ({ operation, response }) => {
    // Of an answer in parts the first one decides: what fails later says so in its own errors.
    const result = response.body.kind === 'single' ? response.body.singleResult : response.body.initialResult
    const { data, errors } = result
    if (!errors?.some(({ extensions }) => extensions?.code === 'UNAVAILABLE')) return
    const isMutation = operation?.operation === 'mutation'
    if (isMutation) result.errors = errors.map(asOfMutation)
    if (!isMutation && Object.values(data ?? {}).some((value) => value !== null)) return
    response.http.status = 503
    response.http.headers.set('retry-after', String(RETRY_AFTER_S))
  },
}
