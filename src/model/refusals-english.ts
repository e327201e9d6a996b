import { describeLastAct, type LastAct } from './transfer-acts.js'

/**
 * Lời từ chối bằng tiếng Anh, by the stable code that each refusal carries. A code is told in general: where the Vietnamese sentence names more (who, when, how many, which state),
 * that sentence is quoted behind it, for nothing of it may be lost.
 */
interface EnglishRefusal {
  readonly says: string
  /** The Vietnamese sentence names what the code does not. */
  readonly namesMore?: true
}

const of = (says: string): EnglishRefusal => ({ says })
const andMore = (says: string): EnglishRefusal => ({ says, namesMore: true })

const REFUSALS: Readonly<Record<string, EnglishRefusal>> = {
  // Acts on a transfer, a plan, a batch, a run, a note.
  STALE_WRITE: andMore('This has changed since you looked at it: look again, then decide.'),
  ILLEGAL_TRANSITION: andMore('This cannot be done in the state in which it is.'),
  OUTCOME_UNCERTAIN: of(
    'It is not known whether the other side has it: confirm the outcome, or replay so that it is asked for, before anything else.',
  ),
  PREDECESSOR_MISSING: of(
    'The other side does not have this dossier: supersede the introduction that was given up, or confirm that it was entered there; then this one goes by itself.',
  ),
  NEEDS_APPROVAL: of('The content was amended and is not approved: another operator has to approve it before it is sent.'),
  AMENDMENT_DECLINED: of('The amended content was declined: amend it again, or supersede it with what its source says now.'),
  FILES_DIFFER: of(
    'The other side holds other files than were sent, and asking again does not prove that this was mended: look there, then confirm that it was taken (all files are there) or is not there (that dossier was removed: this one is sent again).',
  ),
  NOTHING_TO_CONFIRM: andMore('In its state there is nothing to confirm.'),
  TOO_EARLY: of('The other side may still be working on the last sending: it may be confirmed as absent only later.'),
  NOTHING_TO_APPROVE: andMore('No amended content of this transfer awaits approval.'),
  OWN_APPROVAL: of('Nobody approves what is his own: another operator is needed.'),
  NEWER_BEHIND: of('A newer transfer with newer content stands behind it: give this one up, so that the newer one can go.'),
  NOTHING_CHANGED: of(
    'The content does not differ: mend it at its source before superseding, or replay if the fault was at the other side and is mended.',
  ),
  FACT_UNCHANGED: andMore('It carries something that has happened, and its source tells it as before: replay it, or have it told again.'),
  NOTHING_AMENDED: of('The amended content does not differ from its source: supersede or replay the transfer instead.'),
  ADOPTION: of('This transfer only compares history with the other side and sends nothing: there is nothing to amend.'),
  SOURCE_TOLD_AGAIN: of('Its source has told this again with other content: supersede the transfer to send that.'),
  NOT_AMENDED: of('Nobody has amended the content of this transfer.'),
  NO_EVIDENCE: of('Nothing of this attempt went over the wire, or its content is kept no longer.'),
  FORBIDDEN: of('Your account has no right to do this.'),
  'dossiers.applicant': of('Your role does not search by applicant: drop that condition, the others can be used.'),
  // Replay plans.
  NO_CONDITION: of('There is no condition: the plan would freeze every transfer. Give one condition at least, or say that all are meant.'),
  NOTHING_MATCHES: of('Nothing matches this filter.'),
  TOO_MANY_MATCHED: andMore('Too many match: narrow the filter.'),
  FORECAST_EXPIRED: andMore('The dry run is too old: run it again.'),
  APPROVAL_EXPIRED: andMore('The approval is too old: run the dry run again and have a second person approve it.'),
  ROWS_CHANGED: andMore('Transfers of the plan have moved since the dry run: run it again and have a second person approve it.'),
  NOTHING_TO_RUN: of('The dry run found nothing that could be sent: see the reasons, handle them and run it again.'),
  NOTHING_LEFT: of('Nothing of the plan is left to be sent: see what has failed, handle it and make a new plan.'),
  CHANGED: of('It has changed since the list was frozen: nothing is done with it.'),
  BLOCKED: andMore('An earlier transfer has not passed and waits for a person.'),
  NOT_THERE_NOW: of('The dry run found that the other side had it, and now it is not certain: make a new plan for this transfer.'),
  // Reconciliation.
  REASON_MISSING: of('Give the reason: who looks at it later has to know why.'),
  NO_SYSTEM: of('No system that can be compared was chosen.'),
  RANGE_MISSING: of('Give days of reception when, and only when, a range of days is chosen.'),
  RANGE_REVERSED: of('The first day lies after the last one.'),
  RANGE_TOO_WIDE: andMore('A range of days of reception spans 20 years at most: look at the year again.'),
  ALREADY_RUNNING: andMore('A run of this kind is not over: wait for it, or cancel it first.'),
  RUN_HALTED: of('The run was stopped: it repairs nothing more by itself.'),
  IN_FLIGHT: of('Changes of this dossier are under way: the next run will look again.'),
  MOVED_ON: of('Here the dossier is no more what it was when both sides were looked at: wait until the next run has looked again.'),
  NOT_COMPARED: of('That system is not compared by this configuration, so it cannot be read again for a repair.'),
  UNREADABLE_THERE: of(
    'The other side holds something of this dossier that cannot be read now: nothing is repaired by what was seen before.',
  ),
  THEIRS_TO_DECIDE: of('By the table of authority this is for the other side to decide: it is not sent over what they hold.'),
  NOT_THEIRS_TO_DECIDE: of('By the table of authority this is not for the other side to decide: it is not taken over here.'),
  NOT_REPAIRABLE_HERE: of('What they hold tells too little to mend this here: they have to tell it in full.'),
  NOTHING_THERE: of('The other side does not have this dossier, so there is nothing to take over here.'),
  TWICE_THERE: of('The other side holds this code several times: what is too many has to go over there, there is nothing to mend here.'),
  NOTHING_DIFFERS: of('Both sides agree, so there is nothing to repair: whoever has the dossier that stands still has to move it.'),
  NOT_APPLICABLE_HERE: andMore('What they hold cannot be applied to the dossier as it stands here.'),
  NOT_HERE: of('The gateway does not have this dossier, so there is nothing to send.'),
  NOT_REPAIRABLE_THERE: andMore('No operation mends this over there: mend it there, or here.'),
  TRANSFER_OPEN: andMore('A transfer to that system is not done or blocks: handle it first.'),
  ROUTE_NOT_LIVE: andMore('The route does not send today (it is not LIVE).'),
  // Alerts, messages, systems.
  ALERT_OVER: andMore('The alert is over.'),
  ALREADY_ACKNOWLEDGED: andMore('Somebody has taken this alert already.'),
  NO_CHANNEL: of('No channel is configured, or alerts are off: set "alerts.mail" or "alerts.webhooks".'),
  CHANNEL_UNKNOWN: andMore('There is no such channel.'),
  ALREADY_DISMISSED: of('The message was dismissed before.'),
  NOT_IN_CONFLICT: of('Only a message that contradicts what is known can be dismissed.'),
  NO_ALARM: of('There is no alarm to clear.'),
  STILL_REREADING: andMore('The feed is still being read again.'),
  WINDOW_OVERLAPS: andMore('It overlaps another maintenance window.'),
  // Letters of apology.
  DATE_PASSED: of('The new date has to lie ahead.'),
  DATE_NOT_LATER: andMore('The new date has to be later than the one that was promised.'),
  DATE_TOO_FAR: of('The new date may lie no more than a year ahead.'),
  OFFICE_CLOSED: of('The office is closed then: choose a day and a time at which it works.'),
  DATE_NEEDED: of('The time ledger does not tell a new date: give one.'),
  REASON_NEEDED: of('The dossier is not late because of the interlink: give the reason.'),
  WAS_ON_TIME: of('The dossier was on time.'),
}

/** Lỗi của yêu cầu, by the code of the error when its finer reason stands in no table. */
const FAULTS: Readonly<Record<string, EnglishRefusal>> = {
  UNAUTHENTICATED: of('Sign in again: the token is missing, wrong or has expired.'),
  FORBIDDEN: of('Your account has no right to do this.'),
  NOT_FOUND: andMore('It was not found, or is not yours to see.'),
  INVALID_INPUT: andMore('The request cannot be taken as it is.'),
  STALE_WRITE: REFUSALS.STALE_WRITE as EnglishRefusal,
  ILLEGAL_TRANSITION: REFUSALS.ILLEGAL_TRANSITION as EnglishRefusal,
  UPSTREAM_UNAVAILABLE: andMore('The other system cannot be read now.'),
  MAPPING_FAILED: andMore('A code has no mapping.'),
  INTERNAL: andMore('Something unforeseen went wrong. Try again, or tell the technicians the reference.'),
}

/** What the database could not do (`errors.ts`), by what that means for the caller. */
const UNAVAILABLE: Readonly<Record<string, EnglishRefusal>> = {
  NOT_STORED: of('Nothing can be stored now: it was not taken, send it again later.'),
  PERHAPS_STORED: of(
    'The connection to the data was lost in between: send the same request with the same key; what was taken is not taken twice.',
  ),
  NOT_READ: of('The data cannot be read now: try again in a few seconds.'),
}

const own = (table: Readonly<Record<string, EnglishRefusal>>, code: string | undefined): EnglishRefusal | undefined =>
  code !== undefined && Object.hasOwn(table, code) ? table[code] : undefined

/** What a code says, for what is recorded by its Vietnamese sentence alone. */
export const refusalSays = (code: string): string => own(REFUSALS, code)?.says ?? code

const told = (known: EnglishRefusal | undefined, vietnamese: string): string => {
  if (!known) return vietnamese
  return known.namesMore ? `${known.says} (“${vietnamese}”)` : known.says
}

/** A refusal as it is kept: its code, its Vietnamese sentence, and by whom what stands in the way came to be, where that is known. */
export interface SpokenRefusal {
  readonly reason: string
  readonly message: string
  readonly by?: LastAct | null
  /** What has the place of the transfer now. */
  readonly successor?: string | null
}

const withBy = (says: string, by: LastAct, successor: string | null | undefined): string =>
  `${says.replace(/\.$/, '')} (${describeLastAct(by, 'en')}${successor ? `; ${successor} has its place now` : ''}).`

/** What was refused. A code that stands in no table keeps its Vietnamese sentence. */
export const refusalInEnglish = ({ reason, message, by, successor }: SpokenRefusal): string => {
  const known = own(REFUSALS, reason)
  return known && by ? withBy(known.says, by, successor) : told(known, message)
}

/** Why an act is not offered, beside the transfer that shows its own state: nothing is quoted. */
export const notOfferedInEnglish = (refusal: SpokenRefusal): string =>
  refusal.by ? refusalInEnglish(refusal) : (own(REFUSALS, refusal.reason)?.says ?? refusal.message)

export const faultInEnglish = (code: string | undefined, reason: string | undefined, vietnamese: string): string =>
  told(own(UNAVAILABLE, reason) ?? own(REFUSALS, reason) ?? own(FAULTS, code), vietnamese)

export const KEY_REUSED_IN_ENGLISH = 'This key was used for a request with other content.'
