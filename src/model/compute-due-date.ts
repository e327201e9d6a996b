import {
  type DeadlineRules,
  type PauseRule,
  pauseRuleOf,
  STOPPING_STATUSES,
  type SupplementPolicy,
  statutoryTimeOf,
  supplementPolicyOf,
} from './deadline-rules.js'
import { type DossierStatus, describeStatus } from './dossier-status.js'
import type { ClockEvent, DueDate, DueDateQuestion, DueDateStep, NotComputableReason } from './due-date.js'
import { unconfirmedBasis } from './unconfirmed-basis.js'
import { localDateOf, type WorkingCalendar } from './working-calendar.js'

/** Tính hạn trả: the walk along a dossier's events. What it guarantees stands in `due-date.ts`. */
class NotComputable {
  constructor(
    readonly reason: NotComputableReason,
    readonly at: Date,
    readonly leftMs?: number,
  ) {}
}

const DAY_MS = 86_400_000

export const computeDueDate = (question: DueDateQuestion, rules: DeadlineRules, calendar: WorkingCalendar): DueDate => {
  const walk = new Walk(question, rules, calendar)
  try {
    const dueAt = walk.toTheEnd()
    const reservations = calendar.gapsBetween(walk.start, dueAt).map(({ reason }) => reason)
    const unconfirmed = unconfirmedBasis(walk.steps, calendar, walk.start, dueAt)
    return { kind: 'COMPUTED', dueAt, steps: walk.steps, reservations, unconfirmed }
  } catch (error) {
    if (!(error instanceof NotComputable)) throw error
    return { kind: 'NOT_COMPUTABLE', reason: error.reason, at: error.at, leftMs: error.leftMs, steps: walk.steps }
  }
}

/** One walk along the events of a dossier. */
class Walk {
  readonly steps: DueDateStep[] = []
  start: Date
  /** Working time allowed, and used of it. */
  private allowedMs = 0
  private usedMs = 0
  private status: DossierStatus = 'ACCEPTED'
  private step: string | null = null
  /** Since when the clock runs or stands. */
  private since: Date
  private pause: PauseRule | undefined
  /** The supplement that status 5 waits for was handed in. */
  private answered = false
  /** A wait was ended by the registry before its supplement was told of. */
  private resumedUntold = false

  constructor(
    private readonly question: DueDateQuestion,
    private readonly rules: DeadlineRules,
    private readonly calendar: WorkingCalendar,
  ) {
    this.start = question.receivedAt
    this.since = question.receivedAt
  }

  toTheEnd(): Date {
    const events = this.receive()
    for (const event of events) {
      const due = event.kind === 'SUPPLEMENT' ? this.handIn(event) : this.report(event)
      if (due) return this.due(due)
      if (describeStatus(this.status).clock === 'ENDED')
        return this.due(this.calendar.addWorkingMs(this.since, this.allowedMs - this.usedMs))
    }
    if (this.status !== this.question.status) throw new NotComputable('HISTORY_INCOMPLETE', events.at(-1)?.at ?? this.start)
    this.endPosting(undefined)
    if (this.pause) {
      this.say('STOPPED', this.since, null, 0, this.pause)
      throw new NotComputable('PAUSE_OPEN', this.since, this.allowedMs - this.usedMs)
    }
    return this.due(this.calendar.addWorkingMs(this.since, this.allowedMs - this.usedMs))
  }

  /** Where the clock begins: reception, or for what was handed in first its acceptance. Returns what follows. */
  private receive(): readonly ClockEvent[] {
    const [first, ...rest] = this.question.events
    if (!first) throw new NotComputable('HISTORY_INCOMPLETE', this.start)
    if (first.statusTo === 'NOT_ACCEPTED') throw new NotComputable('NOT_ACCEPTED', first.at)
    const accepted =
      first.statusTo === 'SUBMITTED' ? rest.findIndex(({ kind, statusTo }) => kind === 'STATUS' && statusTo !== 'SUBMITTED') : -1
    const acceptance = rest[accepted]
    if (first.statusTo === 'SUBMITTED' && !acceptance) throw new NotComputable('NOT_RECEIVED', first.at)
    if (acceptance) {
      if (describeStatus(acceptance.statusTo).clock === 'ENDED') throw new NotComputable('NOT_ACCEPTED', acceptance.at)
      this.start = acceptance.at
    }
    const initial = acceptance ?? first
    // A dossier that was first seen on its way has a past that nobody has told.
    if (initial.statusTo !== 'ACCEPTED' && !(acceptance && initial.statusTo === 'IN_PROGRESS'))
      throw new NotComputable('HISTORY_INCOMPLETE', initial.at)
    this.status = initial.statusTo
    const on = localDateOf(this.start)
    if (on < this.calendar.from || on > this.calendar.to) throw new NotComputable('CALENDAR_MISSING', this.start)
    const time = statutoryTimeOf(this.rules, this.question.procedureKey, on)
    if (!time) throw new NotComputable('NO_STATUTORY_TIME', this.start)
    this.allowedMs = time.days * this.calendar.hoursPerDay * 3_600_000
    this.since = this.calendar.nextWorkingInstant(this.start)
    this.say('RECEIVED', this.start, this.since, 0, { name: `Thời hạn giải quyết ${time.days} ngày làm việc`, standing: time.standing })
    return acceptance ? rest.slice(accepted + 1) : rest
  }

  private report(event: ClockEvent): Date | undefined {
    const { at, statusFrom, statusTo, step } = event
    if (at < this.start) throw new NotComputable('OUT_OF_ORDER', at)
    if (statusFrom !== null && statusFrom !== this.status && describeStatus(statusFrom).clock !== describeStatus(this.status).clock)
      throw new NotComputable('OUT_OF_ORDER', at)
    const due = this.countTo(at)
    if (due) return due
    const isDemand = statusTo === 'SUPPLEMENT_REQUIRED' && (this.status !== statusTo || this.answered)
    const isResumption = this.status === 'SUPPLEMENT_REQUIRED' && statusTo !== this.status && !this.answered
    const moves = statusTo !== this.status || isDemand || (step !== null && step !== this.step)
    if (!moves) return undefined
    if (statusTo !== this.status) this.step = null
    this.step = step ?? this.step
    this.status = statusTo
    this.answered = false
    if (isDemand) this.resumedUntold = false
    const hasEnded = describeStatus(statusTo).clock === 'ENDED'
    this.turn(at, hasEnded ? undefined : this.pauseOf(at))
    if (isResumption && !hasEnded) {
      this.resumedUntold = true
      this.complete(at)
    }
    return undefined
  }

  private handIn({ at }: ClockEvent): Date | undefined {
    if (at < this.start) throw new NotComputable('OUT_OF_ORDER', at)
    const policy = this.policyOn(at)
    if (this.status === 'SUPPLEMENT_REQUIRED' && !this.answered) {
      if (policy.endsWhen === 'RESUMED') return undefined
      const due = this.countTo(at)
      if (due) return due
      this.answered = true
      this.turn(at, this.pauseOf(at))
      this.complete(at)
      return undefined
    }
    if (this.resumedUntold || this.answered) {
      this.resumedUntold = false
      this.say('IGNORED', at, at, 0, undefined)
      return undefined
    }
    // Nobody has told since when it was waited for.
    if (policy.policy === 'EXTEND') throw new NotComputable('SUPPLEMENT_WITHOUT_DEMAND', at)
    const due = this.countTo(at)
    if (!due) this.complete(at)
    return due
  }

  /** The supplement is complete: what the policy of the day says. */
  private complete(at: Date): void {
    const { policy, standing } = this.policyOn(at)
    if (policy === 'EXTEND') return
    if (!this.pause && this.since < at) this.count(at)
    this.usedMs = 0
    if (!this.pause) this.since = this.calendar.nextWorkingInstant(at)
    this.say('RESTARTED', at, this.pause ? at : this.since, 0, { name: 'Tính lại từ đầu khi nhận đủ bổ sung', standing })
  }

  private count(to: Date): void {
    const worked = this.calendar.workingMsBetween(this.since, to)
    this.usedMs += worked
    this.say('COUNTED', this.since, to, worked, undefined)
    this.since = to
  }

  private policyOn(at: Date): SupplementPolicy {
    const policy = supplementPolicyOf(this.rules, this.question, localDateOf(at))
    if (!policy) throw new NotComputable('NO_RULE', at)
    return policy
  }

  /** What stops the clock in the present status and step, by the rules of the day. */
  private pauseOf(at: Date): PauseRule | undefined {
    const on = localDateOf(at)
    const ofStatus = pauseRuleOf(this.rules, 'STATUS', this.status, this.question, on)
    if (!ofStatus && STOPPING_STATUSES.includes(this.status)) throw new NotComputable('NO_RULE', at)
    const isAnswered = this.status === 'SUPPLEMENT_REQUIRED' && this.answered
    if (ofStatus?.effect === 'STOPS' && !isAnswered) return ofStatus
    const ofStep = this.step === null ? undefined : pauseRuleOf(this.rules, 'STEP', this.step, this.question, on)
    return ofStep?.effect === 'STOPS' ? ofStep : undefined
  }

  /** Takes the time up to `at` into account; returns the due date when it lies before. */
  private countTo(at: Date): Date | undefined {
    this.endPosting(at)
    if (this.pause) return undefined
    const worked = this.calendar.workingMsBetween(this.since, at)
    return this.usedMs + worked >= this.allowedMs ? this.calendar.addWorkingMs(this.since, this.allowedMs - this.usedMs) : undefined
  }

  /** A pause of a fixed length is over when its days are, whether anybody tells of it or not. */
  private endPosting(at: Date | undefined): void {
    const days = this.pause?.calendarDays
    if (days === undefined || days === null) return
    const ends = new Date(this.since.getTime() + days * DAY_MS)
    if (at === undefined || ends < at) this.turn(ends, undefined)
  }

  /** The clock goes over from running to standing, or back, or to another reason for standing. */
  private turn(at: Date, pause: PauseRule | undefined): void {
    if (pause === this.pause) return
    if (this.pause) this.say('STOPPED', this.since, at, 0, this.pause)
    else this.count(at)
    this.pause = pause
    this.since = at
  }

  private due(dueAt: Date): Date {
    const left = this.allowedMs - this.usedMs
    this.usedMs = this.allowedMs
    this.say('COUNTED', this.since, dueAt, left, undefined)
    this.say('DUE', dueAt, dueAt, 0, undefined)
    return dueAt
  }

  private say(
    kind: DueDateStep['kind'],
    from: Date,
    to: Date | null,
    countedMs: number,
    rule: { name: string; standing: string } | undefined,
  ): void {
    // What happens before the office opens lies before the instant from which is counted.
    if ((kind === 'COUNTED' || kind === 'STOPPED') && to !== null && to <= from) return
    const counts = kind === 'COUNTED' && to !== null
    this.steps.push({
      kind,
      from,
      to,
      countedMs,
      totalMs: this.usedMs,
      rule: rule?.name ?? null,
      standing: rule?.standing ?? null,
      daysOff: counts ? this.calendar.daysOffBetween(from, to).map(({ date }) => date) : [],
      compensatingDays: counts ? this.calendar.compensatingDaysBetween(from, to) : [],
    })
  }
}
