import { currentToken, endSession, personOf, sessionState, signedInAgain } from '../session/session.js'

const REFUSED = 401

/**
 * Asks the gateway with the token of this moment, for it is renewed under way. A token that is no longer good ends the session, and what was asked, which the gateway has not begun,
 * is asked again once the same person is there again: what was read before, and what is being typed, stays meanwhile.
 */
export const fetchSignedIn: typeof fetch = async (address, init) => {
  const person = personOf(sessionState())
  const token = currentToken()
  const headers = new Headers(init?.headers)
  headers.set('authorization', `Bearer ${token}`)
  const response = await fetch(address, { ...init, headers, credentials: 'omit' })
  if (response.status !== REFUSED || !person) return response
  await endSession('REFUSED', token)
  await signedInAgain(person)
  return fetchSignedIn(address, init)
}
