import { type ClaimNames, OWN_CLAIMS } from './read-claims.js'

/** Nơi đăng nhập (OpenID Connect): an identity provider and what this console is there, a public client without a secret. */
export interface SignInSettings {
  /** To the letter as in its discovery document and its tokens. */
  readonly issuer: string
  readonly clientId: string
  readonly scopes: readonly string[]
  /** What the tokens are for (RFC 8707), where the provider must be told. */
  readonly resource?: string
  /** What people call it. */
  readonly name?: string
}

/** What the gateway tells the console's page before anybody has signed in. None of it is secret. */
export interface ConsoleSettings {
  /** A token may come in the address, as a sandbox prints it; default no. Elsewhere a link could sign somebody in as another. */
  readonly linkSignIn?: boolean
  /** Absent: one pastes a token. */
  readonly signIn?: SignInSettings
  /** Absent: our own names. */
  readonly claims?: ClaimNames
}

/** For an attribute of the page: encoded so that nothing in it can end the attribute. */
export const writeConsoleSettings = ({ linkSignIn = false, signIn, claims = OWN_CLAIMS }: ConsoleSettings): string =>
  encodeURIComponent(JSON.stringify({ linkSignIn, signIn, claims }))

export const readConsoleSettings = (written: string): ConsoleSettings => JSON.parse(decodeURIComponent(written)) as ConsoleSettings
