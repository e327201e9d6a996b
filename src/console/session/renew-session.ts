import type { SignInSettings } from '../../access/console-settings.js'
import type { Grant } from './grant.js'
import { LONGEST_TIMER_MS, onSession, putSignedOut, rescueBy, sessionState, signInWith } from './session.js'

/**
 * Gia hạn phiên: before a token runs out the provider is asked for the next one with the refresh token, without a frame and without the person. Where it gives none, or
 * takes it no longer, the session ends with its token and the page asks to sign in.
 */
const LEAD_MS = 60_000
const AGAIN_MS = 5_000
/** A token that was renewed this moment and is refused all the same is not renewed again. */
const LEAST_BETWEEN_MS = 10_000

/** Of a short token a quarter of its life. */
const leadOf = (leftMs: number): number => Math.min(LEAD_MS, leftMs / 4)

/** Takes up what the provider gives for `grant`; answers whether it did. */
const renewWith = async (provider: SignInSettings, grant: Grant): Promise<boolean> => {
  const { renewGrant } = await import('./identity-provider.js')
  const renewed = await renewGrant(provider, grant)
  // Signed out by hand, or in as somebody else.
  if (sessionState().grant !== grant) return true
  if (!('kind' in renewed)) return signInWith(renewed) === undefined || giveUp(grant)
  return renewed.kind === 'UNREACHABLE' ? false : giveUp(grant)
}

/** The session lives as long as its token. */
const giveUp = (grant: Grant): false => {
  if (sessionState().session) signInWith({ ...grant, refreshToken: undefined })
  return false
}

/** Keeps the session of this tab renewed. */
export const renewInTime = (provider: SignInSettings): void => {
  let renewedAt = 0
  let underWay: Promise<boolean> | undefined
  let timer: ReturnType<typeof setTimeout> | undefined

  const renew = async (): Promise<boolean> => {
    const { grant } = sessionState()
    if (grant?.refreshToken === undefined) return false
    underWay ??= renewWith(provider, grant).finally(() => {
      underWay = undefined
      renewedAt = Date.now()
    })
    return underWay
  }
  const renewAfter = (ms: number): void => {
    clearTimeout(timer)
    timer = setTimeout(() => void renew().then((done) => !done && sessionState().grant?.refreshToken && renewAfter(AGAIN_MS)), ms)
  }
  onSession(() => {
    clearTimeout(timer)
    const { session, grant } = sessionState()
    if (!session || grant?.refreshToken === undefined) return
    const leftMs = session.expiresAt - Date.now()
    renewAfter(Math.min(LONGEST_TIMER_MS, leftMs - leadOf(leftMs)))
  })
  // A machine that slept finds its token run out before any timer has rung.
  rescueBy(async () => (underWay ? underWay : Date.now() - renewedAt > LEAST_BETWEEN_MS && renew()))
}

/** A tab that was loaded again after its token had run out. */
export const renewKept = async (provider: SignInSettings, grant: Grant): Promise<void> => {
  putSignedOut('RETURNING', { grant })
  if (!(await renewWith(provider, grant))) putSignedOut('EXPIRED')
}
