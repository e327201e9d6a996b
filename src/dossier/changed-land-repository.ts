import type { Sql } from '../platform/database.js'
import { readCertificateReferences, readParcelReferences } from './dossier-reads-repository.js'
import type { ChangedLand } from './registry-reads.js'

/** The parcels and certificates that dossiers name. */
const landOf = async (db: Sql, dossierIds: readonly string[]): Promise<ChangedLand> => {
  if (dossierIds.length === 0) return { parcels: [], serialNumbers: [] }
  const [parcels, certificates] = [await readParcelReferences(db, dossierIds), await readCertificateReferences(db, dossierIds)]
  return {
    parcels: parcels.map(({ currentCommuneCode, mapSheetNumber, parcelNumber }) => ({
      communeCode: currentCommuneCode,
      mapSheetNumber,
      parcelNumber,
    })),
    serialNumbers: certificates.map(({ serialNumber }) => serialNumber),
  }
}

export const landOfCode = async (db: Sql, dossierCode: string): Promise<ChangedLand> => {
  const rows = await db.query<{ id: string }>('SELECT id FROM dossier WHERE code = $1::text', [dossierCode])
  return landOf(
    db,
    rows.map(({ id }) => id),
  )
}

export const landOfTransfer = async (db: Sql, transferId: string): Promise<ChangedLand> => {
  const rows = await db.query<{ id: string }>('SELECT dossier_id AS id FROM transfer WHERE id = $1::uuid', [transferId])
  return landOf(
    db,
    rows.map(({ id }) => id),
  )
}

/** Of dossiers that have changed, and of those from which the registry has taken a transfer. */
export const landOfChanges = async (
  db: Sql,
  { dossierIds, transferIds }: { readonly dossierIds: readonly string[]; readonly transferIds: readonly string[] },
): Promise<ChangedLand> => {
  const taken = await db.query<{ id: string }>(
    `SELECT DISTINCT dossier_id AS id FROM transfer WHERE id = ANY($1::uuid[]) AND system_id = 'VILIS' AND state = 'DELIVERED'`,
    [[...transferIds]],
  )
  return landOf(db, [...new Set([...dossierIds, ...taken.map(({ id }) => id)])])
}
