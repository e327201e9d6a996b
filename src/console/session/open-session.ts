import { consoleSettings } from './console-settings.js'
import { keptGrant } from './grant.js'
import { SIGNED_IN_PATH, SIGNED_OUT_PATH, takePending } from './pending-sign-in.js'
import { renewInTime, renewKept } from './renew-session.js'
import { keptToken, putSignedOut, signIn, signInWith } from './session.js'
import { comeBack, comeBackBeside } from './sign-in-at-provider.js'
import { isHandedOver } from './sign-in-window.js'

const HOME = '/console'

const goOnAt = (address: string): void => history.replaceState(history.state, '', address)

/** A sandbox hands a token over in the address: it is taken out of it at once, and out of the history. */
const tokenInAddress = (): string | null => {
  const token = new URLSearchParams(location.hash.slice(1)).get('token')
  if (token === null) return null
  goOnAt(location.pathname + location.search)
  return consoleSettings.linkSignIn ? token : null
}

/** Answers whether the tab holds something to go on with. */
const openKept = (): boolean => {
  const { signIn: provider } = consoleSettings
  const handed = tokenInAddress()
  const token = handed ?? keptToken()
  if (token === null) return false
  const grant = handed === null ? keptGrant() : undefined
  const fault = grant ? signInWith(grant) : signIn(token)
  if (fault === 'EXPIRED' && provider && grant?.refreshToken !== undefined) void renewKept(provider, grant)
  else if (fault === 'EXPIRED') putSignedOut('EXPIRED')
  return fault === undefined || fault === 'EXPIRED'
}

/** Takes up the session that the address or the tab holds, before the first page is shown: at the place that is asked for, with no code or token left in the address. */
export const openSession = (): void => {
  const { signIn: provider } = consoleSettings
  if (provider) renewInTime(provider)
  if (provider && location.pathname === SIGNED_IN_PATH && isHandedOver(location)) {
    const address = location.href
    goOnAt(HOME)
    void comeBackBeside(address)
  } else if (provider && location.pathname === SIGNED_IN_PATH) {
    const address = new URL(location.href)
    const pending = takePending()
    goOnAt(pending?.back ?? HOME)
    if (pending) void comeBack(provider, address, pending)
    else if (!openKept()) putSignedOut('FRESH', { fault: { kind: 'STALE' } })
  } else if (provider && location.pathname === SIGNED_OUT_PATH) {
    goOnAt(HOME)
    putSignedOut('LEFT')
  } else openKept()
}
