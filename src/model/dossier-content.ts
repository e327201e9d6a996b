/**
 * Nội dung hồ sơ: what a dossier says, in our own neutral shape. It is the frozen business body of a transfer and the payload of
 * an inbox message. Instants are ISO-8601 in UTC (`2026-03-15T01:00:00.000Z`); areas are exact decimals as strings, in m².
 */

/** Đối tượng nộp hồ sơ, as the national portal counts it: 1 công dân, 2 doanh nghiệp, 3 cơ quan nhà nước, 4 tổ chức. */
export const PARTY_KINDS = ['CITIZEN', 'ENTERPRISE', 'STATE_BODY', 'ORGANISATION'] as const
export type PartyKind = (typeof PARTY_KINDS)[number]

/** Người nộp hồ sơ. Personal data: masked for roles that need not see it, never logged. */
export interface PartyContent {
  readonly kind: PartyKind
  readonly fullName: string
  readonly idNumber?: string
  readonly phone?: string
  readonly email?: string
  readonly address?: string
}

/** Đơn vị hành chính by code and the day from which that code has this meaning: a code alone identifies nothing (re-used in 2025). */
export interface UnitRef {
  readonly code: string
  /** Local date `yyyy-MM-dd` from which the unit exists. */
  readonly validFrom: string
  readonly name: string
}

/** Thửa đất, named by sheet, parcel and commune: registry primary keys change with a reorganisation and are never kept. */
export interface ParcelContent {
  readonly mapSheetNumber: string
  readonly parcelNumber: string
  readonly unit: UnitRef
  readonly areaM2?: string
  readonly address?: string
}

/** Giấy chứng nhận: số phát hành (serial, canonical: letters then digits) and số vào sổ. */
export interface CertificateContent {
  readonly serialNumber: string
  readonly registerNumber?: string
}

/** Giấy tờ đính kèm: one line of the manifest. The bytes stand in the blob store under `sha256` (hex). */
export interface DocumentContent {
  readonly name: string
  readonly fileName: string
  readonly mediaType: string
  readonly sha256: string
  readonly sizeBytes: number
  readonly originals: number
  readonly copies: number
}

/** Kênh nộp: 1 trực tiếp, 2 trực tuyến, 3 bưu chính. */
export const CHANNELS = ['DIRECT', 'ONLINE', 'POST'] as const
export type Channel = (typeof CHANNELS)[number]

export interface DossierContent {
  readonly code: string
  /** Phiên bản at its source, from 1. A newer version is an amendment; the same version with other content is a conflict. */
  readonly version: number
  readonly procedureCode: string
  readonly procedureName: string
  readonly receivingUnit: UnitRef
  readonly channel: Channel
  readonly applicant: PartyContent
  readonly summary: string
  readonly receivedAt: string
  readonly dueAt: string
  /** Cán bộ tiếp nhận: the account name at the desk, mapped to the other system's account before sending. */
  readonly receivedBy: string
  readonly parcels: readonly ParcelContent[]
  readonly certificates: readonly CertificateContent[]
  readonly documents: readonly DocumentContent[]
}

/** Thông báo thuế: one sub-item of a tax notice. The same notice comes by three roads: its key is (dossier, noticeNumber, taxKind). */
export interface TaxNoticeContent {
  readonly noticeNumber: string
  readonly taxKind: string
  readonly payerName: string
  /** Amount in đồng, an exact integer as a string; absent when the sender did not say (never 0 by default). */
  readonly amountVnd?: string
  readonly documentUrl?: string
}
