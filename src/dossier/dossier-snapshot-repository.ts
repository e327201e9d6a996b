import type { Channel, DocumentContent, DossierContent, PartyContent, PartyKind } from '../model/dossier-content.js'
import type { DossierStatus } from '../model/dossier-status.js'
import type { Origin } from '../model/system.js'
import type { Tx } from '../platform/database.js'
import type { DossierSnapshot } from './dossier-snapshot.js'

const iso = (at: Date): string => at.toISOString()
const optional = <T>(value: T | null): T | undefined => value ?? undefined

/** Hồ sơ as it stands in the tables, for a decision under its lock; undefined when the code is not known. */
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
  const [facts] = await tx.query<{
    holds: boolean
    lastAppliedAt: Record<string, string>
    dueChangedAt: Date | null
    dueProposedAt: string | null
  }>(
    `SELECT EXISTS (SELECT 1 FROM transfer WHERE dossier_id = $1::uuid AND operation = 'RECEIVE' AND state = 'DELIVERED') AS holds,
       coalesce((SELECT jsonb_object_agg(origin, at) FROM (
         SELECT origin, to_char(max(event_at) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS at
         FROM dossier_event WHERE dossier_id = $1::uuid AND applied GROUP BY origin) told), '{}') AS "lastAppliedAt",
       (SELECT max(event_at) FROM dossier_event WHERE dossier_id = $1::uuid AND applied AND due_at_from <> due_at_to) AS "dueChangedAt",
       (SELECT max(body->>'at') FROM transfer WHERE dossier_id = $1::uuid AND operation = 'SUPPLEMENT' AND body ? 'newDueAt') AS "dueProposedAt"`,
    [row.id],
    { planName: 'dossier-facts' },
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
    supplementNumbers: row.supplementNumbers,
    results: documentsOf('RESULT'),
    landRegistration: row.procedure.landRegistration,
    registryHolds: row.origin === 'VILIS' || facts?.holds === true,
    lastAppliedAt: facts?.lastAppliedAt ?? {},
    dueChangedAt: facts?.dueChangedAt ? iso(facts.dueChangedAt) : undefined,
    dueProposedAt: optional(facts?.dueProposedAt),
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
