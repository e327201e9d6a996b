import { ALL_OPERATIONS, type Operation } from './system.js'

/** Khóa chống trùng: fixed for the life of a transfer, and readable, so that a key of ours is known as ours when its row is gone. */
export const idempotencyKeyOf = (dossierCode: string, operation: Operation, dossierVersion: number): string =>
  `${dossierCode}.${operation}.${dossierVersion}`

/** Whether a key has the form that we give to keys of this dossier. */
export const isKeyOfOurMaking = (key: string, dossierCode: string): boolean => {
  if (!key.startsWith(`${dossierCode}.`)) return false
  const [operation, version, ...rest] = key.slice(dossierCode.length + 1).split('.')
  return rest.length === 0 && ALL_OPERATIONS.some((known) => known === operation) && /^[1-9]\d{0,8}$/.test(version ?? '')
}
