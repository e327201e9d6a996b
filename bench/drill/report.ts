import { cpus } from 'node:os'
import { type Breach, INVARIANTS, type Invariant } from './judge/invariants.js'
import type { Row } from './run-fault.js'

/** The report for people: a row a fault, then the total, then what broke; and the line of JSON for machines. */
const COLUMNS = [
  ['hồ sơ', 7],
  ['nhận', 7],
  ['chuyển', 7],
  ['giữ lại', 8],
  ['thôi', 6],
  ['mất', 5],
  ['nhân đôi', 9],
  ['sai thứ tự', 11],
  ['tự thoát', 9],
  ['lần thử', 8],
  ['hồi phục', 9],
  ['bộ nhớ', 8],
] as const
const TITLE_WIDTH = 62

export const heading = (): string => `${'lỗi'.padEnd(TITLE_WIDTH)}${COLUMNS.map(([name, width]) => name.padStart(width)).join('')}`

const broken = (breaches: readonly Breach[], invariant: Invariant): number => breaches.filter((one) => one.invariant === invariant).length

export const lineOf = (row: Row): string => {
  const title = `${row.name}: ${row.title}`
  if (row.impossible !== undefined) return `${title.padEnd(TITLE_WIDTH)}  không thử được: ${row.impossible}`
  const values = [
    row.dossiers,
    row.accepted,
    row.delivered,
    row.held,
    row.otherwise,
    broken(row.breaches, 'lost'),
    broken(row.breaches, 'doubled'),
    broken(row.breaches, 'order'),
    broken(row.breaches, 'fallen'),
    row.attempts,
    `${row.recoverySeconds.toFixed(1)} s`,
    `${Math.round(row.peakMemoryMb)} MB`,
  ]
  const figures = values.map((value, index) => String(value).padStart(COLUMNS[index]?.[1] ?? 0)).join('')
  const memory = row.peakMemoryOf === '' ? '' : ` ${row.peakMemoryOf}`
  const notes = row.notes.map((note) => `\n    ${note}`).join('')
  return `${title.padEnd(TITLE_WIDTH)}${title.length >= TITLE_WIDTH ? `\n${' '.repeat(TITLE_WIDTH)}` : ''}${figures}${memory}${notes}`
}

export const totalOf = (rows: readonly Row[], breaches: readonly Breach[]): Row => {
  const sum = (of: (row: Row) => number): number => rows.reduce((all, row) => all + of(row), 0)
  return {
    name: 'tất cả',
    title: `${rows.filter(({ impossible }) => impossible === undefined).length} lỗi`,
    dossiers: sum((row) => row.dossiers),
    accepted: sum((row) => row.accepted),
    delivered: sum((row) => row.delivered),
    held: sum((row) => row.held),
    otherwise: sum((row) => row.otherwise),
    attempts: sum((row) => row.attempts),
    recoverySeconds: Math.max(0, ...rows.map((row) => row.recoverySeconds)),
    peakMemoryMb: Math.max(0, ...rows.map((row) => row.peakMemoryMb)),
    peakMemoryOf: [...rows].sort((a, b) => b.peakMemoryMb - a.peakMemoryMb)[0]?.peakMemoryOf ?? '',
    notes: [],
    breaches,
  }
}

const SHOWN = 12

/** What broke, a few of each, by fault. */
export const breachLines = (where: string, breaches: readonly Breach[]): string[] => [
  ...breaches.slice(0, SHOWN).map(({ invariant, of, detail }) => `  ✗ ${where} · ${invariant}: ${of}: ${detail}`),
  ...(breaches.length > SHOWN ? [`  ✗ ${where} · và ${breaches.length - SHOWN} vi phạm khác`] : []),
]

export const namesOf = (breaches: readonly Breach[]): Invariant[] =>
  (Object.keys(INVARIANTS) as Invariant[]).filter((name) => breaches.some(({ invariant }) => invariant === name))

/** Of a round with a guard broken: whether the judge has missed it. */
export const verdictOf = (guard: string, breaches: readonly Breach[]): string => {
  const names = namesOf(breaches)
  return `đã tháo chốt "${guard}": ${names.length > 0 ? `HỎNG: ${names.join(', ')}` : 'không thấy gì hỏng'}`
}

export interface Summary {
  readonly seed: number
  readonly scale: number
  readonly seconds: number
  readonly sabotage?: string
  readonly rows: readonly Row[]
  readonly breaches: readonly Breach[]
}

export const jsonOf = ({ seed, scale, seconds, sabotage, rows, breaches }: Summary): string => {
  const total = totalOf(rows, breaches)
  const goals = (Object.keys(INVARIANTS) as Invariant[]).map((name) => {
    const got = broken(breaches, name)
    return [name, { goal: 0, got, met: got === 0 }]
  })
  const figures = {
    cpu: cpus()[0]?.model,
    cores: cpus().length,
    node: process.versions.node,
    seed,
    scale,
    ...(sabotage !== undefined && { sabotage }),
    seconds: Math.round(seconds),
    faults: rows.filter(({ impossible }) => impossible === undefined).length,
    impossible: rows.filter(({ impossible }) => impossible !== undefined).map(({ name }) => name),
    dossiers: total.dossiers,
    accepted: total.accepted,
    delivered: total.delivered,
    held: total.held,
    otherwise: total.otherwise,
    attempts: total.attempts,
    slowestRecoverySeconds: Number(total.recoverySeconds.toFixed(1)),
    peakMemoryMb: Math.round(total.peakMemoryMb),
  }
  return JSON.stringify({ bench: 'drill', figures, goals: Object.fromEntries(goals) })
}
