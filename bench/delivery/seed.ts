import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { loadReferenceData } from '../../src/dossier/load-reference-data.js'
import type { UnitRow } from '../../src/dossier/reference-data.js'
import { readReferenceData } from '../../src/dossier/reference-repository.js'
import { DIGEST_VERSION, digestBody } from '../../src/model/digest.js'
import type { DocumentContent } from '../../src/model/dossier-content.js'
import type { ReceiveBody } from '../../src/model/transfer-body.js'
import type { Database } from '../../src/platform/database.js'
import { prismaDir } from '../../src/platform/paths.js'
import { sandboxMappings } from '../../src/sandbox/sandbox-mappings.js'
import { loadMappings } from '../../src/transfer/mapping-repository.js'

/** Dossiers of made-up people with one planned RECEIVE transfer each, as they stand after intake. */
export interface SeedPlan {
  readonly unit: UnitRow
  readonly document: DocumentContent
}

const RECEIVED_AT = '2026-03-15T01:00:00.000Z'
const DUE_AT = '2026-03-26T10:00:00.000Z'

/** Reference data and the sandbox's mappings, and nothing else. */
export const emptyTables = async (db: Database): Promise<void> => {
  await loadReferenceData(db, join(prismaDir, 'reference'))
  await loadMappings(db, sandboxMappings(await readReferenceData(db)))
  await db.query('TRUNCATE dossier, party, outbox_event, inbox_message, used_nonce CASCADE')
}

export const prepareTables = async (db: Database, document: DocumentContent, fresh = true): Promise<SeedPlan> => {
  if (fresh) await emptyTables(db)
  const { units } = await readReferenceData(db)
  const unit = units.find((row) => row.validTo === null)
  if (!unit) throw new Error('the reference data has no unit in force')
  return { unit, document }
}

const bodyFor = ({ unit, document }: SeedPlan, code: string, dueAt: string): ReceiveBody => ({
  operation: 'RECEIVE',
  dossierCode: code,
  dossierVersion: 1,
  at: RECEIVED_AT,
  procedureCode: '1.012783',
  dossier: {
    code,
    version: 1,
    procedureCode: '1.012783',
    procedureName: 'Cấp đổi giấy chứng nhận',
    receivingUnit: unit,
    channel: 'DIRECT',
    applicant: { kind: 'CITIZEN', fullName: 'Nguyễn Văn Mẫu', idNumber: '082000000001', phone: '0900000001' },
    summary: 'Cấp đổi giấy chứng nhận bị rách',
    receivedAt: RECEIVED_AT,
    dueAt,
    receivedBy: `mc.${unit.code}.1`,
    parcels: [{ mapSheetNumber: '12', parcelNumber: '345', unit, areaM2: '120.50', address: 'Ấp Thử' }],
    certificates: [{ serialNumber: 'BX123456', registerNumber: 'CS00042' }],
    documents: [document],
  },
})

/** Writes `count` dossiers in one transaction: they appear to the relay all at once. Returns their codes. */
export const seedDossiers = (
  db: Database,
  plan: SeedPlan,
  batch: string,
  count: number,
  dueAtOf: (index: number) => string = () => DUE_AT,
): Promise<string[]> =>
  db.transaction(async (tx) => {
    const party = randomUUID()
    await tx.query(`INSERT INTO party (id, kind, full_name) VALUES ($1::uuid, 'CITIZEN', 'Nguyễn Văn Mẫu')`, [party])
    const rows = Array.from({ length: count }, (_, index) => {
      const code = `H58.22-${batch}-${String(index + 1).padStart(5, '0')}`
      const dueAt = dueAtOf(index)
      const body = bodyFor(plan, code, dueAt)
      return { id: randomUUID(), code, dueAt, body, digest: digestBody(body) }
    })
    await tx.query(
      `INSERT INTO dossier (id, code, source_version, source_digest, origin, procedure_code, receiving_unit_id, channel, applicant_id, summary,
         received_by, status, status_at, received_at, due_at)
       SELECT (r->>'id')::uuid, r->>'code', 1, 'x', 'ONE_STOP', '1.012783', $2::int, 'DIRECT', $3::uuid, 'Cấp đổi giấy chứng nhận', 'mc', 'ACCEPTED',
         $4::timestamptz, $4::timestamptz, (r->>'dueAt')::timestamptz
       FROM jsonb_array_elements($1::jsonb) r`,
      [JSON.stringify(rows.map(({ id, code, dueAt }) => ({ id, code, dueAt }))), plan.unit.id, party, RECEIVED_AT],
    )
    await tx.query(
      `INSERT INTO transfer (id, dossier_id, system_id, operation, sequence, idempotency_key, dossier_version, body, digest, digest_version, due_at,
         budget_until, correlation_id, next_attempt_at, urgent_at)
       SELECT gen_random_uuid(), (r->>'id')::uuid, 'VILIS', 'RECEIVE', 1, (r->>'code') || '.RECEIVE.1', 1, r->'body', r->>'digest', $2::int,
         (r->>'dueAt')::timestamptz, app_now() + interval '2 days', gen_random_uuid()::text, app_now(), (r->>'dueAt')::timestamptz
       FROM jsonb_array_elements($1::jsonb) r`,
      [JSON.stringify(rows), DIGEST_VERSION],
    )
    return rows.map(({ code }) => code)
  })
