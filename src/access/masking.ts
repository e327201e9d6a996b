import type { Caller } from './caller.js'

/**
 * Che dữ liệu cá nhân: what names, numbers, phones and addresses look like to a role that does not need them. An officer (who only
 * reaches dossiers of their communes) and an administrator see them in clear; a citizen's application and an operator do not.
 */
export const seesPersonalData = (caller: Caller): boolean => caller.role === 'OFFICER' || caller.role === 'ADMIN'

/** "Nguyễn Văn An" → "N*** V*** A***" */
export const maskName = (name: string): string =>
  name
    .trim()
    .split(/\s+/)
    .map((word) => `${[...word][0] ?? ''}***`)
    .join(' ')

/** All but the last three characters: "082190001234" → "*********234" */
export const maskNumber = (text: string): string => (text.length <= 3 ? '***' : '*'.repeat(text.length - 3) + text.slice(-3))

/** "an.nguyen@example.vn" → "a***@***" */
export const maskEmail = (email: string): string => `${[...email][0] ?? ''}***@***`

/** What stands before the last comma is left out: a commune is no secret, a house is. */
export const maskAddress = (address: string): string => {
  const comma = address.lastIndexOf(',')
  return comma < 0 ? '***' : `***,${address.slice(comma + 1)}`
}

/** Free text (a summary, a note, a foreign system's sentence): the given names and every run of nine digits or more are masked. */
export const maskText = (text: string, names: readonly string[]): string => {
  let masked = text.normalize('NFC')
  for (const name of names) {
    const known = name.normalize('NFC').trim()
    if (known.length < 2) continue
    const pattern = known
      .split(/\s+/)
      .map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      .join('\\s+')
    masked = masked.replace(new RegExp(pattern, 'giu'), maskName(known))
  }
  return masked.replace(/\d{9,}/g, maskNumber)
}

export interface PersonalData {
  readonly fullName: string
  readonly idNumber: string | null
  readonly phone: string | null
  readonly email: string | null
  readonly address: string | null
}

export const maskPerson = <Person extends PersonalData>(person: Person): Person => ({
  ...person,
  fullName: maskName(person.fullName),
  idNumber: person.idNumber && maskNumber(person.idNumber),
  phone: person.phone && maskNumber(person.phone),
  email: person.email && maskEmail(person.email),
  address: person.address && maskAddress(person.address),
})
