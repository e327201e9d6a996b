import type { SignInSettings } from '../../access/console-settings.js'
import { consoleSettings } from './console-settings.js'
import type { PendingSignIn } from './pending-sign-in.js'
import type { TokenFault } from './read-token.js'
import { putSignedOut, sessionState, signInWith } from './session.js'
import type { SignInFault } from './sign-in-fault.js'

const language = (): string => document.documentElement.lang

/** A token that the provider has just given. */
const faultOf = (fault: TokenFault, account: string): SignInFault =>
  (({ NO_CONSOLE: { kind: 'NO_ROLE', detail: account }, UNREADABLE: { kind: 'NOT_JWT' }, EXPIRED: { kind: 'CLOCK' } }) as const)[fault]

/** Leaves this page for the provider's, which sends the person back to this address. Answers when that failed, which the page then says. */
export const signInAtProvider = async (provider: SignInSettings): Promise<void> => {
  const before = sessionState()
  if (before.session) return
  const { signInAddress } = await import('./identity-provider.js')
  const address = await signInAddress(provider, {
    back: `${location.pathname}${location.search}`,
    language: language(),
    anew: before.because === 'LEFT' || before.fault?.kind === 'NO_ROLE',
  })
  if (address instanceof URL) location.assign(address)
  else putSignedOut(before.because, { fault: address })
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
