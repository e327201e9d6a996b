import type { CitizenLookUpQuery, CitizenLookUpQueryVariables } from '../generated/graphql.js'
import query from './look-up.graphql?raw'

export type LookUpAnswer = CitizenLookUpQuery['citizenLookUp']

/** What no answer could be had for: the network, or a gateway that is not well. */
export type NoAnswer = 'OFFLINE' | 'BROKEN'

/** A slow network is waited for as long as people wait. */
const PATIENCE_MS = 40_000

/** The text of the query is taken as it stands, so that nothing of the console comes with it. */
export const askGateway = async (variables: CitizenLookUpQueryVariables): Promise<LookUpAnswer | NoAnswer> => {
  try {
    const response = await fetch('/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      credentials: 'omit',
      body: JSON.stringify({ query, variables }),
      signal: AbortSignal.timeout(PATIENCE_MS),
    })
    const { data } = (await response.json()) as { data?: CitizenLookUpQuery | null }
    return data?.citizenLookUp ?? 'BROKEN'
  } catch (error) {
    return error instanceof SyntaxError ? 'BROKEN' : 'OFFLINE'
  }
}
