/**
 * Lịch thử lại: a list of waits that a person can read; the last one repeats. A transfer has a budget in time, at least two
 * working days and never less than until its due date, not a count that a night exhausts.
 */
export interface RetrySchedule {
  /** Waits in ms after the 1st, 2nd, … failure. */
  readonly waitsMs: readonly number[]
  /** Share by which a wait is drawn longer or shorter, 0..1, so that a backlog does not come back all at once. */
  readonly jitter: number
  /** Bounds of what a peer's Retry-After may ask. */
  readonly retryAfterMinMs: number
  readonly retryAfterMaxMs: number
}

export const MIN_BUDGET_WORKING_DAYS = 2

/** Wait before the next attempt. `random` in [0, 1). A peer's Retry-After lengthens the schedule within its bounds, never shortens it. */
export const nextWaitMs = (schedule: RetrySchedule, failures: number, random: number, retryAfterMs?: number): number => {
  const index = Math.min(Math.max(failures, 1), schedule.waitsMs.length) - 1
  const base = schedule.waitsMs[index] ?? 60_000
  const drawn = Math.round(base * (1 + schedule.jitter * (2 * random - 1)))
  return Math.max(drawn, retryAfterWithin(schedule, retryAfterMs) ?? 0)
}

/** What a peer's Retry-After may ask of us; undefined when it asked nothing that is a number. */
export const retryAfterWithin = (schedule: RetrySchedule, askedMs?: number): number | undefined =>
  askedMs === undefined || !Number.isFinite(askedMs)
    ? undefined
    : Math.min(Math.max(askedMs, schedule.retryAfterMinMs), schedule.retryAfterMaxMs)
