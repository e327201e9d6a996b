import type { SignInSettings } from '../../access/console-settings.js'
import { consoleSettings } from './console-settings.js'
import { keepPending, type PendingSignIn } from './pending-sign-in.js'
import type { TokenFault } from './read-token.js'
import { putSignedOut, sessionState, signInWith } from './session.js'
import type { SignInFault } from './sign-in-fault.js'
import { handOver, hearFromBeside, openBeside } from './sign-in-window.js'

const language = (): string => document.documentElement.lang

/** A token that the provider has just given. */
const faultOf = (fault: TokenFault, account: string): SignInFault =>
  (({ NO_CONSOLE: { kind: 'NO_ROLE', detail: account }, UNREADABLE: { kind: 'NOT_JWT' }, EXPIRED: { kind: 'CLOCK' } }) as const)[fault]

/**
 * To the provider's page: in a window beside a page that stays beneath the sign-in, or, where nothing would be lost, in this one; it sends the person back to this address.
 * Answers whether a window was opened; what failed the page then says. A browser that opens none is told of, and left for the provider when one asks again.
 */
export const signInAtProvider = async (provider: SignInSettings): Promise<'BESIDE' | undefined> => {
  const before = sessionState()
  if (before.session) return undefined
  const { because, fault, beneath } = before
  const beside = beneath && fault?.kind !== 'NO_WINDOW' ? openBeside() : undefined
  if (beside === null) {
    putSignedOut(because, { fault: { kind: 'NO_WINDOW' } })
    return undefined
  }
  const { signInAddress } = await import('./identity-provider.js')
  const begun = await signInAddress(provider, {
    back: `${location.pathname}${location.search}`,
    language: language(),
    anew: because === 'LEFT' || fault?.kind === 'NO_ROLE',
    beside: beside !== undefined,
  })
  if ('kind' in begun) {
    beside?.close()
    putSignedOut(because, { fault: begun })
    return undefined
  }
  const { address, pending } = begun
  if (!beside) {
    keepPending(pending)
    location.assign(address)
    return undefined
  }
  hearFromBeside(pending.state, (back) => {
    // Meanwhile a token may have been pasted.
    if (sessionState().session === null) void comeBack(provider, back, pending)
  })
  beside.location.replace(address)
  return 'BESIDE'
}

/** In the window beside: gives the page that waits what the provider has answered, and closes. Nobody waits any more where that page was closed. */
export const comeBackBeside = async (address: string): Promise<void> => {
  putSignedOut('RETURNING')
  if (!(await handOver(address))) return putSignedOut('FRESH', { fault: { kind: 'STALE' } })
  putSignedOut('HANDED_OVER')
  close()
}

/** The person is back from the provider, at the place they had asked for. */
export const comeBack = async (provider: SignInSettings, address: URL, pending: PendingSignIn): Promise<void> => {
  putSignedOut('RETURNING')
  const { redeemCode } = await import('./identity-provider.js')
  const grant = await redeemCode(provider, address, pending)
  if ('kind' in grant) return putSignedOut('FRESH', { fault: grant })
  const fault = signInWith(grant)
  if (fault) putSignedOut('FRESH', { fault: faultOf(fault, grant.account) })
}

/** Here at once, whatever the provider does; then there. */
export const signOut = async (): Promise<void> => {
  const { grant } = sessionState()
  const { signIn: provider } = consoleSettings
  putSignedOut('LEFT')
  if (!grant || !provider) return
  const { signOutAddress } = await import('./identity-provider.js')
  const address = await signOutAddress(provider, grant, language())
  if (address instanceof URL) location.assign(address)
  else putSignedOut('LEFT', { fault: address })
}
