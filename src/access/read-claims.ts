import { type Caller, ROLES, type Role } from './caller.js'

/** The keys that lead to a claim: `['realm_access', 'roles']`. */
export type ClaimPath = readonly string[]

export type TokenRole = (typeof ROLES)[number]

/** Where an issuer says what we need to know, and what it calls our roles. */
export interface ClaimNames {
  /** The account, as it stands in the audit: one that is never given to another person. */
  readonly subject: ClaimPath
  readonly name: ClaimPath
  readonly role: ClaimPath
  readonly communes: ClaimPath
  /** Names of the issuer beside our own (`citizen-app`, `officer`, `operator`, `admin`). */
  readonly roleNames: Readonly<Record<string, TokenRole>>
}

export const OWN_CLAIMS: ClaimNames = { subject: ['sub'], name: ['name'], role: ['role'], communes: ['communes'], roleNames: {} }

const valueAt = (claims: unknown, path: ClaimPath): unknown =>
  path.reduce<unknown>(
    (of, key) => (typeof of === 'object' && of !== null && Object.hasOwn(of, key) ? Reflect.get(of, key) : undefined),
    claims,
  )

/** Issuers write a single value as a text where several are a list. */
const textsAt = (claims: unknown, path: ClaimPath): string[] => {
  const value = valueAt(claims, path)
  return (Array.isArray(value) ? value : [value]).filter((text): text is string => typeof text === 'string' && text !== '')
}

const roleNamed = (name: string, { roleNames }: ClaimNames): TokenRole | undefined => {
  if (Object.hasOwn(roleNames, name)) return roleNames[name]
  const ours = name.toUpperCase().replace(/-/g, '_')
  return ROLES.find((role) => role === ours)
}

/**
 * An issuer lists many roles, most of them not ours. Of several of ours ADMIN counts, which may do all that the others may; any other pair is none, because neither
 * of the two is part of the other.
 */
const roleIn = (claims: unknown, names: ClaimNames): Role | undefined => {
  const roles = new Set(textsAt(claims, names.role).flatMap((name) => roleNamed(name, names) ?? []))
  if (roles.has('ADMIN')) return 'ADMIN'
  return roles.size === 1 ? [...roles][0] : undefined
}

export const subjectIn = (claims: object, names: ClaimNames): string | undefined => textsAt(claims, names.subject)[0]

/** Who a token's claims say one is; undefined when they name no account, no role of ours, or an officer without a commune. Checks nothing else. */
export const callerIn = (claims: object, names: ClaimNames): Caller | undefined => {
  const subject = subjectIn(claims, names)
  const role = roleIn(claims, names)
  if (subject === undefined || !role) return undefined
  const communes = role === 'OFFICER' ? textsAt(claims, names.communes) : []
  if (role === 'OFFICER' && communes.length === 0) return undefined
  return { subject, displayName: textsAt(claims, names.name)[0] ?? subject, role, communes }
}
