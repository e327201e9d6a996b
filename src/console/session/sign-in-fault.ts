/**
 * Why signing in (or out) at the identity provider came to nothing.
 * UNREACHABLE: it was not heard; DENIED: it says that the person may not or would not; STALE: this sign-in was begun in another tab, or is used up; CLOCK: this
 * machine's clock is wrong; INSECURE: a page without TLS may not use cryptography; NOT_JWT: its tokens are not for this gateway; NO_ROLE: nobody has given the account a
 * role of ours; NO_WINDOW: the browser opened no window beside the page, which is left when one asks again; NOT_TAKEN: the gateway refuses the tokens that it gives; STAYS_SIGNED_IN: signed out here, and not there; REFUSED: anything else that it says.
 */
export interface SignInFault {
  readonly kind:
    | 'UNREACHABLE'
    | 'DENIED'
    | 'STALE'
    | 'CLOCK'
    | 'INSECURE'
    | 'NOT_JWT'
    | 'NO_ROLE'
    | 'NO_WINDOW'
    | 'NOT_TAKEN'
    | 'STAYS_SIGNED_IN'
    | 'REFUSED'
  /** The provider's code of a refusal, or the account without a role. */
  readonly detail?: string
}
