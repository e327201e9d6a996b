import type { ComparedField } from './compared-record.js'
import type { DiscrepancyClass } from './discrepancy.js'
import { type DossierStatus, describeStatus } from './dossier-status.js'
import type { Operation, Origin, SystemId } from './system.js'

/**
 * Nghiệp vụ để sửa bên kia: by which ordinary transfers a system is told what we hold, class and field by class and field. Undefined: there is none, for
 * it is theirs to decide, or their contract knows no way to say it.
 */
export interface RepairThere {
  readonly system: SystemId
  readonly class: DiscrepancyClass
  readonly fields: readonly ComparedField[]
  readonly origin: Origin
  readonly ourStatus: DossierStatus
}

const CONTENT: readonly ComparedField[] = ['APPLICANT', 'PARCELS', 'DOCUMENTS']

export const repairOperations = (repair: RepairThere): readonly Operation[] | undefined => {
  if (repair.class !== 'MISSING_THERE' && repair.fields.length === 0) return undefined
  switch (repair.system) {
    case 'PORTAL':
      return atPortal(repair)
    case 'ONE_STOP':
      return atDesk(repair)
    case 'VILIS':
      return atRegistry(repair)
  }
}

const has = (fields: readonly ComparedField[], some: readonly ComparedField[]): boolean => fields.some((field) => some.includes(field))

/** It takes the whole dossier whenever it is told anything of it. Status and due date it shows by its last line of progress, which the same version of the dossier does not undo. */
const atPortal = ({ class: of, fields }: RepairThere): readonly Operation[] =>
  of !== 'MISSING_THERE' && has(fields, ['STATUS', 'DUE_DATE']) ? ['SYNC_DOSSIER', 'SYNC_PROGRESS'] : ['SYNC_DOSSIER']

const atDesk = ({ class: of, fields, origin, ourStatus }: RepairThere): readonly Operation[] | undefined => {
  const isSource = origin === 'ONE_STOP'
  if (of === 'MISSING_THERE') return isSource ? undefined : ['REGISTER']
  if (has(fields, CONTENT) && isSource) return undefined
  const operations: Operation[] = []
  if (has(fields, CONTENT)) operations.push('REGISTER')
  if (has(fields, ['AMOUNTS'])) operations.push('POST_TAX_NOTICES')
  const finished = of === 'RESULT_NOT_RETURNED' && (ourStatus === 'COMPLETED' || ourStatus === 'STOPPED')
  if (finished) operations.push('POST_RESULT')
  // The registration carries status and due date as well; a result carries no due date.
  const told = operations.includes('REGISTER') || (finished && !has(fields, ['DUE_DATE']))
  if (has(fields, ['STATUS', 'DUE_DATE']) && !told) operations.push('UPDATE_STATUS')
  return operations
}

/** It is never told a status of its own, and a dossier that is closed is not registered anew. */
const atRegistry = ({ class: of, fields, origin, ourStatus }: RepairThere): readonly Operation[] | undefined => {
  if (of === 'MISSING_THERE')
    return origin === 'VILIS' || ourStatus === 'SUBMITTED' || describeStatus(ourStatus).clock === 'ENDED' ? undefined : ['RECEIVE']
  if (has(fields, ['DUE_DATE', 'AMOUNTS'])) return undefined
  if (has(fields, ['STATUS'])) {
    if (fields.length > 1) return undefined
    if (ourStatus === 'RESULT_RETURNED') return ['CONFIRM_RETURN']
    return ourStatus === 'WITHDRAWN_BY_APPLICANT' ? ['WITHDRAW'] : undefined
  }
  return origin === 'VILIS' || describeStatus(ourStatus).clock === 'ENDED' ? undefined : ['RECEIVE']
}
