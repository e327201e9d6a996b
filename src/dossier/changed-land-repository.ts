import type { Sql } from '../platform/database.js'
import { readCertificateReferences, readParcelReferences } from './dossier-reads-repository.js'
import { currentCodesInScope } from './reference-reads-repository.js'
import type { ChangedLand } from './registry-reads.js'

/** Land that a transfer of a dossier has told of and that the dossier no longer names: an amendment took it out, which the registry hears of too. */
interface Told {
  readonly kind: 'PARCEL' | 'CERTIFICATE'
  /** Of the commune, in the meaning of `on`. */
  readonly code: string
  readonly on: string
  readonly mapSheetNumber: string
  readonly parcelNumber: string
  readonly serialNumber: string
}

const readToldLand = (db: Sql, dossierIds: readonly string[]): Promise<Told[]> =>
  db.query<Told>(
    `WITH told AS (
       SELECT t.dossier_id, t.body->'dossier' AS content FROM transfer t
       WHERE t.dossier_id = ANY($1::uuid[]) AND t.operation IN ('REGISTER', 'RECEIVE', 'SYNC_DOSSIER')
     )
     SELECT DISTINCT 'PARCEL' AS kind, p->'unit'->>'code' AS code, p->'unit'->>'validFrom' AS "on",
       p->>'mapSheetNumber' AS "mapSheetNumber", p->>'parcelNumber' AS "parcelNumber", '' AS "serialNumber"
     FROM told CROSS JOIN LATERAL jsonb_array_elements(content->'parcels') p
     WHERE NOT EXISTS (SELECT 1 FROM parcel_reference r JOIN administrative_unit u ON u.id = r.unit_id WHERE r.dossier_id = told.dossier_id
       AND r.map_sheet_number = p->>'mapSheetNumber' AND r.parcel_number = p->>'parcelNumber' AND u.code = p->'unit'->>'code')
     UNION ALL SELECT DISTINCT 'CERTIFICATE', '', '', '', '', c->>'serialNumber'
     FROM told CROSS JOIN LATERAL jsonb_array_elements(content->'certificates') c
     WHERE NOT EXISTS (SELECT 1 FROM certificate_reference r WHERE r.dossier_id = told.dossier_id AND r.serial_number = c->>'serialNumber')`,
    [[...dossierIds]],
    { planName: 'told-land' },
  )

const EVERYWHERE = { communes: null }

const toldLand = async (db: Sql, dossierIds: readonly string[]): Promise<ChangedLand> => {
  const told = await readToldLand(db, dossierIds)
  const parcels = told.filter(({ kind }) => kind === 'PARCEL')
  const codes = parcels.length === 0 ? [] : await currentCodesInScope(db, EVERYWHERE, parcels)
  return {
    parcels: parcels.map(({ code, mapSheetNumber, parcelNumber }, place) => ({
      communeCode: codes[place] ?? code,
      mapSheetNumber,
      parcelNumber,
    })),
    serialNumbers: told.filter(({ kind }) => kind === 'CERTIFICATE').map(({ serialNumber }) => serialNumber),
  }
}

/** The parcels and certificates that dossiers name, and those that they have named to others. */
const landOf = async (db: Sql, dossierIds: readonly string[]): Promise<ChangedLand> => {
  if (dossierIds.length === 0) return { parcels: [], serialNumbers: [] }
  const [parcels, certificates] = [await readParcelReferences(db, dossierIds), await readCertificateReferences(db, dossierIds)]
  const told = await toldLand(db, dossierIds)
  return {
    parcels: [
      ...parcels.map(({ currentCommuneCode, mapSheetNumber, parcelNumber }) => ({
        communeCode: currentCommuneCode,
        mapSheetNumber,
        parcelNumber,
      })),
      ...told.parcels,
    ],
    serialNumbers: [...certificates.map(({ serialNumber }) => serialNumber), ...told.serialNumbers],
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
