import type { ApolloServerPlugin, GraphQLRequestListener } from '@apollo/server'
import type { RequestContext } from './request-context.js'

type Listener = GraphQLRequestListener<RequestContext>
type Told<Hook extends keyof Listener> = Parameters<NonNullable<Listener[Hook]>>

/**
 * Một bước trên đường đi của câu trả lời: what is looked at or added at Apollo's moments. A step keeps nothing between them (what belongs to one answer stands in its
 * `RequestContext`) and waits for nothing.
 */
export interface AnswerStep {
  /** Before anything runs; throws the refusal. */
  didResolveOperation?(...told: Told<'didResolveOperation'>): void
  didEncounterErrors?(...told: Told<'didEncounterErrors'>): void
  didEncounterSubsequentErrors?(...told: Told<'didEncounterSubsequentErrors'>): void
  willSendResponse?(...told: Told<'willSendResponse'>): void
  /** Of an answer in parts, each part after the first one. */
  willSendSubsequentPayload?(...told: Told<'willSendSubsequentPayload'>): void
}

/** One plugin for all of them, in this order: Apollo makes some ten promises a request for every plugin, whatever it does. */
export const asPlugin = (steps: readonly AnswerStep[]): ApolloServerPlugin<RequestContext> => {
  const listener: Listener = {
    didResolveOperation: async (...told) => {
      for (const step of steps) step.didResolveOperation?.(...told)
    },
    didEncounterErrors: async (...told) => {
      for (const step of steps) step.didEncounterErrors?.(...told)
    },
    didEncounterSubsequentErrors: async (...told) => {
      for (const step of steps) step.didEncounterSubsequentErrors?.(...told)
    },
    willSendResponse: async (...told) => {
      for (const step of steps) step.willSendResponse?.(...told)
    },
    willSendSubsequentPayload: async (...told) => {
      for (const step of steps) step.willSendSubsequentPayload?.(...told)
    },
  }
  return { requestDidStart: async () => listener }
}
