import type { RouteMode } from '../model/routing.js'
import type { Operation } from '../model/system.js'
import type { Tx } from '../platform/database.js'
import { findRefused, findUnsent, findUnsentBehind, hasDelivered, supersede, type UnsentTransfer } from './superseding-repository.js'

/**
 * Thế chỗ: where a newer version of the whole dossier goes in the order of its system. It makes the older, unsent ones pointless and
 * takes a place from them. Some of these operations carry a status as well, and lines that report a status stand behind them; whatever
 * happens, the other side must not end at an older status than ours:
 *
 *   - one that waits its turn, with others behind it, stays, and the newer version is told behind them;
 *   - one that was refused or is held blocks what is behind it. When they have the dossier already, it leaves the order, what stood
 *     behind it is told, and then the newer version;
 *   - when they have never had the dossier, the newer version takes that place: they learn of the dossier as it stands now. The lines
 *     behind it told of statuses that it is past; they would be written over the newer one, and are superseded with it.
 */
export interface Place {
  /** Absent: behind all others. */
  readonly sequence?: number
  readonly supersedesId: string
}

export interface NewerVersion {
  readonly dossierId: string
  readonly dossierVersion: number
  /** Who caused the change, for the audit. */
  readonly causedBy: string
}

/** These carry the whole dossier: a newer one makes an older, unsent one pointless. */
export const WHOLE_DOSSIER: ReadonlySet<Operation> = new Set<Operation>(['RECEIVE', 'REGISTER', 'SYNC_DOSSIER'])

/** Of these, the ones that carry a status, and the operation of the lines that report one to the same system. */
const STATUS_LINE_OF: Partial<Record<Operation, Operation>> = { REGISTER: 'UPDATE_STATUS', SYNC_DOSSIER: 'SYNC_PROGRESS' }

/**
 * One of another mode stays: a sending that took the place of an unanswered adoption would register anew what they may have, and an
 * adoption writes no status anywhere.
 */
export const takePlace = async (tx: Tx, newer: NewerVersion, operation: Operation, mode: RouteMode): Promise<Place | undefined> => {
  if (!WHOLE_DOSSIER.has(operation)) return undefined
  const line = STATUS_LINE_OF[operation]
  const refused = line && mode === 'LIVE' ? await findRefused(tx, newer.dossierId, operation) : []
  for (const older of refused) await giveUp(tx, newer, older)
  const [first] = refused
  if (first && line && !(await hasDelivered(tx, newer.dossierId, operation))) {
    for (const older of await findUnsentBehind(tx, newer.dossierId, [operation, line], first.sequence)) await giveUp(tx, newer, older)
    return { sequence: first.sequence, supersedesId: first.id }
  }
  const unsent = await findUnsent(tx, newer.dossierId, operation, mode, { inTurn: line !== undefined })
  if (unsent) {
    await giveUp(tx, newer, unsent)
    return { sequence: unsent.sequence, supersedesId: unsent.id }
  }
  return first && { supersedesId: first.id }
}

/**
 * One that was refused leaves its terminal state only by a person: the officer whose newer version this is, named in the audit. So is
 * each line that gives way.
 */
const giveUp = async (tx: Tx, { dossierId, dossierVersion, causedBy }: NewerVersion, { id, state }: UnsentTransfer): Promise<void> => {
  await supersede(tx, id)
  await tx.orm.auditEntry.create({
    data: {
      actor: causedBy,
      role: 'SOURCE',
      act: 'SUPERSEDE',
      transferId: id,
      dossierId,
      reason: 'Có phiên bản hồ sơ mới hơn.',
      before: { state },
      after: { state: 'SUPERSEDED', dossierVersion },
    },
  })
}
