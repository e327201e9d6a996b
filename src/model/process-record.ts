import type { LedgerAccount } from './ledger-account.js'
import type { LedgerStep } from './time-ledger.js'
import type { WaitingParty } from './waiting-party.js'
import type { WorkingCalendar } from './working-calendar.js'

/**
 * Sổ theo dõi quá trình giải quyết (hồ sơ theo ISO 9001): of each step who was responsible, from when to when, how much working time it took, what limit holds for it and
 * whether it was kept. Limits of a step are the office's own; the one of the whole is the procedure's by law, against the time of the offices: without
 * what the applicant and the tax office took, with what the interlink took.
 */
export interface ProcessStep extends LedgerStep {
  readonly number: number
  readonly workingMs: number
  /** Null: no limit is set. */
  readonly limitMs: number | null
  /** Null: no limit, or it goes on within it. */
  readonly isWithin: boolean | null
}

export interface ProcessRecord {
  readonly steps: readonly ProcessStep[]
  readonly whole: Pick<ProcessStep, 'workingMs' | 'limitMs' | 'isWithin'>
}

export interface StepLimits {
  /** Working days for a step of a party. */
  readonly days: Readonly<Record<WaitingParty, number | null>>
  /** Of the whole, by law. */
  readonly statutoryDays: number | null
}

const COUNTED: readonly WaitingParty[] = ['DESK', 'REGISTRY', 'INTERLINK']
const HOUR_MS = 3_600_000

export const recordOf = (
  account: LedgerAccount,
  { days, statutoryDays }: StepLimits,
  calendar: Pick<WorkingCalendar, 'workingMsBetween' | 'hoursPerDay'>,
  now: Date,
): ProcessRecord => {
  const limitOf = (count: number | null): number | null => (count === null ? null : count * calendar.hoursPerDay * HOUR_MS)
  const judge = (workingMs: number, limitMs: number | null, isOver: boolean): boolean | null => {
    if (limitMs === null) return null
    return workingMs > limitMs ? false : isOver ? true : null
  }
  const steps = account.steps.map((step, index) => {
    const workingMs = calendar.workingMsBetween(step.from, step.to ?? now)
    const limitMs = limitOf(days[step.party])
    return { ...step, number: index + 1, workingMs, limitMs, isWithin: judge(workingMs, limitMs, step.to !== null) }
  })
  const workingMs = COUNTED.reduce((sum, party) => sum + account.parties[party].workingMs, 0)
  const limitMs = limitOf(statutoryDays)
  // What is said to end ahead of our clock has not been measured to its end.
  const isOver = account.closedAt !== null && account.closedAt <= now
  return { steps, whole: { workingMs, limitMs, isWithin: judge(workingMs, limitMs, isOver) } }
}
