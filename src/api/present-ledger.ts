import { letterNumber } from '../model/apology.js'
import { describeSide } from '../model/cause-words.js'
import { describeWait } from '../model/interlink-wait.js'
import { describeOutcome } from '../model/ledger-outcome.js'
import { SYSTEM_IN_SENTENCE } from '../model/system.js'
import { describeParty, WAITING_PARTIES } from '../model/waiting-party.js'
import type { LetterRow } from '../reporting/apology-letter-repository.js'
import type { ReportRow } from '../reporting/month-report-repository.js'
import type { DossierAccount } from '../reporting/open-reporting.js'
import type { ApologyLetter } from './apology-letter.type.js'
import type { MonthReportRow } from './month-report.type.js'
import type { TimeLedger } from './time-ledger.type.js'

/** The ledger as the API shows it. `shown` masks what a registry wrote of a step, for who may not see whom it names. */
const seconds = (ms: number): number => Math.round(ms / 1_000)
const secondsOrNull = (ms: number | null): number | null => (ms === null ? null : seconds(ms))

export const showLedger = ({ account, record, asOf }: DossierAccount, shown: (text: string) => string): TimeLedger => ({
  asOf,
  closedAt: account.closedAt,
  outcome: account.outcome,
  outcomeLabel: describeOutcome(account.outcome),
  lateSeconds: seconds(account.lateMs),
  savedSeconds: seconds(account.savedMs),
  parties: WAITING_PARTIES.map((party) => ({
    party,
    partyLabel: describeParty(party),
    workingSeconds: seconds(account.parties[party].workingMs),
    calendarSeconds: seconds(account.parties[party].calendarMs),
  })),
  systems: account.systems.map(({ systemId, waited, beside, isWaiting }) => ({
    systemId,
    waitedWorkingSeconds: seconds(waited.workingMs),
    waitedCalendarSeconds: seconds(waited.calendarMs),
    besideWorkingSeconds: seconds(beside.workingMs),
    savedSeconds: seconds(account.saved.get(systemId) ?? 0),
    isWaiting,
  })),
  waits: account.waits.map((wait) => ({
    ...wait,
    sentence: describeWait(wait),
    sideLabel: describeSide(wait.side, SYSTEM_IN_SENTENCE[wait.systemId]),
  })),
  steps: record.steps.map(({ number, name, party, officer, from, to, workingMs, limitMs, isWithin }) => ({
    number,
    name: shown(name),
    party,
    partyLabel: describeParty(party),
    officer,
    from,
    to,
    workingSeconds: seconds(workingMs),
    limitSeconds: secondsOrNull(limitMs),
    isWithin,
  })),
  whole: {
    workingSeconds: seconds(record.whole.workingMs),
    limitSeconds: secondsOrNull(record.whole.limitMs),
    isWithin: record.whole.isWithin,
  },
})

const letterPath = (id: string): string => `/export/apology-letter/${id}.pdf`

export const showLetter = ({ id, issuedAt, issuedByName, dueAt, newDueAt, reason, ...numbered }: LetterRow): ApologyLetter => ({
  id,
  number: letterNumber(numbered, numbered.symbol),
  issuedAt,
  issuedBy: issuedByName,
  dueAt,
  newDueAt,
  reason,
  pdfPath: letterPath(id),
})

const HOUR_MS = 3_600_000
const hours = (ms: number): number => Math.round((ms / HOUR_MS) * 100) / 100

export const showReportRow = ({ deskMs, registryMs, taxMs, applicantMs, interlinkMs, savedMs, ...row }: ReportRow): MonthReportRow => ({
  ...row,
  deskHours: hours(deskMs),
  registryHours: hours(registryMs),
  taxHours: hours(taxMs),
  applicantHours: hours(applicantMs),
  interlinkHours: hours(interlinkMs),
  savedHours: hours(savedMs),
})
