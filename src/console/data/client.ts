import { Client, fetchExchange, mapExchange } from 'urql'
import { asked } from './connection.js'
import { fetchSignedIn } from './fetch-signed-in.js'

export const GRAPHQL_PATH = '/graphql'

/**
 * One client for as long as somebody is signed in, a language: whoever changes it has everything read anew, in that language. Nothing is cached: what an operator looks at is
 * read when the page opens and again when a change is told.
 */
export const openClient = (language: string): Client =>
  new Client({
    url: GRAPHQL_PATH,
    preferGetMethod: false,
    requestPolicy: 'network-only',
    fetch: fetchSignedIn,
    fetchOptions: { headers: { 'x-language': language } },
    exchanges: [
      mapExchange({ onResult: ({ error }) => asked(error?.networkError && !error.response ? 'FAILED' : 'ANSWERED') }),
      fetchExchange,
    ],
  })
