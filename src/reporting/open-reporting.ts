import { type Caller, personOf } from '../access/caller.js'
import type { Scope } from '../access/scope.js'
import { databaseNow } from '../dossier/dossier-repository.js'
import type { ApologyProposal } from '../model/apology.js'
import { accountOf, type LedgerAccount } from '../model/ledger-account.js'
import type { ReportDimension } from '../model/month-report.js'
import { type ProcessRecord, recordOf, type StepLimits } from '../model/process-record.js'
import type { WorkingCalendar } from '../model/working-calendar.js'
import type { Database, Sql } from '../platform/database.js'
import { findLetter, type LetterRow, readLettersOf } from './apology-letter-repository.js'
import { readComputedDueDates } from './computed-due-dates.js'
import {
  type IssueLetter,
  type IssueLetterResult,
  issueApologyLetter,
  type LetterSettings,
  letterRefusal,
  proposalOf,
  recordLetterPrint,
} from './issue-apology-letter.js'
import { type DossierFacts, type DriftSource, readLedgerFacts } from './ledger-facts-repository.js'
import { type LedgerStanding, readLedgerStanding } from './ledger-row-repository.js'
import { type MonthReportFilter, nextOfRecord, type RecordFilter, type ReportRow, readMonthReport } from './month-report-repository.js'
import { writeLetterPdf } from './write-letter-pdf.js'

/** Sổ thời gian, báo cáo và phiếu xin lỗi, as the API asks for them. */
export interface Reporting {
  /** Worked out now, of dossiers that were reached under a scope. */
  ledgers(dossierIds: readonly string[]): Promise<readonly DossierAccount[]>
  /** What the ledger and the rules of due dates say for a letter of apology. */
  proposals(dossierIds: readonly string[]): Promise<readonly LetterProposal[]>
  letters(dossierIds: readonly string[]): Promise<readonly LetterRow[]>
  monthReport(scope: Scope, filter: MonthReportFilter, dimensions: readonly ReportDimension[]): Promise<ReportRow[]>
  standing(): Promise<LedgerStanding>
  /** The accounts of a month, a few at a time, in the order of their due dates. */
  accountsOfMonth(scope: Scope, filter: RecordFilter): AsyncGenerator<DossierAccount>
  issueLetter(letter: IssueLetter): Promise<IssueLetterResult>
  /** Null: there is none within the scope. Who takes it is in the audit before it leaves. */
  printLetter(scope: Scope, actor: Caller, letterId: string): Promise<{ readonly pdf: Buffer; readonly letter: LetterRow } | null>
  recordProcessExport(actor: Caller, asked: Readonly<Record<string, string>>): Promise<void>
}

export interface DossierAccount {
  readonly dossierId: string
  readonly facts: DossierFacts
  readonly account: LedgerAccount
  readonly record: ProcessRecord
  readonly asOf: Date
}

export interface LetterProposal extends ApologyProposal {
  readonly dossierId: string
  /** Why no letter of apology is written; null: one may be. */
  readonly refusedBecause: string | null
}

export interface ReportingOptions {
  readonly db: Database
  /** For answers. */
  readonly reads: Sql
  readonly rules: () => Promise<{ readonly calendar: WorkingCalendar; readonly resendByHandMs: number }>
  readonly drift: DriftSource
  readonly stepLimitDays: StepLimits['days']
  readonly letter: LetterSettings
}

const AT_ONCE = 200

export const openReporting = ({ db, reads, rules, drift, stepLimitDays, letter: settings }: ReportingOptions): Reporting => {
  const ledgers: Reporting['ledgers'] = async (dossierIds) => {
    const { calendar, resendByHandMs } = await rules()
    const now = await databaseNow(reads)
    const facts = await readLedgerFacts(reads, dossierIds, drift)
    return facts.map((one) => {
      const account = accountOf(one, { calendar, resendByHandMs }, now)
      return {
        dossierId: one.id,
        facts: one,
        account,
        record: recordOf(account, { days: stepLimitDays, statutoryDays: one.statutoryDays }, calendar, now),
        asOf: now,
      }
    })
  }
  return {
    ledgers,
    proposals: async (dossierIds) => {
      const { calendar } = await rules()
      const accounts = await ledgers(dossierIds)
      const computed = await readComputedDueDates(
        reads,
        accounts.map(({ facts }) => facts),
      )
      return accounts.map(({ dossierId, facts, account, asOf }) => ({
        ...proposalOf(facts, account, { calendar, computed: computed.get(dossierId), now: asOf }),
        dossierId,
        refusedBecause: letterRefusal(facts, account)?.message ?? null,
      }))
    },
    letters: (dossierIds) => readLettersOf(reads, dossierIds),
    monthReport: (scope, filter, dimensions) => readMonthReport(reads, scope, filter, dimensions),
    standing: () => readLedgerStanding(reads),
    accountsOfMonth: async function* (scope, filter) {
      for (let after: { dueAt: Date; id: string } | null = null; ; ) {
        const page: { id: string; dueAt: Date }[] = await nextOfRecord(reads, scope, filter, after, AT_ONCE)
        const known = new Map((await ledgers(page.map(({ id }) => id))).map((one) => [one.dossierId, one]))
        for (const { id } of page) {
          const one = known.get(id)
          if (one) yield one
        }
        after = page.at(-1) ?? null
        if (page.length < AT_ONCE) return
      }
    },
    issueLetter: (letter) => issueApologyLetter({ db, rules, drift, settings }, letter),
    printLetter: async (scope, actor, letterId) => {
      const letter = await findLetter(reads, scope, letterId)
      if (!letter) return null
      const pdf = await writeLetterPdf(letter)
      await recordLetterPrint(db, { actor, letterId, dossierId: letter.dossierId })
      return { pdf, letter }
    },
    recordProcessExport: async (actor, asked) => {
      await db.transaction((tx) =>
        tx.orm.auditEntry.create({
          data: {
            ...personOf(actor),
            act: 'EXPORT_PROCESS_RECORD',
            reason: 'Xuất ra tệp CSV',
            before: {},
            after: asked,
          },
          select: { id: true },
        }),
      )
    },
  }
}
