/** Addresses of this page that are registered at the identity provider: it sends people back to no other. */
export const SIGNED_IN_PATH = '/console/signed-in'
export const SIGNED_OUT_PATH = '/console/signed-out'

/** What this tab remembers while a person is at the provider. */
export interface PendingSignIn {
  readonly state: string
  readonly nonce: string
  /** PKCE: who has it not cannot use the code. */
  readonly verifier: string
  /** The address that was asked for. */
  readonly back: string
}

const KEPT = 'lienthong:signing-in'

export const keepPending = (pending: PendingSignIn): void => sessionStorage.setItem(KEPT, JSON.stringify(pending))

/** It counts once. Undefined: this tab has begun no sign-in. */
export const takePending = (): PendingSignIn | undefined => {
  const kept = sessionStorage.getItem(KEPT)
  sessionStorage.removeItem(KEPT)
  return kept === null ? undefined : (JSON.parse(kept) as PendingSignIn)
}
