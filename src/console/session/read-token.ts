import { type ClaimNames, callerIn, OWN_CLAIMS, subjectIn } from '../../access/read-claims.js'

/** Who a token says one is. The gateway checks the signature with each request; here it is only read, by the same rules, to show what may be done. */
export type Role = 'OFFICER' | 'OPERATOR' | 'ADMIN'

export interface Session {
  readonly token: string
  readonly subject: string
  readonly name: string
  readonly role: Role
  readonly communes: readonly string[]
  /** Milliseconds since 1970. */
  readonly expiresAt: number
}

/** UNREADABLE: no token at all; EXPIRED; NO_CONSOLE: no role, or one that has nothing to do here. */
export type TokenFault = 'UNREADABLE' | 'EXPIRED' | 'NO_CONSOLE'

const ROLES: readonly string[] = ['OFFICER', 'OPERATOR', 'ADMIN'] satisfies Role[]

const claimsOf = (token: string): Record<string, unknown> | null => {
  const [, payload] = token.split('.')
  if (!payload) return null
  try {
    const bytes = Uint8Array.from(atob(payload.replaceAll('-', '+').replaceAll('_', '/')), (letter) => letter.charCodeAt(0))
    const claims: unknown = JSON.parse(new TextDecoder().decode(bytes))
    return typeof claims === 'object' && claims !== null ? (claims as Record<string, unknown>) : null
  } catch {
    return null
  }
}

/** `given`: what a person pasted, perhaps with "Bearer " before it, or what an identity provider gave. */
export const readToken = (given: string, now: number, names: ClaimNames = OWN_CLAIMS): Session | TokenFault => {
  const token = given.trim().replace(/^Bearer\s+/i, '')
  const claims = claimsOf(token)
  if (!claims || subjectIn(claims, names) === undefined || typeof claims.exp !== 'number') return 'UNREADABLE'
  const caller = callerIn(claims, names)
  if (!caller || !ROLES.includes(caller.role)) return 'NO_CONSOLE'
  const expiresAt = claims.exp * 1_000
  if (expiresAt <= now) return 'EXPIRED'
  const { subject, displayName: name, role, communes } = caller
  return { token, subject, name, role: role as Role, communes, expiresAt }
}
