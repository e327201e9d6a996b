import { isLocalDate } from './calendar-data.js'
import { dayAfter, dayBefore } from './calendar-day.js'

/**
 * Bảng đơn vị hành chính qua các thời kỳ: which units there were, from when to when, and whom each passed to. Rules over the whole of it: what a code means on a day
 * is at most one unit; nothing ends without a successor that is there on the next day; and what passed to several says by which rule.
 */
export interface MapUnit {
  readonly code: string
  readonly name: string
  readonly provinceCode: string
  readonly provinceName: string
  /** Local dates, both inclusive; null: in force. */
  readonly validFrom: string
  readonly validTo: string | null
  readonly successors: readonly MapSuccessor[]
  /** Passed to a unit of another province, and meant so. */
  readonly acrossProvinces?: boolean
  readonly standing: string
}

export interface MapSuccessor {
  readonly code: string
  /** Which part went there: of a unit that was split. */
  readonly rule?: string
}

export const unitKey = ({ code, validFrom }: Pick<MapUnit, 'code' | 'validFrom'>): string => `${code}@${validFrom}`

const nameOf = (unit: Pick<MapUnit, 'code' | 'name' | 'validFrom'>): string => `${unit.code} ${unit.name} (từ ${unit.validFrom})`

const isInForce = ({ validFrom, validTo }: MapUnit, day: string): boolean => validFrom <= day && (validTo === null || day <= validTo)

const byCode = (units: readonly MapUnit[]): ReadonlyMap<string, readonly MapUnit[]> => {
  const found = new Map<string, MapUnit[]>()
  for (const unit of units) found.set(unit.code, [...(found.get(unit.code) ?? []), unit])
  for (const rows of found.values()) rows.sort((a, b) => (a.validFrom < b.validFrom ? -1 : 1))
  return found
}

type Bearers = ReturnType<typeof byCode>

/** What is wrong with one row, whatever the others are. */
export const ownProblems = (unit: Pick<MapUnit, 'code' | 'name' | 'validFrom' | 'validTo'>): string[] => {
  const { validFrom, validTo } = unit
  const found: string[] = []
  if (!/^\d{5}$/.test(unit.code)) found.push('mã phải có năm chữ số')
  for (const date of [validFrom, ...(validTo === null ? [] : [validTo])])
    if (!isLocalDate(date)) found.push(`"${date}" không phải ngày có thật`)
  if (validTo !== null && validTo < validFrom) found.push(`hết hiệu lực ${validTo} trước khi có hiệu lực`)
  return found.map((problem) => `${nameOf(unit)}: ${problem}`)
}

/** Of one code: its meanings follow each other from one day to the next. */
const timeProblems = (bearers: readonly MapUnit[]): string[] =>
  bearers.slice(1).flatMap((next, place) => {
    const last = bearers[place] as MapUnit
    if (last.validTo === null || last.validTo >= next.validFrom) return [`${nameOf(next)}: chồng thời gian với ${nameOf(last)}`]
    if (dayAfter(last.validTo) === next.validFrom) return []
    return [`${nameOf(next)}: mã bị trống từ ${dayAfter(last.validTo)} đến ${dayBefore(next.validFrom)}`]
  })

const successorProblems = (unit: MapUnit, bearers: Bearers): string[] => {
  const { validTo, successors } = unit
  if (validTo === null) return successors.length > 0 ? [`${nameOf(unit)}: còn hiệu lực mà đã có đơn vị kế thừa`] : []
  if (successors.length === 0) return [`${nameOf(unit)}: hết hiệu lực ${validTo} mà không có đơn vị kế thừa`]
  const found: string[] = []
  const begins = dayAfter(validTo)
  const isSplit = successors.length > 1
  if (new Set(successors.map(({ code }) => code)).size < successors.length) found.push('một đơn vị kế thừa ghi hai lần')
  for (const { code, rule } of successors) {
    const heir = bearers.get(code)?.find((row) => isInForce(row, begins))
    if (!heir) found.push(`đơn vị kế thừa ${code} không có hiệu lực vào ngày ${begins}`)
    else if (heir.provinceCode !== unit.provinceCode && !unit.acrossProvinces)
      found.push(
        `đơn vị kế thừa ${code} ở tỉnh khác (${heir.provinceCode} ${heir.provinceName}); đúng như vậy thì ghi "acrossProvinces": true`,
      )
    if (isSplit && !rule?.trim()) found.push(`tách cho nhiều đơn vị thì phần của ${code} phải có quy tắc ("rule")`)
  }
  return found.map((problem) => `${nameOf(unit)}: ${problem}`)
}

/** Units that come back to themselves by their successors, whatever the days. */
const cycleProblems = (units: readonly MapUnit[], bearers: Bearers): string[] => {
  const heirsOf = ({ validTo, successors }: MapUnit): MapUnit[] =>
    validTo === null
      ? []
      : successors.flatMap(
          ({ code }) => bearers.get(code)?.find((row) => isInForce(row, dayAfter(validTo))) ?? bearers.get(code)?.[0] ?? [],
        )
  const done = new Set<MapUnit>()
  const found: string[] = []
  const walk = (unit: MapUnit, path: readonly MapUnit[]): void => {
    const at = path.indexOf(unit)
    if (at >= 0) found.push(`kế thừa vòng tròn: ${[...path.slice(at), unit].map(nameOf).join(' → ')}`)
    if (at >= 0 || done.has(unit)) return
    for (const heir of heirsOf(unit)) walk(heir, [...path, unit])
    done.add(unit)
  }
  for (const unit of units) walk(unit, [])
  return found
}

/** In sentences for who loads it; none: the map is right. */
export const unitMapProblems = (units: readonly MapUnit[]): string[] => {
  const own = units.flatMap(ownProblems)
  if (own.length > 0) return own
  const bearers = byCode(units)
  return [
    ...[...bearers.values()].flatMap(timeProblems),
    ...units.flatMap((unit) => successorProblems(unit, bearers)),
    ...cycleProblems(units, bearers),
  ]
}
