import type { Configuration } from './config/config.js'
import type { Context } from './context.js'
import type { LedgerRules } from './model/ledger-account.js'
import type { WorkingCalendar } from './model/working-calendar.js'
import type { Sql } from './platform/database.js'
import { readDriftedSince, readDriftWaits } from './reconciliation/drift-waits-repository.js'
import { keepLedger } from './reporting/keep-ledger.js'
import type { DriftSource } from './reporting/ledger-facts-repository.js'
import { openReporting, type Reporting } from './reporting/open-reporting.js'
import { readCalendarInForce } from './transfer/working-calendar-repository.js'

/** Sổ thời gian liên thông, put together: what a worker keeps by the clock, and what the gateway answers from. */
export interface Ledger {
  readonly everyMs: number
  /** Returns how many accounts were worked out. */
  keep(isStopping?: () => boolean): Promise<number>
  reporting(reads: Sql): Reporting
}

/** What reconciliation finds joins the ledger. */
const driftOf = (sql: Sql): DriftSource => ({
  waitsOf: (dossierIds) => readDriftWaits(sql, dossierIds),
  changedSince: (at) => readDriftedSince(sql, at),
})

/** Of the program that works accounts out: another one works all of them out again. */
const VERSION = 5
const HOUR_MS = 3_600_000

/** The calendar in force is read anew each time: an administrator may have loaded another one. */
export const ledgerRulesOf =
  ({ reporting }: Pick<Configuration, 'reporting'>, sql: Sql) =>
  async (): Promise<LedgerRules & { readonly calendar: WorkingCalendar; readonly fingerprint: string }> => {
    const { calendar, sha256 } = await readCalendarInForce(sql)
    return {
      calendar,
      resendByHandMs: reporting.resendByHandHours * HOUR_MS,
      fingerprint: JSON.stringify([VERSION, reporting.resendByHandHours, sha256]),
    }
  }

export const openLedger = ({ db, options }: Pick<Context, 'db' | 'options'>): Ledger => {
  const { reporting } = options.configuration
  const rules = ledgerRulesOf(options.configuration, db)
  const drift = driftOf(db)
  return {
    everyMs: reporting.everyMs,
    keep: (isStopping) => keepLedger({ db, rules, drift }, isStopping),
    reporting: (reads) => openReporting({ db, reads, rules, drift, stepLimitDays: reporting.stepLimitDays, letter: reporting.letter }),
  }
}
