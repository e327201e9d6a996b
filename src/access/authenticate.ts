import { createPublicKey } from 'node:crypto'
import type { CryptoKey, JWTHeaderParameters, JWTPayload, JWTVerifyGetKey } from 'jose'
import { createRemoteJWKSet, importSPKI, jwtVerify } from 'jose'
import { LRUCache } from 'lru-cache'
import { GatewayError, UnusableConfiguration } from '../errors.js'
import type { Caller } from './caller.js'
import { type ClaimNames, callerIn, OWN_CLAIMS } from './read-claims.js'

/** How tokens are checked. Exactly one of `publicKeyPem` (SPKI) and `jwksUrl` is given. */
export interface AuthenticationSettings {
  readonly issuer: string
  readonly audience: string
  readonly publicKeyPem?: string
  readonly jwksUrl?: string
  /** Where the issuer says who somebody is; absent: `sub`, `name`, `role` and `communes`. */
  readonly claims?: ClaimNames
}

export interface Authenticated {
  readonly caller: Caller
  /** The token's own end: a subscription does not outlive it. */
  readonly expiresAt: Date
}

/**
 * Checks one bearer token. Throws UNAUTHENTICATED (reason TOKEN_MISSING, TOKEN_EXPIRED or TOKEN_INVALID) and never says more;
 * UPSTREAM_UNAVAILABLE when the issuer's key set cannot be read.
 */
export type Authenticate = (token: string | undefined) => Promise<Authenticated>

/** Signature algorithms taken: asymmetric ones only, so that a public key can never be used as a secret. */
const ALGORITHMS = ['RS256', 'PS256', 'ES256', 'ES384', 'EdDSA']

/** Clocks of issuer and gateway may differ by this. */
const CLOCK_TOLERANCE_S = 5

/**
 * A token whose signature was found good is not checked again for so long, though never beyond its end: checking costs as much as the rest of a small
 * answer. A key that the issuer takes back counts by then.
 */
const KEPT_MS = 60_000
const MOST_KEPT = 5_000
/** Longer ones are checked each time: what is kept stays within some megabytes. */
const LONGEST_KEPT = 2_048

const refusal = (reason: string, message: string): GatewayError => new GatewayError('UNAUTHENTICATED', message, { reason })

const joseCode = (error: unknown): string => (error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '')

/** What the token itself may be refused for; anything else is a key set that could not be read. */
const TOKEN_FAULTS = /^ERR_(JW[STE]_|JOSE_ALG|JOSE_NOT_SUPPORTED|JWKS_NO_MATCHING_KEY|JWKS_MULTIPLE_MATCHING_KEYS)/

/** At start, not at the first caller: a key that cannot be read would make every token look forged. */
const checkPublicKey = (pem: string): void => {
  try {
    if (!pem.includes('-----BEGIN PUBLIC KEY-----')) throw new Error('not SPKI')
    createPublicKey(pem)
  } catch {
    throw new UnusableConfiguration(
      'JWT_PUBLIC_KEY không phải là khóa công khai PEM (-----BEGIN PUBLIC KEY-----).',
      'JWT_PUBLIC_KEY is no public key in PEM (-----BEGIN PUBLIC KEY-----).',
    )
  }
}

const keySource = (settings: AuthenticationSettings, now: () => number): ((token: string) => Promise<JWTPayload>) => {
  const options = () => ({
    currentDate: new Date(now()),
    issuer: settings.issuer,
    audience: settings.audience,
    algorithms: ALGORITHMS,
    clockTolerance: CLOCK_TOLERANCE_S,
    requiredClaims: ['exp'],
  })
  if (settings.jwksUrl && settings.publicKeyPem)
    throw new UnusableConfiguration(
      'Chỉ đặt một trong hai: JWT_PUBLIC_KEY hoặc JWT_JWKS_URL.',
      'Set one of the two alone: JWT_PUBLIC_KEY or JWT_JWKS_URL.',
    )
  if (settings.jwksUrl) {
    const keys: JWTVerifyGetKey = createRemoteJWKSet(new URL(settings.jwksUrl))
    return async (token) => (await jwtVerify(token, keys, options())).payload
  }
  const keys = new Map<string, Promise<CryptoKey>>()
  const pem = settings.publicKeyPem
  if (!pem)
    throw new UnusableConfiguration(
      'Chưa cấu hình khóa công khai hoặc địa chỉ JWKS để kiểm tra mã đăng nhập.',
      'Neither a public key nor an address of a key set is configured to check tokens.',
    )
  checkPublicKey(pem)
  return async (token) =>
    (
      await jwtVerify(
        token,
        ({ alg }: JWTHeaderParameters) => {
          const key = keys.get(alg ?? '') ?? importSPKI(pem, alg ?? '')
          keys.set(alg ?? '', key)
          return key
        },
        options(),
      )
    ).payload
}

/** `now` in ms. */
export const createAuthenticator = (settings: AuthenticationSettings, now: () => number = Date.now): Authenticate => {
  const verify = keySource(settings, now)
  const kept = new LRUCache<string, Authenticated>({ max: MOST_KEPT, ttl: KEPT_MS, perf: { now } })
  return async (token) => {
    if (!token) throw refusal('TOKEN_MISSING', 'Yêu cầu chưa có mã đăng nhập.')
    const known = kept.get(token)
    if (known && known.expiresAt.getTime() + CLOCK_TOLERANCE_S * 1000 > now()) return known
    let claims: JWTPayload
    try {
      claims = await verify(token)
    } catch (error) {
      const code = joseCode(error)
      if (code === 'ERR_JWT_EXPIRED') throw refusal('TOKEN_EXPIRED', 'Phiên đăng nhập đã hết hạn, vui lòng đăng nhập lại.')
      if (settings.jwksUrl && !TOKEN_FAULTS.test(code))
        throw new GatewayError('UPSTREAM_UNAVAILABLE', 'Chưa đọc được khóa của hệ thống đăng nhập, vui lòng thử lại sau.', {
          system: 'IDENTITY',
        })
      throw refusal('TOKEN_INVALID', 'Mã đăng nhập không hợp lệ.')
    }
    const caller = callerIn(claims, settings.claims ?? OWN_CLAIMS)
    if (!caller) throw refusal('TOKEN_INVALID', 'Mã đăng nhập không nêu người dùng, vai trò hoặc địa bàn hợp lệ.')
    const authenticated = { caller, expiresAt: new Date((claims.exp ?? 0) * 1000) }
    if (token.length <= LONGEST_KEPT) kept.set(token, authenticated)
    return authenticated
  }
}
