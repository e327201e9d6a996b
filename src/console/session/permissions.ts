import type { Role } from './read-token.js'

/**
 * What a role may do, so that the page offers nothing that the gateway would refuse. The gateway decides (`src/access/permissions.ts`); this
 * table only saves a person the refusal.
 */
const OPERATION: readonly Role[] = ['OPERATOR', 'ADMIN']
const DESK: readonly Role[] = ['OFFICER', 'ADMIN']

const STAFF: readonly Role[] = ['OFFICER', 'OPERATOR', 'ADMIN']

const MAY = {
  actOnTransfers: OPERATION,
  actOnSystems: OPERATION,
  seeTimelines: OPERATION,
  seeRecovery: OPERATION,
  seeQueueOutages: OPERATION,
  seeCauses: OPERATION,
  seePlans: OPERATION,
  seeDiscrepancies: STAFF,
  actOnDiscrepancies: OPERATION,
  seeRuns: OPERATION,
  seeAlerts: OPERATION,
  seeAudit: OPERATION,
  seeEvidence: OPERATION,
  searchPersons: DESK,
  seeReports: STAFF,
  issueLetters: DESK,
} as const satisfies Record<string, readonly Role[]>

export type ConsolePermission = keyof typeof MAY

export const roleMay = (role: Role, permission: ConsolePermission): boolean => (MAY[permission] as readonly Role[]).includes(role)
