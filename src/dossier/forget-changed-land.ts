import { setTimeout as pause } from 'node:timers/promises'
import type { InboundMessage } from '../model/inbound.js'
import { endOfLog, type LiveEvent } from '../outbox/live-events.js'
import type { Sql } from '../platform/database.js'
import type { ReceiveInbound } from '../ports/inbound.js'
import { landOfChanges, landOfCode, landOfTransfer } from './changed-land-repository.js'
import type { ChangedLand, RegistryReads } from './registry-reads.js'

/**
 * What was read of the registry is forgotten when a dossier that names it has changed, by whatever way the change came, or when the registry has taken a
 * transfer of it. Not knowing what has changed, for the database is away, all is forgotten.
 */
export const forgetChangedLand =
  (db: Sql, reads: RegistryReads) =>
  async (events: readonly LiveEvent[]): Promise<void> => {
    const last = events.at(-1)
    if (!last) return
    const dossierIds = new Set(events.filter(({ topic }) => topic === 'DOSSIER').map(({ dossierId }) => dossierId))
    const transferIds = new Set(events.flatMap(({ transferId }) => transferId ?? []))
    try {
      reads.forget(await landOfChanges(db, { dossierIds: [...dossierIds], transferIds: [...transferIds] }), last.id)
      if (reads.isPlaceMissing) reads.forgetAll(await endOfLog(db))
    } catch {
      reads.forgetAll(last.id)
    }
    reads.heed(last.id)
  }

/** Who has acted is answered by then; what was read is doubted as a whole when it is not known which land it was. */
const MOST_WAITED_MS = 200

/** After an act through this process: its own event comes later, and whoever has acted must not be shown what was before. */
const forgetNow = async (db: Sql, reads: RegistryReads, changed: Promise<ChangedLand>): Promise<void> => {
  const forgotten = Promise.all([changed, endOfLog(db)]).then(
    ([land, place]) => {
      reads.forget(land, place)
      return true
    },
    () => false,
  )
  if (!(await Promise.race([forgotten, pause(MOST_WAITED_MS, false, { ref: false })]))) reads.forgetAll(null)
}

/**
 * A dossier that the one-stop system hands in, or amends, changes nothing at the registry until that has taken it, of which its transfer's event tells; and it comes by thousands.
 * What a person does through an application is heeded at once all the same: he looks.
 */
const isHeeded = ({ channel, source, payload }: InboundMessage): boolean =>
  channel === 'API' || source === 'VILIS' || payload.kind !== 'DOSSIER'

/** What comes in through this process is heeded by its look-ups before who told it has an answer. */
export const receiveAndForgetLand =
  (db: Sql, reads: RegistryReads, receive: ReceiveInbound): ReceiveInbound =>
  async (message) => {
    const receipt = await receive(message)
    if (receipt.kind !== 'REFUSED' && isHeeded(message)) await forgetNow(db, reads, landOfCode(db, message.dossierCode))
    return receipt
  }

/** After a person's act on a transfer of it. */
export const forgetLandOfTransfer = (db: Sql, reads: RegistryReads, transferId: string): Promise<void> =>
  forgetNow(db, reads, landOfTransfer(db, transferId))
