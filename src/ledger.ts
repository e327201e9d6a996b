import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Configuration } from './config/config.js'
import type { Context } from './context.js'
import { type CalendarData, calendarProblems } from './model/calendar-data.js'
import type { LedgerRules } from './model/ledger-account.js'
import { buildWorkingCalendar, type WorkingCalendar } from './model/working-calendar.js'
import type { Sql } from './platform/database.js'
import { prismaDir } from './platform/paths.js'
import { StartError } from './platform/start-error.js'
import { keepLedger } from './reporting/keep-ledger.js'
import type { ReadDrift } from './reporting/ledger-facts-repository.js'
import { openReporting, type Reporting } from './reporting/open-reporting.js'

/** Sổ thời gian liên thông, put together: what a worker keeps by the clock, and what the gateway answers from. */
export interface Ledger {
  readonly everyMs: number
  /** Returns how many accounts were worked out. */
  keep(isStopping?: () => boolean): Promise<number>
  reporting(reads: Sql): Reporting
}

/** Where what reconciliation finds joins the ledger: from when a difference was found to when it was repaired, of each of these dossiers. */
const readDrift: ReadDrift = async () => new Map()

/** Of the program that works accounts out: another one works all of them out again. */
const VERSION = 1
const HOUR_MS = 3_600_000

const readCalendar = async (): Promise<{ readonly calendar: WorkingCalendar; readonly text: string }> => {
  const text = await readFile(join(prismaDir, 'reference', 'working-calendar.json'), 'utf8')
  const data = JSON.parse(text) as CalendarData
  const [problem] = calendarProblems(data)
  if (problem) throw new StartError(`Lịch làm việc sai: ${problem}.`)
  return { calendar: buildWorkingCalendar(data), text }
}

export const ledgerRulesOf = ({ reporting }: Pick<Configuration, 'reporting'>) => {
  let read: Promise<LedgerRules & { readonly calendar: WorkingCalendar; readonly fingerprint: string }> | undefined
  return () => {
    read ??= readCalendar().then(({ calendar, text }) => ({
      calendar,
      resendByHandMs: reporting.resendByHandHours * HOUR_MS,
      fingerprint: createHash('sha256')
        .update(JSON.stringify([VERSION, reporting.resendByHandHours, text]))
        .digest('hex'),
    }))
    return read
  }
}

export const openLedger = ({ db, options }: Pick<Context, 'db' | 'options'>): Ledger => {
  const { reporting } = options.configuration
  const rules = ledgerRulesOf(options.configuration)
  return {
    everyMs: reporting.everyMs,
    keep: (isStopping) => keepLedger({ db, rules, readDrift }, isStopping),
    reporting: (reads) => openReporting({ db, reads, rules, readDrift, stepLimitDays: reporting.stepLimitDays, letter: reporting.letter }),
  }
}
