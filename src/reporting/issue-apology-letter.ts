import { type Caller, personOf } from '../access/caller.js'
import { databaseNow } from '../dossier/dossier-repository.js'
import { notFound } from '../errors.js'
import { type ApologyProposal, apologyReasonOf, letterNumber, proposeNewDate } from '../model/apology.js'
import { lowerFirst } from '../model/first-letter.js'
import { accountOf, type LedgerAccount } from '../model/ledger-account.js'
import { describeInstant, localDateOf, type WorkingCalendar } from '../model/working-calendar.js'
import type { Database } from '../platform/database.js'
import { type LetterContent, letterOfRequest, nextLetterNumber, readLetterSubject } from './apology-letter-repository.js'
import { readComputedDueDates } from './computed-due-dates.js'
import { type DossierFacts, type DriftSource, readLedgerFacts } from './ledger-facts-repository.js'

/**
 * Lập phiếu xin lỗi và hẹn lại ngày trả kết quả. The letter says what the ledger knows, or what the officer writes in its place, and gives a new date; it is kept as it was given and
 * is never changed. It moves no due date in any system: that is the registry's to decide, and the ledger goes on to count against the date that was promised first.
 */
export interface IssueLetter {
  readonly dossierId: string
  /** Absent: as the ledger proposes. */
  readonly newDueAt?: Date
  readonly reason?: string
  readonly actor: Caller
  readonly requestKey: string
}

export interface LetterSettings {
  readonly agency?: string
  readonly parentAgency?: string
  readonly place?: string
  readonly symbol: string
}

export interface LetterDependencies {
  readonly db: Database
  readonly rules: () => Promise<{ readonly calendar: WorkingCalendar; readonly resendByHandMs: number }>
  readonly drift: DriftSource
  readonly settings: LetterSettings
}

export type IssueLetterResult =
  | { readonly kind: 'ISSUED'; readonly letterId: string }
  | { readonly kind: 'REFUSED'; readonly reason: string; readonly message: string }

const refused = (reason: string, message: string): IssueLetterResult => ({ kind: 'REFUSED', reason, message })

const LONGEST_MS = 366 * 86_400_000

/** Why no letter is written for a dossier; undefined: one may be. */
export const letterRefusal = (
  { returnedAt }: Pick<DossierFacts, 'returnedAt'>,
  { outcome, closedAt }: Pick<LedgerAccount, 'outcome' | 'closedAt'>,
): { readonly reason: string; readonly message: string } | undefined => {
  if (outcome === 'LEFT')
    return { reason: 'NO_RESULT_DUE', message: 'Hồ sơ đã rút hoặc không được tiếp nhận: không có kết quả để hẹn lại.' }
  if (outcome === 'ON_TIME') return { reason: 'WAS_ON_TIME', message: 'Kết quả đã có đúng hạn: không phải xin lỗi.' }
  if (returnedAt && closedAt)
    return { reason: 'ALREADY_RETURNED', message: 'Kết quả đã được trả cho người nộp: không còn ngày để hẹn lại.' }
  return undefined
}

/** `computed`: what the due date ought to be by the rules, when that is known. */
export const proposalOf = (
  { dueAt }: Pick<DossierFacts, 'dueAt'>,
  account: LedgerAccount,
  { calendar, computed, now }: { readonly calendar: WorkingCalendar; readonly computed: Date | undefined; readonly now: Date },
): ApologyProposal => ({
  reason: apologyReasonOf(account, calendar, now),
  newDueAt: proposeNewDate({ lostMs: account.parties.INTERLINK.workingMs, dueAt, computed, now }, calendar),
})

/** The office is open then, or closes or opens at that instant. */
const isOfficeTime = (at: Date, calendar: WorkingCalendar): boolean => calendar.workingMsBetween(new Date(+at - 1), new Date(+at + 1)) > 0

const dateRefusal = (newDueAt: Date, dueAt: Date, calendar: WorkingCalendar, now: Date): IssueLetterResult | undefined => {
  if (newDueAt <= now) return refused('DATE_PASSED', 'Ngày hẹn lại phải ở sau thời điểm lập phiếu.')
  if (newDueAt <= dueAt) return refused('DATE_NOT_LATER', `Ngày hẹn lại phải sau ngày đã hẹn (${describeInstant(dueAt)}).`)
  if (+newDueAt - +now > LONGEST_MS) return refused('DATE_TOO_FAR', 'Ngày hẹn lại không được xa quá một năm.')
  if (!isOfficeTime(newDueAt, calendar))
    return refused('OFFICE_CLOSED', 'Cơ quan không làm việc vào lúc hẹn lại: hãy chọn ngày và giờ làm việc.')
  return undefined
}

/** Throws NOT_FOUND when there is no such dossier. */
export const issueApologyLetter = async (
  { db, rules, drift, settings }: LetterDependencies,
  { dossierId, newDueAt: given, reason: written, actor, requestKey }: IssueLetter,
): Promise<IssueLetterResult> => {
  const { calendar, resendByHandMs } = await rules()
  return db.transaction(async (tx) => {
    const done = await letterOfRequest(tx, actor.subject, requestKey)
    if (done !== null) return { kind: 'ISSUED', letterId: done }
    const [facts] = await readLedgerFacts(tx, [dossierId], drift)
    const subject = await readLetterSubject(tx, dossierId)
    if (!facts || !subject) throw notFound('hồ sơ này')
    const now = await databaseNow(tx)
    const account = accountOf(facts, { calendar, resendByHandMs }, now)
    const refusal = letterRefusal(facts, account)
    if (refusal) return refused(refusal.reason, refusal.message)
    const computed = (await readComputedDueDates(tx, [facts])).get(facts.id)
    const proposed = proposalOf(facts, account, { calendar, computed, now })
    const newDueAt = given ?? proposed.newDueAt
    const reason = written ?? proposed.reason
    if (!newDueAt)
      return refused(
        'DATE_NEEDED',
        'Sổ thời gian không cho biết ngày hẹn lại (hồ sơ không mất thời gian vì liên thông, hoặc ngày đó ở sau lịch làm việc đã nạp): hãy nhập ngày.',
      )
    if (reason === null) return refused('REASON_NEEDED', 'Hồ sơ không chậm vì liên thông: hãy ghi lý do.')
    const wrongDate = dateRefusal(newDueAt, facts.dueAt, calendar, now)
    if (wrongDate) return wrongDate
    const year = Number(localDateOf(now).slice(0, 4))
    const number = await nextLetterNumber(tx, year)
    const content: LetterContent = {
      parentAgency: settings.parentAgency ?? null,
      agency: settings.agency ?? `Ủy ban nhân dân ${lowerFirst(subject.unitName)}`,
      place: settings.place ?? subject.unitName.replace(/^(Xã|Phường|Thị trấn)\s+/u, ''),
      symbol: settings.symbol,
      dossierCode: facts.code,
      procedureName: subject.procedureName,
      applicantName: subject.applicantName,
      applicantAddress: subject.applicantAddress,
      receivedAt: facts.receivedAt.toISOString(),
      dueAt: facts.dueAt.toISOString(),
      newDueAt: newDueAt.toISOString(),
      reason,
      signedBy: actor.displayName,
    }
    const { id: letterId } = await tx.orm.apologyLetter.create({
      data: {
        dossierId,
        year,
        number,
        issuedAt: now,
        issuedBy: actor.subject,
        issuedByName: actor.displayName,
        dueAt: facts.dueAt,
        newDueAt,
        reason,
        content: { ...content },
      },
      select: { id: true },
    })
    await tx.orm.auditEntry.create({
      data: {
        ...personOf(actor),
        act: 'ISSUE_APOLOGY_LETTER',
        dossierId,
        reason,
        before: { dueAt: content.dueAt },
        after: { letterId, number: letterNumber({ number, year }, settings.symbol), newDueAt: content.newDueAt, request: requestKey },
      },
    })
    return { kind: 'ISSUED', letterId }
  })
}

/** In phiếu: who takes the document in hand, in the trail before it leaves. */
export const recordLetterPrint = (db: Database, { actor, letterId, dossierId }: { actor: Caller; letterId: string; dossierId: string }) =>
  db.transaction((tx) =>
    tx.orm.auditEntry.create({
      data: {
        ...personOf(actor),
        act: 'PRINT_APOLOGY_LETTER',
        dossierId,
        reason: 'In phiếu xin lỗi',
        before: {},
        after: { letterId },
      },
      select: { id: true },
    }),
  )
