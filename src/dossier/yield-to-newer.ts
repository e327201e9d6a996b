import { ALL_OPERATIONS } from '../model/system.js'
import { isWholeDossier } from '../model/transfer-order.js'
import type { Database } from '../platform/database.js'
import { lockTransfer } from '../transfer/act-facts-repository.js'
import { findNewerBehind, listBeforeNewer } from '../transfer/newer-behind-repository.js'
import { NEWER_VERSION, yieldPlace } from '../transfer/take-place.js'
import { lockDossierCode } from './dossier-repository.js'

/**
 * Nhường chỗ: a transfer of the whole dossier was refused, is held or was given up, and a newer version of the dossier waits behind it already, for it
 * came while the older one was on its way. The newer one takes its place by the rules for one that arrives later (`transfer/take-place.ts`), in the
 * name of the officer whose version it is: a dossier does not wait for a person to decide on what nobody needs any more. Returns how many
 * gave way; one that cannot is told to `onError` and holds up no other.
 */
export const yieldToNewer = async (
  db: Database,
  onError: (error: unknown) => void,
  isStopping: () => boolean = () => false,
): Promise<number> => {
  let yielded = 0
  for (const { id, dossierCode } of await listBeforeNewer(db, ALL_OPERATIONS.filter(isWholeDossier), AT_ONCE)) {
    if (isStopping()) break
    const yielding = db.transaction(async (tx) => {
      await lockDossierCode(tx, dossierCode)
      const older = await lockTransfer(tx, id)
      const newer = older && (await findNewerBehind(tx, id))
      if (!newer) return 0
      const cause = { actor: newer.causedBy, role: 'SOURCE', reason: NEWER_VERSION }
      await yieldPlace(tx, { dossierId: older.dossierId, dossierVersion: newer.dossierVersion, cause }, older, newer)
      return 1
    })
    yielded += await yielding.catch((error: unknown) => {
      onError(error)
      return 0
    })
  }
  return yielded
}

/** The others come with the next look. */
const AT_ONCE = 200
