import * as oidc from 'openid-client'
import type { SignInSettings } from '../../access/console-settings.js'
import type { Grant } from './grant.js'
import { type PendingSignIn, SIGNED_IN_PATH, SIGNED_OUT_PATH } from './pending-sign-in.js'
import type { SignInFault } from './sign-in-fault.js'
import { markedState } from './sign-in-window.js'

/**
 * Nhà cung cấp danh tính: OpenID Connect, Authorization Code with PKCE, as a public client; the library checks state, nonce, issuer and the claims of the ID token. Loaded when
 * somebody signs in, out, or is renewed, and never where no provider is configured. What goes wrong there is answered, not thrown.
 */
const PATIENCE_S = 15

/** Codes of the library for an answer that is none: a proxy's page, an error of the server, silence. */
const UNHEARD = ['OAUTH_TIMEOUT', 'OAUTH_ABORT', 'OAUTH_RESPONSE_IS_NOT_CONFORM', 'OAUTH_RESPONSE_IS_NOT_JSON', 'OAUTH_PARSE_ERROR']

const codeOf = (error: object): string | undefined => ('code' in error && typeof error.code === 'string' ? error.code : undefined)

const faultOf = (error: unknown): SignInFault => {
  if (error instanceof oidc.AuthorizationResponseError)
    return error.error === 'access_denied' ? { kind: 'DENIED' } : { kind: 'REFUSED', detail: error.error }
  if (error instanceof oidc.ResponseBodyError)
    return error.error === 'invalid_grant' ? { kind: 'STALE' } : { kind: 'REFUSED', detail: error.error }
  if (!(error instanceof Error)) throw error
  const code = codeOf(error)
  // What `fetch` throws bears no code: no network, or the provider does not let this page ask.
  if (code === undefined ? error instanceof TypeError : UNHEARD.includes(code)) return { kind: 'UNREACHABLE' }
  if (code === 'OAUTH_JWT_TIMESTAMP_CHECK_FAILED') return { kind: 'CLOCK' }
  if (code === 'OAUTH_INVALID_RESPONSE') return { kind: 'STALE' }
  return { kind: 'REFUSED', detail: code ?? error.message }
}

const answered = async <Answer>(work: () => Promise<Answer>): Promise<Answer | SignInFault> => {
  if (!isSecureContext) return { kind: 'INSECURE' }
  try {
    return await work()
  } catch (error) {
    return faultOf(error)
  }
}

let opened: Promise<oidc.Configuration> | undefined

/** Reads its discovery document, once. */
const open = ({ issuer, clientId }: SignInSettings): Promise<oidc.Configuration> => {
  // The configuration lets in no `http:` but that of this machine.
  const execute = issuer.startsWith('http:') ? [oidc.allowInsecureRequests] : []
  opened ??= oidc.discovery(new URL(issuer), clientId, undefined, oidc.None(), { timeout: PATIENCE_S, execute }).catch((error) => {
    opened = undefined
    throw error
  })
  return opened
}

const resourceOf = ({ resource }: SignInSettings): Record<string, string> => (resource === undefined ? {} : { resource })

type Tokens = oidc.TokenEndpointResponse & oidc.TokenEndpointResponseHelpers

const textIn = (claims: Readonly<Record<string, unknown>>, ...names: readonly string[]): string | undefined =>
  names.map((name) => claims[name]).find((claim): claim is string => typeof claim === 'string' && claim !== '')

const grantOf = (tokens: Tokens, before?: Grant): Grant => ({
  accessToken: tokens.access_token,
  // One that is not given anew goes on to count.
  refreshToken: tokens.refresh_token ?? before?.refreshToken,
  idToken: tokens.id_token ?? before?.idToken,
  account: textIn(tokens.claims() ?? {}, 'preferred_username', 'email', 'name', 'sub') ?? before?.account ?? '',
})

export interface Wish {
  /** Where the person goes on. */
  readonly back: string
  readonly language: string
  /** Asked who one is although the provider knows: after signing out, or to come as somebody else. */
  readonly anew: boolean
  /** In a window of its own, for a page that waits. */
  readonly beside: boolean
}

/** Where the browser is to go, and what is needed when it comes back. */
export const signInAddress = (
  settings: SignInSettings,
  { back, language, anew, beside }: Wish,
): Promise<{ readonly address: URL; readonly pending: PendingSignIn } | SignInFault> =>
  answered(async () => {
    const provider = await open(settings)
    const state = oidc.randomState()
    const pending = { state: beside ? markedState(state) : state, nonce: oidc.randomNonce(), verifier: oidc.randomPKCECodeVerifier(), back }
    const address = oidc.buildAuthorizationUrl(provider, {
      redirect_uri: `${location.origin}${SIGNED_IN_PATH}`,
      scope: settings.scopes.join(' '),
      state: pending.state,
      nonce: pending.nonce,
      code_challenge: await oidc.calculatePKCECodeChallenge(pending.verifier),
      code_challenge_method: 'S256',
      ui_locales: language,
      ...(anew && { prompt: 'login' }),
      ...resourceOf(settings),
    })
    return { address, pending }
  })

/** `address`: the one that the provider sent the browser back to, whole. */
export const redeemCode = (settings: SignInSettings, address: URL, pending: PendingSignIn): Promise<Grant | SignInFault> =>
  answered(async () => {
    const checks = { expectedState: pending.state, expectedNonce: pending.nonce, pkceCodeVerifier: pending.verifier }
    return grantOf(await oidc.authorizationCodeGrant(await open(settings), address, checks, resourceOf(settings)))
  })

export const renewGrant = (settings: SignInSettings, grant: Grant): Promise<Grant | SignInFault> =>
  answered(async () => grantOf(await oidc.refreshTokenGrant(await open(settings), grant.refreshToken ?? '', resourceOf(settings)), grant))

/** Where the browser is to go so that the session at the provider ends as well. */
export const signOutAddress = async (settings: SignInSettings, { idToken }: Grant, language: string): Promise<URL | SignInFault> => {
  const address = await answered(async () => {
    const provider = await open(settings)
    if (provider.serverMetadata().end_session_endpoint === undefined) return undefined
    return oidc.buildEndSessionUrl(provider, {
      post_logout_redirect_uri: `${location.origin}${SIGNED_OUT_PATH}`,
      ui_locales: language,
      ...(idToken !== undefined && { id_token_hint: idToken }),
    })
  })
  return address instanceof URL ? address : { kind: 'STAYS_SIGNED_IN' }
}
