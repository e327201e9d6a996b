import { randomUUID } from 'node:crypto'
import type { Database } from '../../src/platform/database.js'

/** Dossiers of made-up people, written straight into the tables: for tests of reading. Reference data is loaded already. */
export interface SeededDossier {
  readonly id: string
  readonly code: string
}

export interface DossierSeed {
  readonly code: string
  /** A commune's code and a day on which it means the wanted unit. */
  readonly commune: { readonly code: string; readonly on: string }
  readonly applicant?: string
  readonly idNumber?: string
  readonly phone?: string
  readonly address?: string
  readonly summary?: string
  readonly status?: string
  readonly receivedAt?: string
  readonly dueAt?: string
  readonly procedureCode?: string
  readonly parcel?: { readonly mapSheetNumber: string; readonly parcelNumber: string }
  readonly certificate?: string
}

const unitId = async (db: Database, code: string, on: string): Promise<number> => {
  const [unit] = await db.query<{ id: number }>(
    `SELECT id FROM administrative_unit WHERE code = $1 AND valid_from <= $2::date AND (valid_to IS NULL OR valid_to >= $2::date)`,
    [code, on],
  )
  if (!unit) throw new Error(`no unit ${code} on ${on}`)
  return unit.id
}

export const seedDossier = async (db: Database, seed: DossierSeed): Promise<SeededDossier> => {
  const id = randomUUID()
  const applicantId = randomUUID()
  const applicant = seed.applicant ?? 'Trần Thị Mẫu'
  const unit = await unitId(db, seed.commune.code, seed.commune.on)
  const procedure = seed.procedureCode ?? '1.012783'
  await db.query(`INSERT INTO party (id, kind, full_name, id_number, phone, email, address) VALUES ($1, 'CITIZEN', $2, $3, $4, $5, $6)`, [
    applicantId,
    applicant,
    seed.idNumber ?? '082199000123',
    seed.phone ?? '0900000456',
    'mau@vi-du.vn',
    seed.address ?? 'Số 1 đường Thử, Xã Mẫu',
  ])
  await db.query(
    `INSERT INTO dossier (id, code, source_version, source_digest, origin, procedure_code, receiving_unit_id, channel, applicant_id, summary,
       received_by, status, status_at, received_at, due_at)
     VALUES ($1, $2, 1, 'x', 'ONE_STOP', $3, $4, 'DIRECT', $5, $6, 'canbo.mau', $7, $8, $8, $9)`,
    [
      id,
      seed.code,
      procedure,
      unit,
      applicantId,
      seed.summary ?? `Cấp đổi giấy chứng nhận cho ${applicant}`,
      seed.status ?? 'ACCEPTED',
      seed.receivedAt ?? '2026-03-02T01:00:00.000Z',
      seed.dueAt ?? '2026-03-11T09:00:00.000Z',
    ],
  )
  if (seed.parcel)
    await db.query(
      `INSERT INTO parcel_reference (id, dossier_id, map_sheet_number, parcel_number, unit_id, area_m2) VALUES ($1, $2, $3, $4, $5, '120.50')`,
      [randomUUID(), id, seed.parcel.mapSheetNumber, seed.parcel.parcelNumber, unit],
    )
  if (seed.certificate)
    await db.query(`INSERT INTO certificate_reference (dossier_id, serial_number) VALUES ($1, $2)`, [id, seed.certificate])
  return { id, code: seed.code }
}

export interface TransferSeed {
  readonly dossier: SeededDossier
  readonly systemId?: 'VILIS' | 'ONE_STOP' | 'PORTAL'
  readonly operation?: string
  readonly sequence?: number
  readonly state?: string
  readonly heldReason?: string
  readonly lastError?: string
  readonly dossierVersion?: number
}

/** As much of a body as whoever judges what may be done with a transfer reads of it. */
const bodyOf = ({ dossier, operation = 'RECEIVE', dossierVersion = 1 }: TransferSeed) => ({
  operation,
  dossierCode: dossier.code,
  dossierVersion,
  at: '2026-03-18T01:00:00.000Z',
  procedureCode: '1.012783',
})

export const seedTransfer = async (db: Database, seed: TransferSeed): Promise<string> => {
  const id = randomUUID()
  await db.query(
    `INSERT INTO transfer (id, dossier_id, system_id, operation, sequence, idempotency_key, dossier_version, body, digest, digest_version, state, urgent_at,
       held_reason, last_error, due_at, correlation_id, settled_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $12::jsonb, 'x', 1, $8, app_now(), $9, $10, app_now(), $11, CASE WHEN $8 = 'DELIVERED' THEN app_now() END)`,
    [
      id,
      seed.dossier.id,
      seed.systemId ?? 'VILIS',
      seed.operation ?? 'RECEIVE',
      seed.sequence ?? 1,
      `khoa-${id}`,
      seed.dossierVersion ?? 1,
      seed.state ?? 'PLANNED',
      seed.heldReason ?? null,
      seed.lastError ?? null,
      randomUUID(),
      JSON.stringify(bodyOf(seed)),
    ],
  )
  return id
}
