import { Client, type CombinedError, fetchExchange, mapExchange } from 'urql'
import type { Session } from '../session/read-token.js'
import { endSession } from '../session/session.js'
import { asked } from './connection.js'

export const GRAPHQL_PATH = '/graphql'

const isSignedOut = ({ graphQLErrors, response }: CombinedError): boolean =>
  (response as Response | undefined)?.status === 401 || graphQLErrors.some(({ extensions }) => extensions.code === 'UNAUTHENTICATED')

/**
 * One client a session and language: whoever changes it has everything read anew, in that language. Nothing is cached: what an operator looks at is read when the page opens and again when a change is told. An answer
 * that the token is no longer good ends the session.
 */
export const openClient = ({ token }: Session, language: string): Client =>
  new Client({
    url: GRAPHQL_PATH,
    preferGetMethod: false,
    requestPolicy: 'network-only',
    fetchOptions: { headers: { authorization: `Bearer ${token}`, 'x-language': language }, credentials: 'omit' },
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
