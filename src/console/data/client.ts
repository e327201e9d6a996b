import { Client, type CombinedError, fetchExchange, makeOperation, mapExchange } from 'urql'
import { currentToken, endSession } from '../session/session.js'
import { asked } from './connection.js'

export const GRAPHQL_PATH = '/graphql'

const isSignedOut = ({ graphQLErrors, response }: CombinedError): boolean =>
  (response as Response | undefined)?.status === 401 || graphQLErrors.some(({ extensions }) => extensions.code === 'UNAUTHENTICATED')

/**
 * One client for as long as somebody is signed in, a language: whoever changes it has everything read anew, in that language. Nothing is cached: what an operator looks at is
 * read when the page opens and again when a change is told. Each request bears the token of its moment, for it is renewed under way; an answer that this token is no longer good
 * ends the session.
 */
export const openClient = (language: string): Client =>
  new Client({
    url: GRAPHQL_PATH,
    preferGetMethod: false,
    requestPolicy: 'network-only',
    exchanges: [
      mapExchange({
        onOperation: (operation) => {
          const token = currentToken()
          const fetchOptions: RequestInit = { headers: { authorization: `Bearer ${token}`, 'x-language': language }, credentials: 'omit' }
          return makeOperation(operation.kind, operation, { ...operation.context, token, fetchOptions })
        },
        onResult: ({ operation, error }) => {
          asked(error?.networkError && !error.response ? 'FAILED' : 'ANSWERED')
          if (error && isSignedOut(error)) void endSession('REFUSED', operation.context.token)
        },
      }),
      fetchExchange,
    ],
  })
