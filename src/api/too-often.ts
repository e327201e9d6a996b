import type { AnswerStep } from './answer-steps.js'

/**
 * Retry-After beside an answer in which a look-up came too often, and 429 when nothing else is in it: what stands between a caller and us understands these.
 * Told as a header too, because a page may not read the body of what a proxy cut short.
 */
export const tellTooOften: AnswerStep = {
  willSendResponse: ({ contextValue, response }) => {
    const { refusedForSeconds } = contextValue
    if (refusedForSeconds.length === 0) return
    response.http.headers.set('retry-after', String(Math.max(...refusedForSeconds)))
    const { data } = response.body.kind === 'single' ? response.body.singleResult : response.body.initialResult
    if (Object.keys(data ?? {}).length <= refusedForSeconds.length) response.http.status = 429
  },
}
