import type { ExecutionResult, GraphQLResolveInfo } from 'graphql'
import { responsePathAsArray } from 'graphql'
import type { FreshRead } from '../dossier/read-ask.js'
import type { AnswerStep } from './answer-steps.js'
import type { LatePart, RequestContext } from './request-context.js'
import { formatInstant } from './scalars.js'

/**
 * Các phần đến muộn: an answer says in `extensions.parts` which of its parts are not what the source would tell now, and why, so that a page need not ask
 * `freshness` of each: the same state, time and reason, but that a part of which nothing at all is known is FAILED here, whether its source failed or is late. Parts that are
 * new, or as old as was asked for, are left out; an answer with none has no such extension.
 */
export const noteLatePart = ({ lateParts, present }: RequestContext, { path }: GraphQLResolveInfo, read: FreshRead<unknown>): void => {
  const { state, known, asOf, staleBecause } = read
  if (state !== 'STALE' && state !== 'LATE') return
  lateParts.push({
    path: responsePathAsArray(path),
    system: 'VILIS',
    state: known === null ? 'FAILED' : state,
    asOf: asOf && formatInstant(asOf),
    because: present.recorded(staleBecause),
  })
}

/** Each part is told once: with the payload that brings it. */
const takeParts = ({ lateParts }: RequestContext): { parts: LatePart[] } | undefined => {
  const parts = lateParts.splice(0)
  return parts.length > 0 ? { parts } : undefined
}

/** Of an answer, or of a later part of one. */
export const addLateParts = (context: RequestContext, told: Pick<ExecutionResult, 'extensions'>): void => {
  const late = takeParts(context)
  if (late) told.extensions = { ...told.extensions, ...late }
}

export const tellLateParts: AnswerStep = {
  willSendResponse: ({ contextValue, response: { body } }) =>
    addLateParts(contextValue, body.kind === 'single' ? body.singleResult : body.initialResult),
  willSendSubsequentPayload: ({ contextValue }, payload) => addLateParts(contextValue, payload),
}
