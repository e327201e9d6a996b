/** What an identity provider has given for this session. */
export interface Grant {
  readonly accessToken: string
  /** Absent: the session ends with its token. */
  readonly refreshToken?: string
  /** Shown to the provider when one signs out. */
  readonly idToken?: string
  /** What the provider calls the account, for a person to read. */
  readonly account: string
}

/** Beside the token in `sessionStorage`, gone with the tab. */
const KEPT = 'lienthong:grant'

export const keptGrant = (): Grant | undefined => JSON.parse(sessionStorage.getItem(KEPT) ?? 'null') ?? undefined

export const keepGrant = (grant: Grant | undefined): void => {
  if (grant) sessionStorage.setItem(KEPT, JSON.stringify(grant))
  else sessionStorage.removeItem(KEPT)
}
