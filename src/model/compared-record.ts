import { createHash } from 'node:crypto'
import { type DossierStatus, nationalCode } from './dossier-status.js'

/**
 * Bản ghi đối soát: a dossier as one side holds it, in the words that all sides share, and the digest by which two sides find out that they hold the same
 * without telling each other. **Modelled**: no system is publicly known to offer such digests (`DoiSoat…` in the contracts).
 *
 * The digest of a record is the SHA-256, in hex, of the UTF-8 text of its parts joined by U+001F: the code, then the declared fields in their order. A field that
 * a side does not know of a dossier is the empty text. The digest of a group is the SHA-256 of the digests of its records, sorted, one after the other; the
 * count stands beside it. A record that stands there twice counts twice.
 */
export const COMPARED_FIELDS = ['STATUS', 'DUE_DATE', 'APPLICANT', 'PARCELS', 'DOCUMENTS', 'AMOUNTS'] as const
export type ComparedField = (typeof COMPARED_FIELDS)[number]

export interface ComparedRecord {
  readonly dossierCode: string
  /** Of reception: five digits, as valid on that day; empty where that side knows the unit by its name alone, or by a code that is none of ours on that day. */
  readonly communeCode: string
  /** Local date `yyyy-MM-dd`. */
  readonly receivedOn: string
  readonly status?: DossierStatus
  /** ISO-8601 instant; whole seconds count. */
  readonly dueAt?: string
  readonly applicant?: { readonly name: string; readonly idNumber?: string }
  readonly parcels?: readonly { readonly mapSheetNumber: string; readonly parcelNumber: string }[]
  /** Of the papers that were handed in; hex SHA-256 each. */
  readonly documents?: readonly { readonly name: string; readonly sha256: string }[]
  /** Of tax notices: number of the notice, item (tiểu mục), exact amount in đồng. */
  readonly amounts?: readonly { readonly notice: string; readonly item: string; readonly amount: string }[]
  /** ISO-8601 instant of the last change over there, where it is told; no part of the digest. */
  readonly changedAt?: string
}

const OFFSET_MS = 7 * 3_600_000
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')
const sorted = (items: readonly string[] = []): string => [...items].sort().join(',')
/** NFC, without spaces around, and one space for several. */
const plain = (text: string): string => text.normalize('NFC').trim().replace(/\s+/g, ' ')

/** What of a record is digested, as text. Statuses are national codes, the due date is `yyyyMMddHHmmss` at +07:00. */
const TEXTS: Record<ComparedField, (record: ComparedRecord) => string> = {
  STATUS: ({ status }) => (status ? String(nationalCode(status)) : ''),
  DUE_DATE: ({ dueAt }) =>
    dueAt === undefined ? '' : new Date(Date.parse(dueAt) + OFFSET_MS).toISOString().slice(0, 19).replace(/[-:T]/g, ''),
  APPLICANT: ({ applicant }) => (applicant ? `${plain(applicant.name)}|${applicant.idNumber ?? ''}` : ''),
  PARCELS: ({ parcels }) => sorted(parcels?.map(({ mapSheetNumber, parcelNumber }) => `${mapSheetNumber}/${parcelNumber}`)),
  DOCUMENTS: ({ documents }) => sorted(documents?.map((document) => document.sha256)),
  AMOUNTS: ({ amounts }) => sorted(amounts?.map(({ notice, item, amount }) => `${notice}:${item}:${amount}`)),
}

export const textOfField = (record: ComparedRecord, field: ComparedField): string => TEXTS[field](record)

export const digestRecord = (record: ComparedRecord, fields: readonly ComparedField[]): string =>
  sha256([record.dossierCode, ...fields.map((field) => textOfField(record, field))].join('\u001f'))

export const digestGroup = (recordDigests: readonly string[]): string => sha256([...recordDigests].sort().join(''))

export const bucketOf = (dossierCode: string): string => sha256(dossierCode).slice(0, 2)
