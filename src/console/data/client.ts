import { Client, type CombinedError, fetchExchange, mapExchange } from 'urql'
import type { Session } from '../session/read-token.js'
import { endSession } from '../session/session.js'
import { asked } from './connection.js'

export const GRAPHQL_PATH = '/graphql'

const isSignedOut = ({ graphQLErrors, response }: CombinedError): boolean =>
  (response as Response | undefined)?.status === 401 || graphQLErrors.some(({ extensions }) => extensions.code === 'UNAUTHENTICATED')

/**
 * One client a session. Nothing is cached: what an operator looks at is read when the page opens and again when a change is told. An answer
 * that the token is no longer good ends the session.
 */
export const openClient = ({ token }: Session): Client =>
  new Client({
    url: GRAPHQL_PATH,
    preferGetMethod: false,
    requestPolicy: 'network-only',
    fetchOptions: { headers: { authorization: `Bearer ${token}` }, credentials: 'omit' },
    exchanges: [
      mapExchange({
        onResult: ({ error }) => {
          asked(error?.networkError && !error.response ? 'FAILED' : 'ANSWERED')
          if (error && isSignedOut(error)) endSession('REFUSED')
        },
      }),
      fetchExchange,
    ],
  })
