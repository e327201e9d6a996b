import type { GraphQLResolveInfo } from 'graphql'
import { responsePathAsArray } from 'graphql'
import type { FreshRead } from '../dossier/read-ask.js'
import type { AnswerStep } from './answer-steps.js'
import type { LatePart, RequestContext } from './request-context.js'

/**
 * Các phần đến muộn: an answer says in `extensions.parts` which of its parts are not what the source would tell now, and why, so that a page need not ask
 * `freshness` of each. Parts that are new, or as old as was asked for, are left out; an answer with none has no such extension.
 */
export const noteLatePart = ({ lateParts }: RequestContext, { path }: GraphQLResolveInfo, read: FreshRead<unknown>): void => {
  const { state, known, asOf, staleBecause } = read
  if (state !== 'STALE' && state !== 'LATE') return
  lateParts.push({
    path: responsePathAsArray(path),
    system: 'VILIS',
    state: known === null ? 'FAILED' : state,
    asOf: asOf?.toISOString() ?? null,
    because: staleBecause,
  })
}

/** Each part is told once: with the payload that brings it. */
const takeParts = ({ lateParts }: RequestContext): { parts: LatePart[] } | undefined => {
  const parts = lateParts.splice(0)
  return parts.length > 0 ? { parts } : undefined
}

export const tellLateParts: AnswerStep = {
  willSendResponse: ({ contextValue, response: { body } }) => {
    const told = takeParts(contextValue)
    if (!told) return
    const result = body.kind === 'single' ? body.singleResult : body.initialResult
    result.extensions = { ...result.extensions, ...told }
  },
  willSendSubsequentPayload: ({ contextValue }, payload) => {
    const told = takeParts(contextValue)
    if (told) payload.extensions = { ...payload.extensions, ...told }
  },
}
