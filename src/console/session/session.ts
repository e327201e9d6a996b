import { useSyncExternalStore } from 'react'
import { readToken, type Session, type TokenFault } from './read-token.js'

/**
 * The session of this tab: a token in `sessionStorage`, gone with the tab. When it ends the page stays where it is and asks to sign in again, so
 * that a person comes back to the same place.
 */
const KEPT = 'lienthong:token'

/** Why nobody is signed in: never was, signed out by hand, the token ran out, or the gateway refused it. */
export type SignedOut = 'FRESH' | 'LEFT' | 'EXPIRED' | 'REFUSED'

export type SessionState = { readonly session: Session } | { readonly session: null; readonly because: SignedOut }

/** As long as a timer can hold. */
const LONGEST_TIMER_MS = 2_147_483_647

let state: SessionState = { session: null, because: 'FRESH' }
let expiry: ReturnType<typeof setTimeout> | undefined
const listeners = new Set<() => void>()

const endInTime = (expiresAt: number): void => {
  const left = expiresAt - Date.now()
  expiry = setTimeout(() => (left > LONGEST_TIMER_MS ? endInTime(expiresAt) : endSession('EXPIRED')), Math.min(left, LONGEST_TIMER_MS))
}

const put = (next: SessionState): void => {
  state = next
  clearTimeout(expiry)
  if (next.session) {
    sessionStorage.setItem(KEPT, next.session.token)
    endInTime(next.session.expiresAt)
  } else sessionStorage.removeItem(KEPT)
  for (const listener of listeners) listener()
}

export const endSession = (because: SignedOut): void => {
  if (state.session) put({ session: null, because })
}

/** Answers what is wrong with the token; undefined: signed in. */
export const signIn = (given: string): TokenFault | undefined => {
  const read = readToken(given, Date.now())
  if (typeof read === 'string') return read
  put({ session: read })
  return undefined
}

/** A sandbox hands a token over in the address: it is taken out of it at once, and out of the history. */
const tokenInAddress = (): string | null => {
  const token = new URLSearchParams(location.hash.slice(1)).get('token')
  if (token === null) return null
  history.replaceState(history.state, '', location.pathname + location.search)
  const allowed = document.querySelector<HTMLMetaElement>('meta[name="lienthong-link-sign-in"]')?.content === 'yes'
  return allowed ? token : null
}

/** Takes up the session that the address or the tab holds. */
export const openSession = (): void => {
  const token = tokenInAddress() ?? sessionStorage.getItem(KEPT)
  if (token === null) return
  if (signIn(token) === 'EXPIRED') put({ session: null, because: 'EXPIRED' })
}

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export const useSessionState = (): SessionState => useSyncExternalStore(subscribe, () => state)

/** Only below what is shown to who is signed in. */
export const useSession = (): Session => {
  const { session } = useSessionState()
  if (!session) throw new Error('nobody is signed in')
  return session
}
