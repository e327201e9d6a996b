import { ALL_OPERATIONS, type Operation } from './system.js'

/**
 * Khóa chống trùng: fixed for the life of a transfer, and readable, so that a key of ours is known as ours when its row is gone:
 * `<dossier>.<operation>.<version>`, and `…-2`, `…-3` for those that take the place of one of the same version by a person's act.
 */
export const idempotencyKeyOf = (dossierCode: string, operation: Operation, dossierVersion: number): string =>
  `${dossierCode}.${operation}.${dossierVersion}`

/** The first of these keys that no other transfer has used: none stands for two sendings. */
export const unusedKeyOf = (dossierCode: string, operation: Operation, dossierVersion: number, used: readonly string[]): string => {
  const first = idempotencyKeyOf(dossierCode, operation, dossierVersion)
  let key = first
  for (let number = 2; used.includes(key); number += 1) key = `${first}-${number}`
  return key
}

/** Whether a key has the form that we give to keys of this dossier. */
export const isKeyOfOurMaking = (key: string, dossierCode: string): boolean => {
  if (!key.startsWith(`${dossierCode}.`)) return false
  const [operation, version, ...rest] = key.slice(dossierCode.length + 1).split('.')
  return (
    rest.length === 0 && ALL_OPERATIONS.some((known) => known === operation) && /^[1-9]\d{0,8}(-([2-9]|[1-9]\d{1,3}))?$/.test(version ?? '')
  )
}
