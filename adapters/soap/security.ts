import { createHash, timingSafeEqual } from 'node:crypto'
import { WSSecurity } from 'soap'
import { attributeOf, childOf, type XmlNode } from './xml-tree.js'

export const WSSE_NS = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd'
const WSU_NS = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd'

/** Faults of WS-Security: raised by the security layer, so always before processing. An adapter may put them into its fault table. */
export const WSSE_FAULTS: readonly string[] = [
  'FailedAuthentication',
  'InvalidSecurity',
  'InvalidSecurityToken',
  'FailedCheck',
  'SecurityTokenUnavailable',
  'UnsupportedSecurityToken',
  'MessageExpired',
]

export interface UsernameCredentials {
  readonly username: string
  readonly password: string
  /** DIGEST never shows the password on the wire; TEXT is for systems that store only hashes, over TLS. */
  readonly passwordType: 'DIGEST' | 'TEXT'
}

/** The header block with a nonce and a time of its own, new at each call. Prefix of the envelope: `soap`. */
export function usernameToken(credentials: UsernameCredentials): string {
  return new WSSecurity(credentials.username, credentials.password, {
    passwordType: credentials.passwordType === 'DIGEST' ? 'PasswordDigest' : 'PasswordText',
    hasNonce: true,
    hasTokenCreated: true,
    hasTimeStamp: true,
    mustUnderstand: true,
  }).toXML()
}

/** Records a nonce until `expiresAt` (ms) and says whether it was there before. */
export type NonceMemory = (nonce: string, expiresAt: number) => boolean | Promise<boolean>

/**
 * Nonces of this process. Only nonces of tokens with a right password come here, so a stranger cannot fill it; when it is full all the
 * same, every further token counts as seen: refusing is safe, forgetting is not. Several gateways need a shared memory.
 */
export function nonceMemory(options: { maxEntries: number; now?: () => number }): NonceMemory {
  const now = options.now ?? Date.now
  const expiries = new Map<string, number>()
  return (nonce, expiresAt) => {
    if (expiries.has(nonce)) return true
    if (expiries.size >= options.maxEntries) {
      for (const [old, expiry] of expiries) if (expiry < now()) expiries.delete(old)
      if (expiries.size >= options.maxEntries) return true
    }
    expiries.set(nonce, expiresAt)
    return false
  }
}

export interface TokenPolicy {
  /** The password of a user, `undefined` for an unknown one. */
  readonly lookupPassword: (username: string) => string | undefined | Promise<string | undefined>
  /** How far `Created` may be from our clock, both ways. */
  readonly clockSkewMs: number
  readonly nonceSeen: NonceMemory
  readonly now?: () => number
}

export type TokenVerdict =
  | { readonly ok: true; readonly username: string }
  | { readonly ok: false; readonly reason: 'MISSING' | 'MALFORMED' | 'WRONG_CREDENTIALS' | 'EXPIRED' | 'REPLAYED' }

/** Checks an incoming `wsse:Security` header. An unknown user and a wrong password are one answer and take the same path. */
export async function verifyUsernameToken(security: XmlNode | undefined, policy: TokenPolicy): Promise<TokenVerdict> {
  const token = security && childOf(security, 'UsernameToken', WSSE_NS)
  if (!token) return { ok: false, reason: 'MISSING' }
  const username = childOf(token, 'Username', WSSE_NS)?.text
  const password = childOf(token, 'Password', WSSE_NS)
  if (!username || !password) return { ok: false, reason: 'MALFORMED' }
  const digest = attributeOf(password, 'Type')?.endsWith('#PasswordDigest') ?? false
  const nonce = childOf(token, 'Nonce', WSSE_NS)?.text.trim()
  const created = childOf(token, 'Created', WSU_NS)?.text.trim()
  if (digest && (!nonce || !created)) return { ok: false, reason: 'MALFORMED' }

  const known = await policy.lookupPassword(username)
  const expected = digest ? passwordDigest(nonce ?? '', created ?? '', known ?? '') : (known ?? '')
  const equal = equalInConstantTime(expected, digest ? password.text.trim() : password.text)
  if (!equal || known === undefined || known === '') return { ok: false, reason: 'WRONG_CREDENTIALS' }

  const now = (policy.now ?? Date.now)()
  if (created !== undefined) {
    const age = Math.abs(now - instantOf(created))
    if (!(age <= policy.clockSkewMs)) return { ok: false, reason: 'EXPIRED' }
  }
  // The digest covers the nonce's bytes, which have many spellings in base64: they are remembered in one.
  const remembered = digest ? Buffer.from(nonce ?? '', 'base64').toString('base64') : nonce || undefined
  if (remembered === undefined) return { ok: true, username }
  const seen = await policy.nonceSeen(`${username} ${remembered}`, now + 2 * policy.clockSkewMs)
  return seen ? { ok: false, reason: 'REPLAYED' } : { ok: true, username }
}

/** WS-Security's times are in UTC, also where they do not say so: never in the zone of this machine. NaN for what is no xs:dateTime. */
function instantOf(created: string): number {
  const [, wall, offset = 'Z'] = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?)(Z|[+-]\d{2}:\d{2})?$/.exec(created) ?? []
  return wall === undefined ? Number.NaN : Date.parse(wall + offset)
}

/** Base64 of SHA-1 over nonce, created and password, as the UsernameToken profile 1.0 wants it. */
function passwordDigest(nonce: string, created: string, password: string): string {
  return createHash('sha1').update(Buffer.from(nonce, 'base64')).update(created, 'utf8').update(password, 'utf8').digest('base64')
}

/** Hashes first: both sides have one length then, and the time tells nothing. */
function equalInConstantTime(left: string, right: string): boolean {
  const hash = (text: string) => createHash('sha256').update(text, 'utf8').digest()
  return timingSafeEqual(hash(left), hash(right))
}
