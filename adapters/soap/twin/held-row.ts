import { hash } from 'node:crypto'

/**
 * Dòng đang giữ: a dossier as a twin holds it, in neutral words, for its answers to reconciliation. The digests are this system's own reckoning, by the contract's
 * documentation alone: it shares no code with the gateway, and nothing of it is kept between two questions.
 */
export interface HeldRow {
  readonly code: string
  /** As this system names it. */
  readonly commune: string
  /** ISO-8601 UTC, as is `dueAt`. */
  readonly receivedAt: string
  readonly dueAt: string
  /** National number. */
  readonly status: number
  readonly applicant?: { readonly name: string; readonly idNumber?: string }
  readonly parcels: readonly { readonly sheet: string; readonly number: string }[]
  readonly documents: readonly { readonly name: string; readonly hash: string }[]
  readonly notices: readonly { readonly number: string; readonly kind: string; readonly amount?: string }[]
  readonly changedAt?: string
}

const OFFSET_MS = 7 * 3_600_000
const SEPARATOR = String.fromCharCode(31)

export const sha256 = (text: string): string => hash('sha256', text)

/** Local wall time `yyyy-MM-ddTHH:mm:ss`; a time that is none is told as the year 1, as such systems do. */
export const wallOf = (iso: string): string => {
  const at = Date.parse(iso)
  return Number.isNaN(at) ? '0001-01-01T00:00:00' : new Date(at + OFFSET_MS).toISOString().slice(0, 19)
}

/** Day of reception by the local calendar. */
export const dayOf = ({ receivedAt }: Pick<HeldRow, 'receivedAt'>): string => wallOf(receivedAt).slice(0, 10)

/** First byte of the hash of the code. */
export const bucketOf = (code: string): string => sha256(code).slice(0, 2)

const asList = (texts: string[]): string => (texts.length > 1 ? texts.sort().join(',') : (texts[0] ?? ''))

/** Code, status, due date, applicant, parcels, documents and amounts, as the contract lists them. */
const digestOfRow = (row: HeldRow): string => {
  const { applicant } = row
  const wall = wallOf(row.dueAt)
  return sha256(
    [
      row.code,
      String(row.status),
      `${wall.slice(0, 4)}${wall.slice(5, 7)}${wall.slice(8, 10)}${wall.slice(11, 13)}${wall.slice(14, 16)}${wall.slice(17)}`,
      applicant === undefined ? '' : `${tidy(applicant.name)}|${applicant.idNumber ?? ''}`,
      asList(row.parcels.map(({ sheet, number }) => `${sheet}/${number}`)),
      asList(row.documents.map((document) => document.hash)),
      asList(row.notices.map(({ number, kind, amount }) => `${number}:${kind}:${amount ?? ''}`)),
    ].join(SEPARATOR),
  )
}

export const digestOfRows = (rows: readonly HeldRow[]): string => sha256(rows.map(digestOfRow).sort().join(''))

const tidy = (name: string): string =>
  name
    .normalize('NFC')
    .split(/\s+/)
    .filter((word) => word !== '')
    .join(' ')
