import { bucketOf, dayOf, digestOfRows, type HeldRow } from './held-row.js'
import type { History } from './history.js'

/**
 * Sổ của một hệ thống for reconciliation: its dossiers, those of its history that nobody has touched, and rows that stand there twice. Questions are answered from
 * the rows as they are now. A page ends behind a row or a group, and its cursor names that one, so rows that are added elsewhere move nothing.
 */
export interface HeldRows {
  /** Of that day of reception, by code. */
  ofDay(day: string): readonly HeldRow[]
  /** Days within the range that may hold any row, ascending. */
  days(from: string, to: string): readonly string[]
  ofCode(code: string): readonly HeldRow[]
}

export interface RowsOptions {
  /** Own dossiers and doubled rows. */
  readonly rows: readonly HeldRow[]
  readonly history?: History
  /** Of the history: taken into the own dossiers, or deleted. */
  readonly isReplaced: (code: string) => boolean
}

export const heldRows = ({ rows, history, isReplaced }: RowsOptions): HeldRows => {
  const byDay = groupedBy(rows, dayOf)
  return {
    ofDay: (day) =>
      [...(history?.ofDay(day).filter(({ code }) => !isReplaced(code)) ?? []), ...(byDay.get(day) ?? [])].sort((a, b) =>
        a.code < b.code ? -1 : Number(a.code > b.code),
      ),
    days: (from, to) =>
      [...new Set([...(history?.days(from, to) ?? []), ...[...byDay.keys()].filter((day) => day >= from && day <= to)])].sort(),
    ofCode: (code) => {
      const past = isReplaced(code) ? undefined : history?.ofCode(code)
      return [...(past ? [past] : []), ...rows.filter((row) => row.code === code)]
    },
  }
}

export interface AskedGroup {
  readonly commune: string
  readonly day: string
  readonly bucket?: string
}

export interface ToldGroup extends AskedGroup {
  readonly count: number
  readonly digest: string
}

export interface RowPage<Value> {
  readonly values: readonly Value[]
  readonly next?: string
}

/** Groups by day and commune, from behind the cursor on. */
export function dayGroups(held: HeldRows, range: { from: string; to: string }, cursor: string, most: number): RowPage<ToldGroup> {
  const [fromDay = '', fromCommune = ''] = cursor.split('|')
  const values: ToldGroup[] = []
  for (const day of held.days(fromDay > range.from ? fromDay : range.from, range.to)) {
    const communes = [...groupedBy(held.ofDay(day), ({ commune }) => commune)].sort(([a], [b]) => (a < b ? -1 : 1))
    for (const [commune, rows] of communes) {
      if (day === fromDay && commune <= fromCommune) continue
      const last = values.at(-1)
      if (values.length === most && last) return { values, next: `${last.day}|${last.commune}` }
      values.push({ commune, day, count: rows.length, digest: digestOfRows(rows) })
    }
  }
  return { values }
}

export const bucketGroups = (held: HeldRows, days: readonly AskedGroup[]): ToldGroup[] =>
  days.flatMap(({ commune, day }) =>
    [...groupedBy(rowsOf(held, { commune, day }), ({ code }) => bucketOf(code))]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([bucket, rows]) => ({ commune, day, bucket, count: rows.length, digest: digestOfRows(rows) })),
  )

const rowsOf = (held: HeldRows, { commune, day, bucket }: AskedGroup): HeldRow[] =>
  held.ofDay(day).filter((row) => row.commune === commune && (bucket === undefined || bucketOf(row.code) === bucket))

/** Rows of these groups; the cursor says in which of them the page ended, and behind what. */
export function groupRows(held: HeldRows, groups: readonly AskedGroup[], cursor: string, most: number): RowPage<HeldRow> {
  const [at = '0', ...behind] = cursor.split('|')
  const values: HeldRow[] = []
  for (const [index, group] of groups.entries()) {
    if (index < Number(at)) continue
    const page = behindOf(rowsOf(held, group), index === Number(at) ? behind.join('|') : '', most - values.length)
    values.push(...page.values)
    if (page.next !== undefined) return { values, next: `${index}|${page.next}` }
  }
  return { values }
}

/** All rows of a range by day and code. */
export function listedRows(held: HeldRows, range: { from: string; to: string }, cursor: string, most: number): RowPage<HeldRow> {
  const [fromDay = '', ...behind] = cursor.split('|')
  const values: HeldRow[] = []
  for (const day of held.days(fromDay > range.from ? fromDay : range.from, range.to)) {
    const page = behindOf(held.ofDay(day), day === fromDay ? behind.join('|') : '', most - values.length)
    values.push(...page.values)
    if (page.next !== undefined) return { values, next: `${day}|${page.next}` }
  }
  return { values }
}

/** The next rows of a day behind `copies|code`: so many of that code were told. */
function behindOf(rows: readonly HeldRow[], behind: string, most: number): RowPage<HeldRow> {
  const [copies = '', ...parts] = behind.split('|')
  const code = parts.join('|')
  let seen = 0
  const left = rows.filter((row) => {
    if (copies === '' || row.code > code) return true
    if (row.code < code) return false
    seen += 1
    return seen > Number(copies)
  })
  if (left.length <= most) return { values: left }
  const values = left.slice(0, most)
  const last = values.at(-1)?.code ?? code
  const told = values.filter((row) => row.code === last).length + (last === code ? Number(copies) : 0)
  return { values, next: `${told}|${last}` }
}

function groupedBy<Value>(values: readonly Value[], keyOf: (value: Value) => string): Map<string, Value[]> {
  const groups = new Map<string, Value[]>()
  for (const value of values) {
    const key = keyOf(value)
    const group = groups.get(key)
    if (group) group.push(value)
    else groups.set(key, [value])
  }
  return groups
}
