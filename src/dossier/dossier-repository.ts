import type { Channel, DocumentContent, DossierContent, PartyContent, PartyKind } from '../model/dossier-content.js'
import type { DossierStatus } from '../model/dossier-status.js'
import { foldText } from '../model/fold-text.js'
import type { Origin } from '../model/system.js'
import type { Sql, Tx } from '../platform/database.js'
import type { DossierChange, DossierSnapshot } from './dossier-snapshot.js'
import type { ReferenceData } from './reference-data.js'

/** Hồ sơ in the tables. All writes want the dossier's lock, taken first in the transaction. */

/** One writer a dossier code at a time, also for a dossier that does not exist yet; held to the end of the transaction. */
export const lockDossierCode = async (tx: Tx, code: string): Promise<void> => {
  await tx.query(`SELECT 1 AS locked FROM pg_advisory_xact_lock(hashtextextended('dossier:' || $1, 0))`, [code])
}

export const databaseNow = async (sql: Sql): Promise<Date> => {
  const rows = await sql.query<{ now: Date }>(`SELECT app_now() AS now`)
  return (rows[0] as { now: Date }).now
}

const iso = (at: Date): string => at.toISOString()
const optional = <T>(value: T | null): T | undefined => value ?? undefined

export const readSnapshot = async (tx: Tx, code: string): Promise<DossierSnapshot | undefined> => {
  const row = await tx.orm.dossier.findUnique({
    where: { code },
    // One statement: several at once on one transaction's connection would queue up behind each other.
    relationLoadStrategy: 'join',
    include: {
      applicant: true,
      receivingUnit: true,
      procedure: true,
      certificates: true,
      documents: true,
      parcels: { include: { unit: true } },
    },
  })
  if (!row) return undefined
  const [facts] = await tx.query<{ holds: boolean; lastAppliedAt: Record<string, string>; dueChangedAt: Date | null }>(
    `SELECT EXISTS (SELECT 1 FROM transfer WHERE dossier_id = $1::uuid AND operation = 'RECEIVE' AND state = 'DELIVERED') AS holds,
       coalesce((SELECT jsonb_object_agg(origin, at) FROM (
         SELECT origin, to_char(max(event_at) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS at
         FROM dossier_event WHERE dossier_id = $1::uuid AND applied GROUP BY origin) told), '{}') AS "lastAppliedAt",
       (SELECT max(event_at) FROM dossier_event WHERE dossier_id = $1::uuid AND applied AND due_at_from <> due_at_to) AS "dueChangedAt"`,
    [row.id],
  )
  const documentsOf = (role: string): DocumentContent[] =>
    row.documents
      .filter((document) => document.role === role)
      .map(({ name, fileName, mediaType, sha256, sizeBytes, originals, copies }) => ({
        name,
        fileName,
        mediaType,
        sha256,
        sizeBytes,
        originals,
        copies,
      }))
  const unitOf = (unit: { code: string; name: string; validFrom: Date }): DossierContent['receivingUnit'] => ({
    code: unit.code,
    name: unit.name,
    validFrom: iso(unit.validFrom).slice(0, 10),
  })
  const { applicant } = row
  const party: PartyContent = {
    kind: applicant.kind as PartyKind,
    fullName: applicant.fullName,
    idNumber: optional(applicant.idNumber),
    phone: optional(applicant.phone),
    email: optional(applicant.email),
    address: optional(applicant.address),
  }
  return {
    id: row.id,
    version: row.version,
    sourceVersion: row.sourceVersion,
    sourceDigest: row.sourceDigest,
    origin: row.origin as Origin,
    status: row.status as DossierStatus,
    finishedAt: row.finishedAt ? iso(row.finishedAt) : undefined,
    returnedAt: row.returnedAt ? iso(row.returnedAt) : undefined,
    supplementCount: row.supplementCount,
    results: documentsOf('RESULT'),
    landRegistration: row.procedure.landRegistration,
    registryHolds: row.origin === 'VILIS' || facts?.holds === true,
    lastAppliedAt: facts?.lastAppliedAt ?? {},
    dueChangedAt: facts?.dueChangedAt ? iso(facts.dueChangedAt) : undefined,
    content: {
      code: row.code,
      version: row.sourceVersion,
      procedureCode: row.procedureCode,
      procedureName: row.procedure.name,
      receivingUnit: unitOf(row.receivingUnit),
      channel: row.channel as Channel,
      applicant: party,
      summary: row.summary,
      receivedAt: iso(row.receivedAt),
      dueAt: iso(row.dueAt),
      receivedBy: row.receivedBy,
      parcels: row.parcels.map((parcel) => ({
        mapSheetNumber: parcel.mapSheetNumber,
        parcelNumber: parcel.parcelNumber,
        unit: unitOf(parcel.unit),
        areaM2: optional(parcel.areaM2),
        address: optional(parcel.address),
      })),
      certificates: row.certificates.map((certificate) => ({
        serialNumber: certificate.serialNumber,
        registerNumber: optional(certificate.registerNumber),
      })),
      documents: documentsOf('SUBMITTED'),
    },
  }
}

/** Code, applicant, summary, serials and parcels, folded: what free text looks in. */
const searchTextOf = (content: DossierContent): string =>
  foldText(
    [
      content.code,
      content.applicant.fullName,
      content.applicant.idNumber ?? '',
      content.applicant.phone ?? '',
      content.summary,
      ...content.certificates.map((certificate) => certificate.serialNumber),
      ...content.parcels.map((parcel) => `tờ ${parcel.mapSheetNumber} thửa ${parcel.parcelNumber} ${parcel.unit.name}`),
    ].join(' '),
  )

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
  searchText: searchTextOf(content),
})

const contentRows = (reference: ReferenceData, content: DossierContent) => ({
  parcels: content.parcels.map(({ unit, ...parcel }) => ({ ...parcel, unitId: unitIdOf(reference, unit) })),
  certificates: content.certificates.map(({ serialNumber, registerNumber }) => ({ serialNumber, registerNumber })),
  documents: content.documents.map((document) => ({ ...document, role: 'SUBMITTED' })),
})

export const insertDossier = async (
  tx: Tx,
  reference: ReferenceData,
  dossier: { content: DossierContent; origin: Origin; status: DossierStatus; statusAt: string; sourceDigest: string },
): Promise<string> => {
  const rows = contentRows(reference, dossier.content)
  const applicant = await tx.orm.party.create({ data: partyColumns(dossier.content.applicant), select: { id: true } })
  const created = await tx.orm.dossier.create({
    data: {
      ...contentColumns(reference, dossier.content),
      code: dossier.content.code,
      origin: dossier.origin,
      status: dossier.status,
      statusAt: dossier.statusAt,
      sourceDigest: dossier.sourceDigest,
      applicantId: applicant.id,
    },
    select: { id: true },
  })
  const dossierId = created.id
  await tx.orm.parcelReference.createMany({ data: rows.parcels.map((row) => ({ ...row, dossierId })), skipDuplicates: true })
  await tx.orm.certificateReference.createMany({ data: rows.certificates.map((row) => ({ ...row, dossierId })), skipDuplicates: true })
  await tx.orm.document.createMany({ data: rows.documents.map((row) => ({ ...row, dossierId })), skipDuplicates: true })
  return dossierId
}

/** Writes a change onto the dossier's row and its lists. `next` is the dossier as it is after the change. */
export const updateDossier = async (
  tx: Tx,
  reference: ReferenceData,
  next: DossierSnapshot,
  change: DossierChange,
  eventAt: string,
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
      updatedAt: await databaseNow(tx),
    },
  })
  if (change.content) await replaceContent(tx, reference, dossierId, next.content)
  if (change.documents) {
    await tx.orm.document.createMany({
      data: change.documents.items.map((item) => ({ ...item, role: change.documents?.role ?? '', round: next.supplementCount, dossierId })),
      skipDuplicates: true,
    })
  }
  if (change.notices) {
    await tx.orm.taxNotice.createMany({
      data: change.notices.map(({ amountVnd, ...notice }) => ({
        ...notice,
        amountVnd: amountVnd === undefined ? null : BigInt(amountVnd),
        issuedAt: eventAt,
        dossierId,
      })),
      skipDuplicates: true,
    })
  }
}

const replaceContent = async (tx: Tx, reference: ReferenceData, dossierId: string, content: DossierContent): Promise<void> => {
  const rows = contentRows(reference, content)
  const { applicantId } = await tx.orm.dossier.findUniqueOrThrow({ where: { id: dossierId }, select: { applicantId: true } })
  await tx.orm.party.update({ where: { id: applicantId }, data: partyColumns(content.applicant) })
  await tx.orm.parcelReference.deleteMany({ where: { dossierId } })
  await tx.orm.certificateReference.deleteMany({ where: { dossierId } })
  await tx.orm.document.deleteMany({ where: { dossierId, role: 'SUBMITTED' } })
  await tx.orm.parcelReference.createMany({ data: rows.parcels.map((row) => ({ ...row, dossierId })), skipDuplicates: true })
  await tx.orm.certificateReference.createMany({ data: rows.certificates.map((row) => ({ ...row, dossierId })), skipDuplicates: true })
  await tx.orm.document.createMany({ data: rows.documents.map((row) => ({ ...row, dossierId })), skipDuplicates: true })
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
}

export const appendTimeline = async (tx: Tx, entry: TimelineEntry): Promise<void> => {
  await tx.orm.dossierEvent.create({ data: entry })
}

/** Units, procedures and routing rules, all of them: some hundred rows. */
export const readReferenceData = async (sql: Sql): Promise<ReferenceData> => {
  const units = await sql.query<ReferenceData['units'][number]>(
    `SELECT id, code, name, valid_from::text AS "validFrom", valid_to::text AS "validTo" FROM administrative_unit`,
  )
  const procedures = await sql.query<{ code: string; name: string; landRegistration: boolean }>(
    `SELECT code, name, land_registration AS "landRegistration" FROM procedure`,
  )
  const routing = await sql.query<ReferenceData['routing'][number]>(
    `SELECT event, origin, procedure, operation, mode, valid_from::text AS "validFrom", valid_to::text AS "validTo" FROM routing_rule`,
  )
  return { units, routing, procedures: new Map(procedures.map((row) => [row.code, row])) }
}
