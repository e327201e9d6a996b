import type { LiveEvent } from '../outbox/live-events.js'
import type { Sql } from '../platform/database.js'
import { landOfChanges, landOfCode } from './changed-land-repository.js'
import type { RegistryReads } from './registry-reads.js'

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
    } catch {
      reads.forgetAll(last.id)
    }
  }

/** After an act through this process: its own event comes later, and whoever has acted must not be shown what was before. */
export const forgetLandOfDossier = async (db: Sql, reads: RegistryReads, dossierCode: string): Promise<void> => {
  try {
    reads.forget(await landOfCode(db, dossierCode), null)
  } catch {
    reads.forgetAll(null)
  }
}
