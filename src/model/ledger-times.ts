import { SYSTEM_IDS, type SystemId } from './system.js'
import type { LedgerStep, TimeLedger } from './time-ledger.js'
import type { WaitingParty } from './waiting-party.js'
import type { WorkingCalendar } from './working-calendar.js'

/** Cộng sổ: how long each party was waited for, in working time and by the clock on the wall. */
export interface TimeSpent {
  readonly workingMs: number
  /** By the clock on the wall. */
  readonly calendarMs: number
}

export interface SystemTime {
  readonly systemId: SystemId
  /** The dossier waited. */
  readonly waited: TimeSpent
  /** The interlink was broken while somebody else was waited for. */
  readonly beside: TimeSpent
  readonly isWaiting: boolean
}

export interface LedgerTimes {
  readonly parties: Readonly<Record<WaitingParty, TimeSpent>>
  readonly systems: readonly SystemTime[]
}

type Counting = Pick<WorkingCalendar, 'workingMsBetween'>

const spent = (spans: readonly (readonly [from: Date, to: Date])[], calendar: Counting): TimeSpent => {
  let [workingMs, calendarMs] = [0, 0]
  for (const [from, to] of spans) {
    workingMs += calendar.workingMsBetween(from, to)
    calendarMs += Math.max(0, +to - +from)
  }
  return { workingMs, calendarMs }
}

/** Spans without overlap, each moment once. */
const united = (spans: readonly (readonly [Date, Date])[]): (readonly [Date, Date])[] => {
  const merged: (readonly [Date, Date])[] = []
  for (const [from, to] of [...spans].sort((a, b) => +a[0] - +b[0])) {
    if (to <= from) continue
    const last = merged.at(-1)
    if (last && from <= last[1]) merged[merged.length - 1] = [last[0], last[1] > to ? last[1] : to]
    else merged.push([from, to])
  }
  return merged
}

const without = (span: readonly [Date, Date], holes: readonly (readonly [Date, Date])[]): (readonly [Date, Date])[] => {
  const left: (readonly [Date, Date])[] = []
  let [from] = span
  for (const [begins, ends] of holes) {
    if (ends <= from || begins >= span[1]) continue
    if (begins > from) left.push([from, begins])
    if (ends > from) from = ends
  }
  return from < span[1] ? [...left, [from, span[1]]] : left
}

/** How long each party was waited for. `now` ends what goes on. */
export const countTimes = ({ steps, waits, closedAt }: TimeLedger, calendar: Counting, now: Date): LedgerTimes => {
  const spanOf = ({ from, to }: LedgerStep): readonly [Date, Date] => [from, to ?? now]
  const of = (party: WaitingParty): TimeSpent => spent(steps.filter((step) => step.party === party).map(spanOf), calendar)
  const begin = steps[0]?.from ?? now
  const end = closedAt && closedAt < now ? closedAt : now
  const held = united(steps.filter(({ party }) => party === 'INTERLINK').map(spanOf))
  const systems = SYSTEM_IDS.flatMap((systemId): SystemTime[] => {
    const own = waits.filter((wait) => wait.systemId === systemId)
    const waited = steps.filter(({ wait }) => wait?.systemId === systemId).map(spanOf)
    const broken = own.map(({ from, to }) => [from > begin ? from : begin, (to ?? now) < end ? (to ?? now) : end] as const)
    const beside = united(broken).flatMap((span) => without(span, held))
    if (own.length === 0) return []
    return [{ systemId, waited: spent(waited, calendar), beside: spent(beside, calendar), isWaiting: own.some(({ to }) => to === null) }]
  })
  return {
    parties: { DESK: of('DESK'), REGISTRY: of('REGISTRY'), TAX: of('TAX'), APPLICANT: of('APPLICANT'), INTERLINK: of('INTERLINK') },
    systems,
  }
}
