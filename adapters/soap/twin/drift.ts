import { type HeldRow, sha256 } from './held-row.js'

/** Sai lệch cài sẵn: what can have become of a dossier behind everyone's back. `value`: the new value; left out, one that surely differs. */
const DRIFTS = {
  DELETED: 'the dossier is gone',
  STATUS: 'national number',
  DUE_DATE: 'ISO instant; else three days later',
  APPLICANT: 'name',
  PARCEL: 'number of the first parcel',
  DOCUMENT: 'text of the file that stands in place of the first paper',
  AMOUNT: 'of the first tax notice',
  DUPLICATED: 'a second row with the same code',
  SINGLE_AGAIN: 'no second row any more',
  SPOILT: 'DUE_DATE: the year 1; STATUS: outside the list; CODE: without one',
} as const

export type DriftKind = keyof typeof DRIFTS

export interface Drift {
  readonly kind: DriftKind
  readonly code: string
  readonly value?: string
}

/** Values that can become a row. One that cannot is refused before it is a deed: a restarted twin would fail over it each time. */
const VALUES: Partial<Record<DriftKind, readonly [fits: (value: string) => boolean, what: string]>> = {
  STATUS: [(value) => /^(?:[1-9]|10)$/.test(value), 'a national number, 1 to 10'],
  DUE_DATE: [(value) => !Number.isNaN(Date.parse(value)), 'an ISO instant'],
  SPOILT: [(value) => ['DUE_DATE', 'STATUS', 'CODE'].includes(value), 'DUE_DATE, STATUS or CODE'],
}

/** Throws a sentence when it is none, so that a misspelt test does not pass because nothing was wrong. */
export function driftOf(body: Readonly<Record<string, unknown>>): Drift {
  const { kind, code, value } = body
  if (typeof kind !== 'string' || !Object.hasOwn(DRIFTS, kind)) throw new Error(`kind is one of ${Object.keys(DRIFTS).join(', ')}`)
  if (typeof code !== 'string') throw new Error('code: of which dossier?')
  const [fits, what] = VALUES[kind as DriftKind] ?? []
  if (value !== undefined && fits?.(String(value)) === false) throw new Error(`value of ${kind}: ${what}`)
  return { kind: kind as DriftKind, code, ...(value !== undefined && { value: String(value) }) }
}

const DAY_MS = 86_400_000

export const OTHER_PAPER = 'Giấy tờ khác'

export const swappedPaper = ({ code, value }: Drift): string => value ?? `Giấy tờ bị tráo của ${code}`

/** The row as it is afterwards. Of a dossier without a parcel, paper or notice, one appears. */
export function driftedRow(row: HeldRow, one: Drift): HeldRow {
  const { kind, value } = one
  switch (kind) {
    case 'STATUS':
      return { ...row, status: value === undefined ? (row.status === 8 ? 9 : 8) : Number(value) }
    case 'DUE_DATE':
      return { ...row, dueAt: new Date(value ?? Date.parse(row.dueAt) + 3 * DAY_MS).toISOString() }
    case 'APPLICANT':
      return { ...row, applicant: { ...row.applicant, name: value ?? 'Người Khác' } }
    case 'PARCEL': {
      const [first = { sheet: '1', number: '0' }, ...others] = row.parcels
      return { ...row, parcels: [{ ...first, number: value ?? `${first.number}9` }, ...others] }
    }
    case 'DOCUMENT': {
      const [first = { name: OTHER_PAPER }, ...others] = row.documents
      return { ...row, documents: [{ ...first, hash: sha256(swappedPaper(one)) }, ...others] }
    }
    case 'AMOUNT': {
      const [first = { number: 'TB-KHAC', kind: 'Lệ phí trước bạ' }, ...others] = row.notices
      return { ...row, notices: [{ ...first, amount: value ?? `${first.amount ?? ''}1` }, ...others] }
    }
    case 'SPOILT':
      if (value === 'STATUS') return { ...row, status: 77 }
      return value === 'CODE' ? { ...row, code: '' } : { ...row, dueAt: '0001-01-01T00:00:00.000Z' }
    default:
      return row
  }
}
