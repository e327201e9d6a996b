import { carriedBy, OPERATIONS, type Operation, type SystemId, systemOf } from './system.js'

/**
 * Lượt giới thiệu hồ sơ: the operation by which each system first learns of a dossier. All its other operations speak of a dossier that
 * it has: a supplement to one that it has never accepted is refused there at best, and at worst attached to nothing.
 */
export const introductionOf = (systemId: SystemId): Operation => OPERATIONS[systemId][0] as Operation

/** These carry the whole dossier: a newer one makes an older, unsent one pointless. */
export const isWholeDossier = (operation: Operation): boolean => carriedBy(operation) === 'DOSSIER'

/** Of these, when they have one: the operation of the lines that report a status to the same system. */
export const statusLineOf = (operation: Operation): Operation | undefined =>
  isWholeDossier(operation) ? OPERATIONS[systemOf(operation)].find((line) => carriedBy(line) === 'STATUS_REPORTED') : undefined
