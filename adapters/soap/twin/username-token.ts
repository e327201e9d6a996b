import { createHash, timingSafeEqual } from 'node:crypto'
import { TwinFault } from './twin-fault.js'
import { groupOf, textOf, type WireObject } from './wire-values.js'

export interface Credentials {
  readonly username: string
  readonly password: string
}

/** How far a token's Created may lie from the twin's wall clock. */
const MAX_AGE_MS = 5 * 60_000

/**
 * Checks WS-Security UsernameTokens (PasswordText or PasswordDigest, profile 1.0) by the twin's own code. A digest needs a nonce
 * and a Created near now, and a nonce is taken once only: a client that re-sends an old envelope unchanged is refused.
 */
export class TokenCheck {
  private readonly seenNonces = new Set<string>()

  constructor(private readonly expected: Credentials) {}

  /** Throws a TwinFault when the token is missing or wrong. `security` is the parsed wsse:Security header. */
  verify(security: WireObject | undefined): void {
    const token = groupOf(security, 'UsernameToken')
    if (!token) throw new TwinFault('wsse:InvalidSecurity', 'Thiếu UsernameToken')
    const password = textOf(token, 'Password') ?? ''
    const isDigest = passwordType(token).endsWith('#PasswordDigest')
    const nonce = textOf(token, 'Nonce')
    const created = textOf(token, 'Created')
    if (isDigest) this.checkFreshness(nonce, created)
    const wanted = isDigest ? digest(nonce ?? '', created ?? '', this.expected.password) : this.expected.password
    if (!same(textOf(token, 'Username') ?? '', this.expected.username) || !same(password, wanted)) {
      throw new TwinFault('wsse:FailedAuthentication', 'Sai tên đăng nhập hoặc mật khẩu')
    }
    if (nonce !== undefined && this.seenNonces.has(nonce)) throw new TwinFault('wsse:InvalidSecurityToken', 'Nonce đã được dùng')
    if (nonce !== undefined) this.seenNonces.add(nonce)
  }

  private checkFreshness(nonce: string | undefined, created: string | undefined): void {
    if (nonce === undefined || created === undefined) throw new TwinFault('wsse:InvalidSecurityToken', 'Thiếu Nonce hoặc Created')
    const age = Math.abs(Date.now() - Date.parse(created))
    if (!(age <= MAX_AGE_MS)) throw new TwinFault('wsse:MessageExpired', 'UsernameToken đã quá hạn')
  }
}

const passwordType = (token: WireObject): string => textOf(groupOf(groupOf(token, 'Password'), 'attributes'), 'Type') ?? '#PasswordText'

const digest = (nonce: string, created: string, password: string): string =>
  createHash('sha1').update(Buffer.from(nonce, 'base64')).update(created, 'utf8').update(password, 'utf8').digest('base64')

/** Compares hashes, so that neither length nor content shows in the time taken. */
const same = (given: string, wanted: string): boolean => {
  const hash = (text: string) => createHash('sha256').update(text, 'utf8').digest()
  return timingSafeEqual(hash(given), hash(wanted))
}
