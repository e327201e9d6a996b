import { LRUCache } from 'lru-cache'

/**
 * Thời điểm trên đường truyền: instants as the foreign systems write them, read into ISO-8601 UTC and written from it. The zone
 * of a value without an offset is always named by the caller, per field: it is never the zone of this machine. What is not
 * surely an instant is null, so that the caller refuses the message: nothing becomes year 1 or "now".
 */

/** `2026-03-15T08:00:00`, with or without a fraction, with or without `Z` or `+07:00`. */
const EXTENDED = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?(Z|[+-]\d{2}:\d{2})?$/
/** `20260315080000`, the form of the national portal. */
const COMPACT = /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})$/

/** Land systems write 1900-01-01, 0001-01-01 and the like for "no date": earlier than this is none. */
const FIRST_YEAR = 1990

/** Some write the end of 9999 for "for ever". In Việt Nam the year 10000 begins now: its days have no form that a database takes. */
const LAST_INSTANT = Date.UTC(9999, 11, 31, 17)

const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS

/**
 * ISO-8601 UTC (`toISOString`) of an instant on the wire; null when it is unreadable, no day of the calendar, before 1990, behind 9999, or an
 * hour that the zone skipped. Surrounding white space is no part of an xs:dateTime. An hour that the zone had twice is the first.
 * Digits beyond the millisecond are cut.
 */
export function parseWireInstant(text: string, timeZone: string): string | null {
  const trimmed = text.trim()
  const match = EXTENDED.exec(trimmed) ?? COMPACT.exec(trimmed)
  if (!match) return null
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as [number, number, number, number, number, number]
  const millisecond = Number((match[7] ?? '').padEnd(3, '0').slice(0, 3))
  const wall = Date.UTC(year, month - 1, day, hour, minute, second, millisecond)
  if (year < FIRST_YEAR || !isWall(wall, [year, month, day, hour, minute, second])) return null
  const offset = match[8]
  const instant = offset === undefined ? instantOfWall(wall, timeZone) : withOffset(wall, offset)
  return instant === null || instant >= LAST_INSTANT ? null : new Date(instant).toISOString()
}

/** `2026-03-15T08:00:00+07:00`: the form that says its own zone. Milliseconds are written when there are any. */
export function formatOffsetInstant(iso: string, timeZone: string): string {
  const instant = instantOf(iso)
  const offset = Math.round((wallOf(instant, timeZone) - instant) / MINUTE_MS)
  const wall = new Date(instant + offset * MINUTE_MS).toISOString()
  const sign = offset < 0 ? '-' : '+'
  const size = Math.abs(offset)
  const fraction = instant % 1000 === 0 ? '' : wall.slice(19, 23)
  return `${wall.slice(0, 19)}${fraction}${sign}${twoDigits(Math.floor(size / 60))}:${twoDigits(size % 60)}`
}

/** `yyyyMMddHHmmss` in the zone; milliseconds are cut. */
export function formatCompact(iso: string, timeZone: string): string {
  return wallText(iso, timeZone).replace(/[-T:]/g, '')
}

/** The calendar day `yyyy-MM-dd` on which an instant falls in the zone. */
export function localDate(iso: string, timeZone: string): string {
  return wallText(iso, timeZone).slice(0, 10)
}

function wallText(iso: string, timeZone: string): string {
  return new Date(wallOf(instantOf(iso), timeZone)).toISOString().slice(0, 19)
}

/** Our own values are ISO instants already; another one is a fault of the caller. */
function instantOf(iso: string): number {
  const instant = Date.parse(iso)
  if (Number.isNaN(instant)) throw new RangeError('not an ISO instant')
  return instant
}

/** `Date.UTC` rolls 30 February into March: a day that comes back changed was none. */
function isWall(wall: number, parts: readonly number[]): boolean {
  const date = new Date(wall)
  const back = [
    date.getUTCFullYear(),
    date.getUTCMonth() + 1,
    date.getUTCDate(),
    date.getUTCHours(),
    date.getUTCMinutes(),
    date.getUTCSeconds(),
  ]
  return back.every((value, index) => value === parts[index])
}

function withOffset(wall: number, offset: string): number | null {
  if (offset === 'Z') return wall
  const hours = Number(offset.slice(1, 3))
  const minutes = Number(offset.slice(4, 6))
  if (minutes > 59 || hours * 60 + minutes > 14 * 60) return null
  return wall - (offset.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * MINUTE_MS
}

/** The earliest instant whose wall clock in the zone shows this; offsets of the days around are tried, for zones that change theirs. */
function instantOfWall(wall: number, timeZone: string): number | null {
  const candidates = [wall - DAY_MS, wall + DAY_MS].map((near) => wall - (wallOf(near, timeZone) - near))
  const fitting = candidates.filter((instant) => wallOf(instant, timeZone) === wall)
  return fitting.length === 0 ? null : Math.min(...fitting)
}

const formatters = new Map<string, Intl.DateTimeFormat>()

/**
 * How far each zone was ahead on a day that has one offset, in ms: telling a zone's wall clock costs as much as reading a small reply. A day with a change of
 * offset is told anew each time.
 */
const steadyDays = new LRUCache<string, number>({ max: 5_000 })

/** The wall clock of an instant in the zone, as if it were UTC. */
function wallOf(instant: number, timeZone: string): number {
  if (timeZone === 'UTC') return instant
  const day = Math.floor(instant / DAY_MS)
  const key = `${timeZone} ${day}`
  const known = steadyDays.get(key)
  if (known !== undefined) return instant + known
  const offsets = [day * DAY_MS, instant, (day + 1) * DAY_MS].map((at) => tellWall(at, timeZone) - at) as [number, number, number]
  if (offsets.every((offset) => offset === offsets[0])) steadyDays.set(key, offsets[0])
  return instant + offsets[1]
}

function tellWall(instant: number, timeZone: string): number {
  const shown = Object.fromEntries(
    formatterOf(timeZone)
      .formatToParts(instant)
      .map((part) => [part.type, Number(part.value)]),
  ) as Record<'year' | 'month' | 'day' | 'hour' | 'minute' | 'second', number>
  const millisecond = ((instant % 1000) + 1000) % 1000
  return Date.UTC(shown.year, shown.month - 1, shown.day, shown.hour, shown.minute, shown.second, millisecond)
}

function formatterOf(timeZone: string): Intl.DateTimeFormat {
  const known = formatters.get(timeZone)
  if (known) return known
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  formatters.set(timeZone, made)
  return made
}

const twoDigits = (value: number): string => String(value).padStart(2, '0')
