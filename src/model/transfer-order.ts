import type { Operation, SystemId } from './system.js'

/**
 * Lượt giới thiệu hồ sơ: the operation by which each system first learns of a dossier. All its other operations speak of a dossier that
 * it has: a supplement to one that it has never accepted is refused there at best, and at worst attached to nothing.
 */
const INTRODUCED_BY = { VILIS: 'RECEIVE', ONE_STOP: 'REGISTER', PORTAL: 'SYNC_DOSSIER' } as const satisfies Record<SystemId, Operation>

export const introductionOf = (systemId: SystemId): Operation => INTRODUCED_BY[systemId]
