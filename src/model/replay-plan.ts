import type { InEach, Language } from './language.js'

/**
 * Kế hoạch gửi lại: a filter of transfers frozen to a list, and what a named person may do with it.
 *
 *   DRAFT ─ dry run ─► DRY_RUNNING ─► READY ─ start ─► RUNNING ─► DONE
 *                           │           ▲               │  ▲
 *                           ▼           │ approve  pause │  │ resume
 *                    AWAITING_APPROVAL ─┘               ▼  │
 *                                              PAUSED, or STOPPED by its share of failures
 *
 * A run does what the dry run has foreseen, or leaves a transfer out and says why; so nothing runs before a dry run, and a new dry run takes an
 * approval away. Whatever is not over can be cancelled. The machine's moves are the two that need no arrow's name above, DONE and STOPPED.
 */
export const REPLAY_PLAN_STATES = [
  'DRAFT',
  'DRY_RUNNING',
  'READY',
  'AWAITING_APPROVAL',
  'RUNNING',
  'PAUSED',
  'STOPPED',
  'DONE',
  'CANCELLED',
] as const
export type ReplayPlanState = (typeof REPLAY_PLAN_STATES)[number]

/** What is done with each transfer: its frozen body again under its key, or one with the dossier's present content in its place. */
export const REPLAY_PLAN_KINDS = ['REPLAY', 'SUPERSEDE'] as const
export type ReplayPlanKind = (typeof REPLAY_PLAN_KINDS)[number]

export const REPLAY_FORECASTS = [
  'WOULD_BE_SENT',
  'ALREADY_THERE',
  'STILL_REJECTED',
  'BLOCKED',
  'CHANGED',
  'UNCERTAIN',
  'NOT_ALLOWED',
] as const
export type ReplayForecast = (typeof REPLAY_FORECASTS)[number]

/** Of these alone a run does something: what was foreseen otherwise is left out. */
export const RUNNABLE_FORECASTS: readonly ReplayForecast[] = ['WOULD_BE_SENT', 'ALREADY_THERE']

export const REPLAY_RESULTS = ['WAITING', 'QUEUED', 'DELIVERED', 'FAILED', 'BLOCKED', 'SKIPPED'] as const
export type ReplayResult = (typeof REPLAY_RESULTS)[number]

export const PLAN_ACTS = ['DRY_RUN', 'APPROVE', 'START', 'PAUSE', 'RESUME', 'CANCEL'] as const
export type PlanAct = (typeof PLAN_ACTS)[number]

interface PlanMove {
  readonly from: readonly ReplayPlanState[]
  readonly to: ReplayPlanState
  /** As in "không thể … kế hoạch" and "đã được … bởi". */
  readonly words: string
}

export const PLAN_MOVES: Readonly<Record<PlanAct, PlanMove>> = {
  DRY_RUN: { from: ['DRAFT', 'READY', 'AWAITING_APPROVAL'], to: 'DRY_RUNNING', words: 'chạy thử' },
  APPROVE: { from: ['AWAITING_APPROVAL'], to: 'READY', words: 'duyệt' },
  START: { from: ['READY'], to: 'RUNNING', words: 'cho chạy' },
  PAUSE: { from: ['RUNNING'], to: 'PAUSED', words: 'tạm dừng' },
  RESUME: { from: ['PAUSED', 'STOPPED'], to: 'RUNNING', words: 'cho chạy tiếp' },
  CANCEL: {
    from: ['DRAFT', 'DRY_RUNNING', 'READY', 'AWAITING_APPROVAL', 'RUNNING', 'PAUSED', 'STOPPED'],
    to: 'CANCELLED',
    words: 'hủy',
  },
}

const STATE_WORDS: Readonly<Record<ReplayPlanState, InEach<string>>> = {
  DRAFT: { vi: 'Đã chốt danh sách, chưa chạy thử', en: 'List frozen, no dry run yet' },
  DRY_RUNNING: { vi: 'Đang chạy thử', en: 'Dry run under way' },
  READY: { vi: 'Sẵn sàng chạy', en: 'Ready to run' },
  AWAITING_APPROVAL: { vi: 'Chờ người thứ hai duyệt', en: 'Awaits a second person’s approval' },
  RUNNING: { vi: 'Đang chạy', en: 'Running' },
  PAUSED: { vi: 'Đang tạm dừng', en: 'Paused' },
  STOPPED: { vi: 'Đã tự dừng vì nhiều lượt lỗi', en: 'Has stopped itself, for many have failed' },
  DONE: { vi: 'Đã xong', en: 'Done' },
  CANCELLED: { vi: 'Đã hủy', en: 'Cancelled' },
}
export const describePlanState = (state: ReplayPlanState, language: Language = 'vi'): string => STATE_WORDS[state][language]

const FORECAST_WORDS: Readonly<Record<ReplayForecast, InEach<string>>> = {
  WOULD_BE_SENT: { vi: 'Sẽ được gửi', en: 'Would be sent' },
  ALREADY_THERE: { vi: 'Bên nhận đã có, không gửi lại', en: 'The other side has it, not sent again' },
  STILL_REJECTED: { vi: 'Vẫn chưa gửi được', en: 'Still cannot be sent' },
  BLOCKED: { vi: 'Bị lượt đứng trước chặn', en: 'Blocked by the one before it' },
  CHANGED: { vi: 'Đã thay đổi từ khi chốt danh sách', en: 'Changed since the list was frozen' },
  UNCERTAIN: { vi: 'Chưa chắc chắn', en: 'Uncertain' },
  NOT_ALLOWED: { vi: 'Không được phép ở trạng thái này', en: 'Not allowed in this state' },
}
export const describeForecast = (forecast: ReplayForecast, language: Language = 'vi'): string => FORECAST_WORDS[forecast][language]

const RESULT_WORDS: Readonly<Record<ReplayResult, InEach<string>>> = {
  WAITING: { vi: 'Chưa đến lượt', en: 'Its turn has not come' },
  QUEUED: { vi: 'Đã xếp hàng, chờ kết quả', en: 'Queued, its result is awaited' },
  DELIVERED: { vi: 'Bên nhận đã có', en: 'The other side has it' },
  FAILED: { vi: 'Không thành', en: 'Failed' },
  BLOCKED: { vi: 'Đã xếp hàng, bị lượt đứng trước chặn', en: 'Queued, blocked by the one before it' },
  SKIPPED: { vi: 'Bỏ qua', en: 'Left out' },
}
export const describeResult = (result: ReplayResult, language: Language = 'vi'): string => RESULT_WORDS[result][language]

/** What a filter asks of a person. Whoever may not see persons is not shown it, and it is not kept longer than the plan. */
export const PERSONAL_CONDITIONS = ['applicant', 'text'] as const

/** A filter as it may be kept for ever. */
export const withoutPersons = (asked: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    Object.entries(asked).map(([name, value]) => [name, (PERSONAL_CONDITIONS as readonly string[]).includes(name) ? '***' : value]),
  )

/** Whether what was found or approved then does not hold any more. */
export const isPast = (at: Date | null, validHours: number, now: Date): boolean =>
  at === null || now.getTime() - at.getTime() > validHours * 3_600_000

/** Khung giờ chạy: `HH:mm` in Asia/Ho_Chi_Minh; from later than to means over midnight. Who means all day gives none: both the same may be a slip. */
export interface DailyWindow {
  readonly from: string
  readonly to: string
}

interface WindowFault {
  readonly reason: 'WINDOW_INCOMPLETE' | 'WINDOW_EMPTY'
  readonly field: 'windowFrom' | 'windowTo'
  /** A sentence in Vietnamese. */
  readonly message: string
}

/** What is wrong with the hours that somebody gives a plan; none at all are right too. */
export const windowFaultOf = (from: string | null, to: string | null): WindowFault | null => {
  if ((from === null) !== (to === null))
    return { reason: 'WINDOW_INCOMPLETE', field: 'windowFrom', message: 'Khung giờ chạy cần cả giờ bắt đầu và giờ kết thúc.' }
  if (from !== null && from === to)
    return {
      reason: 'WINDOW_EMPTY',
      field: 'windowTo',
      message: 'Giờ kết thúc của khung giờ chạy phải khác giờ bắt đầu; để chạy cả ngày thì bỏ khung giờ.',
    }
  return null
}

const OFFSET_MS = 7 * 3_600_000

export const isWithin = ({ from, to }: DailyWindow, now: Date): boolean => {
  const time = new Date(now.getTime() + OFFSET_MS).toISOString().slice(11, 16)
  if (from === to) return true
  return from < to ? time >= from && time < to : time >= from || time < to
}

/** Nhịp: how many may go now, and the mark up to which the throttle has then been used. No more than a second's worth is saved up. */
export const pacedAt = (perSecond: number, mark: Date | null, now: Date): { readonly allowed: number; markAfter(used: number): Date } => {
  const most = Math.max(1, perSecond)
  const earliest = now.getTime() - (most / perSecond) * 1_000
  const from = Math.max(mark?.getTime() ?? earliest, earliest)
  return {
    // A whole one that rounding has made a little less is a whole one.
    allowed: Math.floor(((now.getTime() - from) * perSecond) / 1_000 + 1e-9),
    markAfter: (used) => new Date(from + Math.ceil((used * 1_000) / perSecond)),
  }
}

interface Settled {
  readonly delivered: number
  readonly failed: number
}

/** Mức dừng: the share of failures that a plan bears, once enough have come to an end; null: it bears any. */
interface StopRule {
  readonly stopAtFailureShare: number | null
  readonly stopAfterSettled: number
}

/** Whether so many failures are more than the share that a plan bears. */
export const isTooMany = ({ delivered, failed }: Settled, rule: StopRule): boolean => {
  const settled = delivered + failed
  return rule.stopAtFailureShare !== null && settled >= rule.stopAfterSettled && failed / settled > rule.stopAtFailureShare
}

/**
 * Số lượt cùng chờ kết quả: as many as must end before the share counts, or, where that is more, as many as could all fail without passing it. So what a
 * plan has sent when it stops itself is at most the first many too much, and one that goes well grows with what it has delivered, by a quarter of it at a share of a fifth.
 */
export const mostUnderWay = ({ delivered, failed }: Settled, { stopAtFailureShare: share, stopAfterSettled }: StopRule): number => {
  if (share === null || share >= 1) return Number.POSITIVE_INFINITY
  const bearable = Math.floor((share * (delivered + failed) - failed) / (1 - share) + 1e-9)
  return Math.max(stopAfterSettled, bearable)
}

/** Số lượt có kết quả gần đây: rows that came to an end within the same step of `PACE_STEP_S` seconds; `ago` in such steps, 0 the present one. */
export interface RecentEnds {
  readonly ago: number
  readonly count: number
}
export const PACE_STEP_S = 5

/** What is left of a plan, and how fast it goes. */
export interface PlanPace {
  readonly state: ReplayPlanState
  readonly rowCount: number
  /** Rows without a forecast. */
  readonly unseen: number
  /** Rows without a result. */
  readonly open: number
  /** Of the last minutes, the latest first. */
  readonly lately: readonly RecentEnds[]
  /** Since the last act or change of state, seconds. */
  readonly elapsedS: number
  readonly perSecond: number | null
}

/** For so long without a row that comes to an end a plan stood still: what lies before that says nothing of how it goes now. */
const STILL_S = 15
/** Out of less than this nobody reckons. */
const FEWEST_ROWS = 10
const SHORTEST_S = 10

/** Rows a second since it last stood still: whoever was away, a worker that was started anew or a system that did not answer, does not count. */
const rateOf = ({ lately, elapsedS, perSecond }: PlanPace): number | null => {
  const mostSteps = Math.max(STILL_S, 3 / (perSecond ?? 1)) / PACE_STEP_S
  let rows = 0
  let earliest = 0
  for (const { ago, count } of lately) {
    if (ago - earliest > mostSteps) break
    rows += count
    earliest = ago
  }
  const span = Math.min((earliest + 1) * PACE_STEP_S, Math.max(elapsedS, 1))
  if (rows >= FEWEST_ROWS && span >= SHORTEST_S) return rows / span
  return rows > 0 || elapsedS <= STILL_S ? perSecond : null
}

/** Còn khoảng bao lâu, seconds, going on as it went lately; null: nobody can say. */
export const remainingSecondsOf = (pace: PlanPace): number | null => {
  const { state, rowCount, unseen, open, elapsedS } = pace
  const at = (left: number, rate: number | null): number | null => {
    if (left === 0) return 0
    return rate !== null && rate > 0 ? Math.ceil(left / rate) : null
  }
  if (state === 'DRY_RUNNING') return at(unseen, (rowCount - unseen) / Math.max(elapsedS, 1))
  return state === 'RUNNING' ? at(open, rateOf(pace)) : null
}
