import { useSyncExternalStore } from 'react'
import { consoleSettings } from './console-settings.js'
import { type Grant, keepGrant } from './grant.js'
import { readToken, type Session, type TokenFault } from './read-token.js'
import type { SignInFault } from './sign-in-fault.js'

/**
 * The session of this tab: a token in `sessionStorage`, gone with the tab, and what an identity provider gave beside it. When it ends the page stays as it is beneath the
 * sign-in, unseen, so that its person comes back to the same place and to what they were typing; who signs out by hand leaves nothing. A token that can be renewed is,
 * first (`renew-session.ts`).
 */
const KEPT = 'lienthong:token'
/** So long a page waits for its person. */
const BENEATH_MS = 3_600_000

/** Why nobody is signed in: never was, signed out by hand, the token ran out, the gateway refused it, the provider is being asked, or its answer was given to the page that waits for it. */
export type SignedOut = 'FRESH' | 'LEFT' | 'EXPIRED' | 'REFUSED' | 'RETURNING' | 'HANDED_OVER'

export type SessionState =
  | { readonly session: Session; readonly grant?: Grant }
  | {
      readonly session: null
      readonly because: SignedOut
      readonly fault?: SignInFault
      readonly grant?: Grant
      /** Whose page stays beneath the sign-in. */
      readonly beneath?: Session
    }

/** As long as a timer can hold. */
export const LONGEST_TIMER_MS = 2_147_483_647

let state: SessionState = { session: null, because: 'FRESH' }
let expiry: ReturnType<typeof setTimeout> | undefined
let rescue: () => Promise<boolean> = async () => false
const listeners = new Set<() => void>()

const endInTime = (expiresAt: number): void => {
  const left = expiresAt - Date.now()
  expiry = setTimeout(() => (left > LONGEST_TIMER_MS ? endInTime(expiresAt) : void endSession('EXPIRED')), Math.min(left, LONGEST_TIMER_MS))
}

const put = (next: SessionState): void => {
  state = next
  clearTimeout(expiry)
  if (next.session) {
    sessionStorage.setItem(KEPT, next.session.token)
    keepGrant(next.grant)
    endInTime(next.session.expiresAt)
  } else if (next.because !== 'RETURNING') {
    sessionStorage.removeItem(KEPT)
    keepGrant(undefined)
    if (next.beneath) expiry = setTimeout(() => put({ ...next, beneath: undefined }), BENEATH_MS)
  }
  for (const listener of listeners) listener()
}

export const sessionState = (): SessionState => state

/** Whose page it is, signed in or asked to sign in again. */
export const personOf = (of: SessionState): Session | undefined => (of.session === null ? of.beneath : of.session)

/** Equal for one person with the same rights. */
export const rightsOf = ({ subject, role, communes }: Session): string => JSON.stringify([subject, role, communes])

export const currentToken = (): string => state.session?.token ?? ''

export const keptToken = (): string | null => sessionStorage.getItem(KEPT)

export const onSession = (listener: () => void): (() => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** What is tried before a session ends that nobody has ended by hand; answers whether it goes on. */
export const rescueBy = (attempt: () => Promise<boolean>): void => {
  rescue = attempt
}

export const putSignedOut = (because: SignedOut, { fault, grant }: { fault?: SignInFault; grant?: Grant } = {}): void =>
  put({ session: null, because, fault, grant, beneath: because === 'LEFT' ? undefined : personOf(state) })

/** A token of the provider that is not over and that the gateway refuses: signing in again would only bring the next one. */
const faultOf = (because: SignedOut): SignInFault | undefined =>
  because === 'REFUSED' && state.session && state.grant && state.session.expiresAt > Date.now() ? { kind: 'NOT_TAKEN' } : undefined

/** `token`: the one that is no longer good; when another has taken its place meanwhile nothing ends. */
export const endSession = async (because: 'EXPIRED' | 'REFUSED', token: string = currentToken()): Promise<void> => {
  const isStill = (): boolean => state.session?.token === token
  if (!isStill() || (await rescue()) || !isStill()) return
  const fault = faultOf(because)
  putSignedOut(fault ? 'FRESH' : because, { fault })
}

const take = (token: string, grant?: Grant): TokenFault | undefined => {
  const read = readToken(token, Date.now(), consoleSettings.claims)
  if (typeof read === 'string') return read
  put({ session: read, grant })
  return undefined
}

/** Answers what is wrong with the token; undefined: signed in. */
export const signIn = (given: string): TokenFault | undefined => take(given)

/** The same with what an identity provider gave. */
export const signInWith = (grant: Grant): TokenFault | undefined => take(grant.accessToken, grant)

export const useSessionState = (): SessionState => useSyncExternalStore(onSession, sessionState)

/** Answers once the same person with the same rights is signed in; never where another one comes, or nobody any more. */
export const signedInAgain = (before: Session): Promise<void> =>
  new Promise((resolve) => {
    const look = (): void => {
      if (state.session === null && state.beneath) return
      stop()
      if (state.session && rightsOf(state.session) === rightsOf(before)) resolve()
    }
    const stop = onSession(look)
    look()
  })

/** Only below what is shown to who is signed in. */
export const useSession = (): Session => {
  const person = personOf(useSessionState())
  if (!person) throw new Error('nobody is signed in')
  return person
}
