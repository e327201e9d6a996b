import type { DossierContent, PartyContent, TaxNoticeContent } from '../model/dossier-content.js'
import type { DossierStatus } from '../model/dossier-status.js'
import type { Origin } from '../model/system.js'
import type { Sql, Tx } from '../platform/database.js'
import { orderedId } from '../platform/ordered-id.js'
import type { DossierChange, DossierSnapshot } from './dossier-snapshot.js'
import type { ReferenceData } from './reference-data.js'

/** Hồ sơ in the tables. All writes want the dossier's lock, taken first in the transaction. */

/** One writer a dossier code at a time, also for a dossier that does not exist yet; held to the end of the transaction. */
export const lockDossierCode = async (tx: Tx, code: string): Promise<void> => {
  await tx.query(`SELECT 1 AS locked FROM pg_advisory_xact_lock(hashtextextended('dossier:' || $1, 0))`, [code], {
    planName: 'lock-dossier',
  })
}

/** Those of these codes whose lock nobody else holds; it never waits, so who holds one of many keeps no other from being worked on. */
export const tryLockDossierCodes = async (tx: Tx, codes: readonly string[]): Promise<ReadonlySet<string>> => {
  const locked = await tx.query<{ code: string }>(
    `SELECT code FROM unnest($1::text[]) AS wanted(code) WHERE pg_try_advisory_xact_lock(hashtextextended('dossier:' || code, 0))`,
    [[...new Set(codes)]],
  )
  return new Set(locked.map(({ code }) => code))
}

export const databaseNow = async (sql: Sql): Promise<Date> => {
  const rows = await sql.query<{ now: Date }>(`SELECT app_now() AS now`, [], { planName: 'now' })
  return (rows[0] as { now: Date }).now
}

const unitIdOf = (reference: ReferenceData, unit: { code: string; validFrom: string }): number =>
  (reference.units.find((row) => row.code === unit.code && row.validFrom === unit.validFrom) as { id: number }).id

const partyColumns = (party: PartyContent) => ({
  kind: party.kind,
  fullName: party.fullName,
  idNumber: party.idNumber ?? null,
  phone: party.phone ?? null,
  email: party.email ?? null,
  address: party.address ?? null,
})

const contentColumns = (reference: ReferenceData, content: DossierContent) => ({
  procedureCode: content.procedureCode,
  receivingUnitId: unitIdOf(reference, content.receivingUnit),
  channel: content.channel,
  summary: content.summary,
  receivedBy: content.receivedBy,
  receivedAt: content.receivedAt,
  dueAt: content.dueAt,
  sourceVersion: content.version,
})

/** What a dossier names, as rows: the first three parameters of a statement that begins with {@link PARTS}; the fourth is the dossier's id. */
const partsOf = (reference: ReferenceData, content: DossierContent): readonly string[] =>
  [
    content.parcels.map(({ unit, ...parcel }) => ({ ...parcel, id: orderedId(), unitId: unitIdOf(reference, unit) })),
    content.certificates,
    content.documents.map((document) => ({ ...document, id: orderedId() })),
  ].map((rows) => JSON.stringify(rows))

/** What is named twice stands once. */
const PARTS = `WITH parcels AS (
    INSERT INTO parcel_reference (id, dossier_id, map_sheet_number, parcel_number, unit_id, area_m2, address)
    SELECT id, $4::uuid, "mapSheetNumber", "parcelNumber", "unitId", "areaM2", address FROM jsonb_to_recordset($1::jsonb)
      AS parcel (id uuid, "mapSheetNumber" text, "parcelNumber" text, "unitId" int, "areaM2" text, address text)
    ON CONFLICT DO NOTHING
  ), certificates AS (
    INSERT INTO certificate_reference (dossier_id, serial_number, register_number)
    SELECT $4::uuid, "serialNumber", "registerNumber" FROM jsonb_to_recordset($2::jsonb) AS certificate ("serialNumber" text, "registerNumber" text)
    ON CONFLICT DO NOTHING
  ), documents AS (
    INSERT INTO document (id, dossier_id, role, name, file_name, media_type, sha256, size_bytes, originals, copies)
    SELECT id, $4::uuid, 'SUBMITTED', name, "fileName", "mediaType", sha256, "sizeBytes", originals, copies FROM jsonb_to_recordset($3::jsonb)
      AS document (id uuid, name text, "fileName" text, "mediaType" text, sha256 text, "sizeBytes" int, originals int, copies int)
    ON CONFLICT DO NOTHING
  )`

/**
 * In one statement: what arrives comes by thousands. `interlinked`: transfers of it are planned in the same transaction. The trigger would say so as well, by writing the row and its
 * places in the indexes once more.
 */
export const insertDossier = async (
  tx: Tx,
  reference: ReferenceData,
  { id, content, origin, status, sourceDigest }: DossierSnapshot,
  { statusAt, interlinked }: { readonly statusAt: string; readonly interlinked: boolean },
): Promise<void> => {
  const { kind, fullName, idNumber, phone, email, address } = partyColumns(content.applicant)
  const { procedureCode, receivingUnitId, channel, summary, receivedBy, receivedAt, dueAt, sourceVersion } = contentColumns(
    reference,
    content,
  )
  await tx.query(
    `${PARTS}, applicant AS (
       INSERT INTO party (id, kind, full_name, id_number, phone, email, address) VALUES ($5::uuid, $6, $7, $8, $9, $10, $11)
     )
     INSERT INTO dossier (id, code, version, source_version, source_digest, origin, procedure_code, receiving_unit_id, channel, applicant_id, summary,
       received_by, status, status_at, received_at, due_at, interlinked)
     VALUES ($4::uuid, $12, 1, $13::int, $14, $15, $16, $17::int, $18, $5::uuid, $19, $20, $21, $22::timestamptz, $23::timestamptz, $24::timestamptz, $25::boolean)`,
    [
      ...partsOf(reference, content),
      id,
      orderedId(),
      kind,
      fullName,
      idNumber,
      phone,
      email,
      address,
      content.code,
      sourceVersion,
      sourceDigest,
      origin,
      procedureCode,
      receivingUnitId,
      channel,
      summary,
      receivedBy,
      status,
      statusAt,
      receivedAt,
      dueAt,
      interlinked,
    ],
    { planName: 'insert-dossier' },
  )
}

/** Writes a change onto the dossier's row and its lists. `next` is the dossier as it is after the change. */
export const updateDossier = async (
  tx: Tx,
  reference: ReferenceData,
  next: DossierSnapshot,
  change: DossierChange,
  { eventAt, now }: { readonly eventAt: string; readonly now: Date },
): Promise<void> => {
  const dossierId = next.id
  await tx.orm.dossier.update({
    where: { id: dossierId },
    data: {
      ...(change.content ? { ...contentColumns(reference, next.content), sourceDigest: next.sourceDigest } : {}),
      version: next.version,
      status: next.status,
      ...(change.status ? { statusAt: eventAt } : {}),
      dueAt: next.content.dueAt,
      finishedAt: next.finishedAt ?? null,
      returnedAt: next.returnedAt ?? null,
      supplementCount: next.supplementCount,
      supplementNumbers: [...next.supplementNumbers],
      updatedAt: now,
    },
  })
  if (change.content) await replaceContent(tx, reference, dossierId, next.content)
  if (change.documents) {
    const { role } = change.documents
    const round = change.supplementNo ?? next.supplementCount
    if (change.corrects) await tx.orm.document.deleteMany({ where: { dossierId, role, ...(role === 'SUPPLEMENT' && { round }) } })
    await tx.orm.document.createMany({
      data: change.documents.items.map((item) => ({ ...item, role, round, dossierId })),
      skipDuplicates: true,
    })
  }
  for (const notice of change.notices ?? []) await writeNotice(tx, dossierId, notice, eventAt)
}

/** The same notice told again corrects what is shown; an older telling does not, and what is not said does not wipe what was. */
const writeNotice = async (tx: Tx, dossierId: string, notice: TaxNoticeContent, issuedAt: string): Promise<void> => {
  await tx.query(
    `INSERT INTO tax_notice AS known (dossier_id, notice_number, tax_kind, payer_name, amount_vnd, document_url, issued_at)
     VALUES ($1::uuid, $2, $3, $4, $5::bigint, $6, $7::timestamptz)
     ON CONFLICT (dossier_id, notice_number, tax_kind) DO UPDATE SET
       payer_name = excluded.payer_name, amount_vnd = coalesce(excluded.amount_vnd, known.amount_vnd),
       document_url = coalesce(excluded.document_url, known.document_url), issued_at = excluded.issued_at
       WHERE known.issued_at <= excluded.issued_at
     RETURNING 1 AS done`,
    [dossierId, notice.noticeNumber, notice.taxKind, notice.payerName, notice.amountVnd ?? null, notice.documentUrl ?? null, issuedAt],
  )
}

const replaceContent = async (tx: Tx, reference: ReferenceData, dossierId: string, content: DossierContent): Promise<void> => {
  const { applicantId } = await tx.orm.dossier.findUniqueOrThrow({ where: { id: dossierId }, select: { applicantId: true } })
  await tx.orm.party.update({ where: { id: applicantId }, data: partyColumns(content.applicant) })
  await tx.orm.parcelReference.deleteMany({ where: { dossierId } })
  await tx.orm.certificateReference.deleteMany({ where: { dossierId } })
  await tx.orm.document.deleteMany({ where: { dossierId, role: 'SUBMITTED' } })
  await tx.query(`${PARTS} SELECT 1 AS done`, [...partsOf(reference, content), dossierId])
}

/** One line of the timeline. */
export interface TimelineEntry {
  readonly dossierId: string
  readonly kind: string
  readonly origin: Origin
  readonly version: number
  readonly eventAt: string
  readonly applied: boolean
  readonly statusFrom?: DossierStatus
  readonly statusTo?: DossierStatus
  readonly dueAtFrom?: string
  readonly dueAtTo?: string
  readonly officer?: string
  readonly note: string
  readonly messageId?: string
  /** Lần bổ sung that was applied. */
  readonly supplementNo?: number
  /** Bước at the registry. */
  readonly step?: string
}

export const appendTimeline = async (tx: Tx, entry: TimelineEntry): Promise<void> => {
  await tx.query(
    `INSERT INTO dossier_event (id, dossier_id, kind, origin, version, event_at, applied, status_from, status_to, due_at_from, due_at_to, officer, note,
       message_id, supplement_no, step)
     VALUES ($1::uuid, $2::uuid, $3, $4, $5::int, $6::timestamptz, $7::boolean, $8, $9, $10::timestamptz, $11::timestamptz, $12, $13, $14::uuid, $15::int, $16)`,
    [
      orderedId(),
      entry.dossierId,
      entry.kind,
      entry.origin,
      entry.version,
      entry.eventAt,
      entry.applied,
      entry.statusFrom,
      entry.statusTo,
      entry.dueAtFrom,
      entry.dueAtTo,
      entry.officer,
      entry.note,
      entry.messageId,
      entry.supplementNo,
      entry.step,
    ],
    { planName: 'append-timeline' },
  )
}
