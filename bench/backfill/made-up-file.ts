import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { CSV_COLUMNS } from '../../src/backfill/csv-row.js'
import { GIVEN_NAMES, MIDDLE_NAMES, SURNAMES } from '../history/names.js'

/** A file of history of `count` made-up dossiers over ten years, the same for the same count; one in ten has two parcels, most have a certificate. */
const END = Date.parse('2026-11-20T00:00:00Z')
const TEN_YEARS_MS = 3_652 * 86_400_000
const REFORM = Date.parse('2025-07-01T00:00:00+07:00')

export interface Places {
  /** Codes of communes before and from 1 July 2025. */
  readonly old: readonly string[]
  readonly now: readonly string[]
  readonly procedures: readonly string[]
}

/** A number in 0..1 for the n-th dossier and a purpose (a mix of bits by Murmur's last steps). */
const lot = (n: number, purpose: number): number => {
  let h = (n * 0x9e3779b1 + purpose * 0x85ebca6b) | 0
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return ((h ^ (h >>> 16)) >>> 0) / 2 ** 32
}
const digits = (n: number, purpose: number, places: number): string =>
  String(Math.floor(lot(n, purpose) * 10 ** places)).padStart(places, '0')
const pick = <Value>(values: readonly Value[], n: number, purpose: number): Value =>
  values[Math.floor(lot(n, purpose) * values.length)] as Value
const iso = (at: number): string => `${new Date(at + 7 * 3_600_000).toISOString().slice(0, 19)}+07:00`

const rowOf = (n: number, count: number, places: Places): string => {
  const receivedAt = END - Math.floor(((count - n) / count) * TEN_YEARS_MS)
  const dueAt = receivedAt + 14 * 86_400_000
  const isOver = dueAt < END
  const doneAt = isOver ? receivedAt + Math.floor((3 + lot(n, 1) * 15) * 86_400_000) : 0
  const day = iso(receivedAt).slice(2, 10).replaceAll('-', '')
  const parcel = (k: number): string =>
    `${1 + Math.floor(lot(n, 10 + k) * 60)}/${1 + Math.floor(lot(n, 20 + k) * 900)}/${1 + Math.floor(lot(n, 3) * 900)}.50`
  const parcels = lot(n, 4) < 0.1 ? `${parcel(1)}; ${parcel(2)}` : parcel(1)
  const over = isOver && doneAt < END
  return [
    `H58.22-${day}-${String(1_000 + (n % 9_000)).padStart(4, '0')}`,
    1,
    'ONE_STOP',
    pick(places.procedures, n, 5),
    pick(receivedAt < REFORM ? places.old : places.now, n, 6),
    '',
    lot(n, 7) < 0.6 ? 'DIRECT' : 'ONLINE',
    'CITIZEN',
    `${pick(SURNAMES, n, 30)} ${pick(MIDDLE_NAMES, n, 31)} ${pick(GIVEN_NAMES, n, 32)}`,
    `082${digits(n, 8, 9)}`,
    `09${digits(n, 9, 8)}`,
    '',
    `Ấp Thử ${1 + (n % 9)}`,
    `Đăng ký đất đai cho ${pick(SURNAMES, n, 33)} ${pick(GIVEN_NAMES, n, 34)}`,
    `mc.thu.${n % 40}`,
    iso(receivedAt),
    iso(dueAt),
    over ? 10 : 4,
    iso(over ? doneAt : receivedAt),
    over ? iso(doneAt) : '',
    over ? iso(doneAt) : '',
    parcels,
    lot(n, 35) < 0.85 ? `${pick(['BX', 'CD', 'CK', 'CS', 'DA'], n, 36)} ${digits(n, 37, 6)}|CS${digits(n, 38, 5)}` : '',
  ].join(',')
}

export const writeMadeUpFile = async (path: string, count: number, places: Places): Promise<void> => {
  const out = createWriteStream(path)
  out.write(`${CSV_COLUMNS.join(',')}\n`)
  for (let n = 1; n <= count; n += 1) if (!out.write(`${rowOf(n, count, places)}\n`)) await once(out, 'drain')
  out.end()
  await once(out, 'finish')
}
