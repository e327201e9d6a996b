/**
 * Who asks, and what they may do and see. A caller comes from a signed token (`authenticate.ts`). Three things follow from it,
 * each in its own file and each as data or as a pure function: what may be called (`permissions.ts`), which dossiers exist for the
 * caller (`scope.ts`, a condition in SQL that every list, node, count and subscription carries), and which personal data is shown
 * in clear (`masking.ts`). Nothing here reads the database or knows GraphQL.
 */
export const ROLES = ['CITIZEN_APP', 'OFFICER', 'OPERATOR', 'ADMIN'] as const

/**
 * Vai trò. CITIZEN_APP: the application that serves citizens; OFFICER: cán bộ một cửa, bound to communes; OPERATOR: who keeps
 * the interlink running, without a need for personal data; ADMIN: quản trị. VISITOR (khách tra cứu): who has no token at all; no token can claim it, and it
 * may look one dossier up by its code and a check.
 */
export type Role = (typeof ROLES)[number] | 'VISITOR'

export interface Caller {
  /** Stable identity at the issuer; written to the audit trail. */
  readonly subject: string
  readonly displayName: string
  readonly role: Role
  /** Mã xã of an officer, meant as the units in force today; their predecessors are theirs too. Empty for other roles. */
  readonly communes: readonly string[]
}

/** How a person is named where other operators read it: by name, and by the subject of their token where that is another. */
export const namePerson = (subject: string, name: string | null): string =>
  name === null || name === subject ? subject : `${name} (${subject})`
export const nameOf = ({ displayName, subject }: Caller): string => namePerson(subject, displayName)

/** Who it was, as the audit keeps it. */
export const personOf = ({ subject, displayName, role }: Caller) => ({ actor: subject, actorName: displayName, role })

/** Whoever comes without a token. */
export const VISITOR: Caller = { subject: 'khach-tra-cuu', displayName: 'Khách tra cứu', role: 'VISITOR', communes: [] }
