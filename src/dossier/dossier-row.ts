import type { Channel, PartyKind } from '../model/dossier-content.js'
import type { DossierStatus } from '../model/dossier-status.js'
import type { Origin, SystemId } from '../model/system.js'

/** Hồ sơ as the readers of the unified view get it: the row itself; what belongs to it is read apart, many dossiers at a time. */
export interface DossierRow {
  readonly id: string
  readonly code: string
  readonly version: number
  readonly sourceVersion: number
  readonly origin: Origin
  readonly procedureCode: string
  readonly receivingUnitId: number
  readonly channel: Channel
  readonly applicantId: string
  readonly applicantName: string
  readonly summary: string
  readonly receivedBy: string
  readonly status: DossierStatus
  readonly statusAt: Date
  readonly receivedAt: Date
  readonly dueAt: Date
  readonly finishedAt: Date | null
  readonly returnedAt: Date | null
  readonly supplementCount: number
  readonly createdAt: Date
  readonly updatedAt: Date
}

export interface PartyRow {
  readonly id: string
  readonly kind: PartyKind
  readonly fullName: string
  readonly idNumber: string | null
  readonly phone: string | null
  readonly email: string | null
  readonly address: string | null
}

export interface DossierEventRow {
  readonly id: string
  readonly dossierId: string
  readonly kind: string
  readonly origin: Origin
  readonly version: number
  readonly eventAt: Date
  readonly applied: boolean
  readonly statusFrom: DossierStatus | null
  readonly statusTo: DossierStatus | null
  readonly dueAtFrom: Date | null
  readonly dueAtTo: Date | null
  readonly officer: string | null
  readonly note: string
  /** Bước at the registry, by its own code. */
  readonly step: string | null
  readonly supplementNo: number | null
}

export interface ParcelReferenceRow {
  readonly dossierId: string
  readonly mapSheetNumber: string
  readonly parcelNumber: string
  readonly unitId: number
  /**
   * Code of the unit that holds this ground today: the registry re-keys its parcels when units are reorganised. Of a unit that was split or that nobody has
   * followed `code@validFrom`: no code of today, so that no other ground is read in its place.
   */
  readonly currentCommuneCode: string
  readonly areaM2: string | null
  readonly address: string | null
}

export interface CertificateReferenceRow {
  readonly dossierId: string
  readonly serialNumber: string
  readonly registerNumber: string | null
}

export interface DocumentRow {
  readonly id: string
  readonly dossierId: string
  readonly role: string
  readonly round: number
  readonly name: string
  readonly fileName: string
  readonly mediaType: string
  readonly sha256: string
  readonly sizeBytes: number
  readonly originals: number
  readonly copies: number
  readonly createdAt: Date
}

export interface TaxNoticeRow {
  readonly dossierId: string
  readonly noticeNumber: string
  readonly taxKind: string
  readonly payerName: string
  /** Exact integer in đồng; null: the sender did not say. */
  readonly amountVnd: string | null
  readonly documentUrl: string | null
  readonly issuedAt: Date
}

export interface IdentifierRow {
  readonly dossierId: string
  readonly systemId: SystemId
  readonly value: string
}
