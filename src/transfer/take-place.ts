import type { RouteMode } from '../model/routing.js'
import { ALL_OPERATIONS, type Operation } from '../model/system.js'
import { isWholeDossier, statusLineOf } from '../model/transfer-order.js'
import type { Tx } from '../platform/database.js'
import type { TransferFacts } from './act-facts-repository.js'
import { moveToPlace, type NewerBehind } from './newer-behind-repository.js'
import { isKnownThere } from './predecessor-repository.js'
import {
  findRefused,
  findUnsent,
  findUnsentBehind,
  hasDelivered,
  hasLaterOf,
  supersede,
  type UnsentTransfer,
} from './superseding-repository.js'

/**
 * Thế chỗ: where a newer version of the whole dossier goes in the order of its system. It makes the older, unsent ones pointless and
 * takes a place from them. Some of these operations carry a status as well, and lines that report a status stand behind them; whatever
 * happens, the other side must not end at an older status than ours:
 *
 *   - one that waits its turn, with others behind it, stays, and the newer version is told behind them;
 *   - one that was refused or is held blocks what is behind it; what stands behind one that was given up may be held. When they have the dossier already, it leaves the order, what stood
 *     behind it is told, and then the newer version;
 *   - when they have never had the dossier, the newer version takes that place: they learn of the dossier as it stands now. The lines
 *     behind it told of statuses that it is past; they would be written over the newer one, and are superseded with it.
 *
 * The same holds when a person supersedes one (`takePlaceOf`): it leaves the order as a refused one does; and when the newer version waits behind it
 * already at the moment when it is refused (`yieldPlace`).
 */
export interface Place {
  /** Absent: behind all others. */
  readonly sequence?: number
  readonly supersedesId: string
}

export interface NewerVersion {
  readonly dossierId: string
  readonly dossierVersion: number
  /** Who caused the change and why, for the audit. */
  readonly cause: { readonly actor: string; readonly actorName?: string; readonly role: string; readonly reason: string }
}

/** Why, in the audit, when the newer version is the source's own. */
export const NEWER_VERSION = 'Có phiên bản hồ sơ mới hơn.'

/**
 * One of another mode stays: a sending that took the place of an unanswered adoption would register anew what they may have, and an
 * adoption writes no status anywhere.
 */
export const takePlace = async (tx: Tx, newer: NewerVersion, operation: Operation, mode: RouteMode): Promise<Place | undefined> => {
  if (!isWholeDossier(operation)) return undefined
  const line = statusLineOf(operation)
  const refused = line && mode === 'LIVE' ? await findRefused(tx, newer.dossierId, operation) : []
  for (const older of refused) await giveUp(tx, newer, older)
  const [first] = refused
  const left = first && (await placeLeftBy(tx, newer, { ...first, operation }))
  if (left?.sequence !== undefined) return left
  const unsent = await findUnsent(tx, newer.dossierId, operation, mode, { inTurn: line !== undefined })
  if (unsent) {
    await giveUp(tx, newer, unsent)
    if (mode === 'LIVE') await giveUpBehind(tx, newer, [operation], { behind: unsent.sequence })
    return { sequence: unsent.sequence, supersedesId: unsent.id }
  }
  return left
}

/** The place that one transfer gives to what a person wants sent in its stead. It is superseded; the caller audits that, as part of the person's act. */
export const takePlaceOf = async (tx: Tx, newer: NewerVersion, older: TransferFacts, mode: RouteMode): Promise<Place> => {
  await supersede(tx, older.id)
  return mode === 'LIVE' ? placeLeftBy(tx, newer, older) : { sequence: older.sequence, supersedesId: older.id }
}

/** The place of one that is stuck goes to a newer version that waits behind it. The caller holds the dossier's lock and the locks of both. */
export const yieldPlace = async (tx: Tx, newer: NewerVersion, older: TransferFacts, waiting: NewerBehind): Promise<void> => {
  await giveUp(tx, newer, older)
  const place =
    waiting.mode === 'LIVE' ? await placeLeftBy(tx, newer, older, waiting.sequence) : { sequence: older.sequence, supersedesId: older.id }
  if (place.sequence !== undefined) await moveToPlace(tx, waiting.id, { sequence: place.sequence, supersedesId: place.supersedesId })
}

/**
 * Whether the other side was or will be told something newer than what this transfer tells of the dossier or its status: nothing may then be sent in
 * its place. Facts do not overtake each other: a second supplement says nothing of the first.
 */
export const isOvertaken = async (tx: Tx, { id, operation }: TransferFacts): Promise<boolean> => {
  const whole = ALL_OPERATIONS.filter((candidate) => statusLineOf(candidate) === operation)
  return (isWholeDossier(operation) || whole.length > 0) && hasLaterOf(tx, id, [operation, ...whole])
}

/** What stands behind one that was given up may be on its way already, if they have the dossier by another road. */
const placeLeftBy = async (
  tx: Tx,
  newer: NewerVersion,
  { id, sequence, operation, state }: Pick<TransferFacts, 'id' | 'sequence' | 'operation' | 'state'>,
  /** Of the newer version, when it waits already: what stands behind that is not older. */
  before?: number,
): Promise<Place> => {
  const line = statusLineOf(operation)
  if (!line) {
    // Of facts each stands for itself: a second supplement says nothing of the first.
    if (isWholeDossier(operation)) await giveUpBehind(tx, newer, [operation], { behind: sequence, before })
    return { sequence, supersedesId: id }
  }
  const isTold = (await hasDelivered(tx, newer.dossierId, operation)) || (state === 'ABANDONED' && (await isKnownThere(tx, id)))
  if (isTold) return { supersedesId: id }
  await giveUpBehind(tx, newer, [operation, line], { behind: sequence, before })
  return { sequence, supersedesId: id }
}

const giveUpBehind = async (
  tx: Tx,
  newer: NewerVersion,
  operations: readonly Operation[],
  places: { readonly behind: number; readonly before?: number },
): Promise<void> => {
  for (const older of await findUnsentBehind(tx, newer.dossierId, operations, places)) await giveUp(tx, newer, older)
}

/**
 * One that was refused or given up leaves its terminal state only by a person: the officer whose newer version this is, or the operator whose act it
 * is, named in the audit. So is each line that gives way.
 */
const giveUp = async (tx: Tx, { dossierId, dossierVersion, cause }: NewerVersion, { id, state }: UnsentTransfer): Promise<void> => {
  if (!(await supersede(tx, id))) return
  await tx.orm.auditEntry.create({
    data: {
      ...cause,
      act: 'SUPERSEDE',
      transferId: id,
      dossierId,
      before: { state },
      after: { state: 'SUPERSEDED', dossierVersion },
    },
  })
}
