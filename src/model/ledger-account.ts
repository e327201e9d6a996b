import type { LedgerFacts } from './ledger-facts.js'
import { type Judged, judgeLedger, savedByRetries } from './ledger-outcome.js'
import { countTimes, type LedgerTimes } from './ledger-times.js'
import type { SystemId } from './system.js'
import { buildTimeLedger, type TimeLedger } from './time-ledger.js'
import type { WorkingCalendar } from './working-calendar.js'

/** Tính sổ: everything that the ledger says of one dossier at one moment. */
export interface LedgerAccount extends TimeLedger, LedgerTimes, Judged {
  /** Thời gian tiết kiệm nhờ tự gửi lại, working ms. */
  readonly saved: ReadonlyMap<SystemId, number>
  readonly savedMs: number
}

export interface LedgerRules {
  readonly calendar: Pick<WorkingCalendar, 'workingMsBetween'>
  /** How often somebody would look through what failed, had it to be sent again by hand; working ms. */
  readonly resendByHandMs: number
}

export const accountOf = (facts: LedgerFacts, { calendar, resendByHandMs }: LedgerRules, now: Date): LedgerAccount => {
  const ledger = buildTimeLedger(facts, now)
  const times = countTimes(ledger, calendar, now)
  const saved = savedByRetries(ledger.waits, calendar, resendByHandMs)
  return {
    ...ledger,
    ...times,
    ...judgeLedger(ledger, { dueAt: facts.dueAt, interlinkMs: times.parties.INTERLINK.workingMs }, calendar, now),
    saved,
    savedMs: [...saved.values()].reduce((sum, ms) => sum + ms, 0),
  }
}

/**
 * Of the time at the desk, what a report of months counts. None of a dossier that was over before this gateway knew it, of which nothing was sent, and nothing is told between its
 * reception and its end (loaded history): there the desk is named because nobody has told where it lay, and that is no time that the desk took.
 */
export const reportedDeskMs = (
  { knownAt, receivedAt, transfers, events }: Pick<LedgerFacts, 'knownAt' | 'receivedAt' | 'transfers' | 'events'>,
  { closedAt, parties }: Pick<LedgerAccount, 'closedAt' | 'parties'>,
): number => {
  const isUntold =
    closedAt !== null &&
    closedAt <= knownAt &&
    transfers.length === 0 &&
    events.every(({ at, kind }) => at <= receivedAt || at >= closedAt || kind === 'RESULT_ISSUED')
  return isUntold ? 0 : parties.DESK.workingMs
}

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS
/** What has been late for so long changes little from one hour to the next. */
const LONG_LATE_MS = 30 * DAY_MS

/** When the passing of time alone may have changed the account; null: never. */
export const revisitAtOf = (
  { dueAt, transfers, drift }: LedgerFacts,
  { closedAt, outcome, lateMs, parties }: Pick<LedgerAccount, 'closedAt' | 'outcome' | 'lateMs' | 'parties'>,
  now: Date,
): Date | null => {
  if (closedAt) return null
  const after = (ms: number): Date => new Date(+now + ms)
  const moving = transfers.some(({ state }) => state !== 'DELIVERED' && state !== 'ABANDONED' && state !== 'SUPERSEDED')
  const waits = moving || drift.some(({ to }) => to === null)
  if (dueAt >= now) return waits && after(HOUR_MS) < dueAt ? after(HOUR_MS) : dueAt
  // Nothing waits any more: what it is late passes what the interlink has cost it, though not before the clock has gone on by as much.
  if (outcome === 'LATE_BY_INTERLINK' && !waits)
    return after(Math.min(Math.max(parties.INTERLINK.workingMs - lateMs, 5 * MINUTE_MS), HOUR_MS))
  return after(+now - +dueAt > LONG_LATE_MS ? DAY_MS : HOUR_MS)
}
