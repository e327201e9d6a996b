import type { Database } from '../../src/platform/database.js'
import { prepareTables, seedDossiers } from '../delivery/seed.js'
import { COMMUNE } from './queries.js'

/** Dossiers of made-up people, each with one parcel, as a district's day leaves them. Returns their codes. */
export const seedWithParcels = async (db: Database, count: number): Promise<string[]> => {
  const plan = await prepareTables(db, {
    name: 'Đơn',
    fileName: 'don.pdf',
    mediaType: 'application/pdf',
    sha256: 'a'.repeat(64),
    sizeBytes: 1,
    originals: 1,
    copies: 0,
  })
  const codes = await seedDossiers(db, plan, '260315', count)
  await db.query(
    `INSERT INTO parcel_reference (id, dossier_id, map_sheet_number, parcel_number, unit_id, area_m2, address)
     SELECT gen_random_uuid(), d.id, '12', row_number() OVER (ORDER BY d.code)::text, u.id, '120.50', 'Ấp Thử'
     FROM dossier d CROSS JOIN (SELECT id FROM administrative_unit WHERE code = $1 AND valid_to IS NULL) u RETURNING 1 AS done`,
    [COMMUNE],
  )
  await db.query('ANALYZE')
  return codes
}
