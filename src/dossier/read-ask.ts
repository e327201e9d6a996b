/**
 * Cách đọc một phần nằm ở hệ thống khác. LIVE: a call now, or the one that is reading the same already, unless
 * what it reads was said to have changed since it began. CACHED: what was read within its lifetime; what is somewhat
 * older is given while it is being read again. SNAPSHOT: the last value read by any gateway, from the database; nobody is called.
 */
export const READ_MODES = ['LIVE', 'CACHED', 'SNAPSHOT'] as const
export type ReadMode = (typeof READ_MODES)[number]

export interface ReadAsk {
  /** CACHED when left out. */
  readonly mode?: ReadMode
  /** Longest that the asker waits, ms; then the last value known is given, and the reading goes on for those who come later. */
  readonly maxWaitMs?: number | undefined
}

/**
 * How a value came to be shown. LIVE: read for this answer. CACHED: within its lifetime. REFRESHING: past it and being read again. SNAPSHOT: as it was asked
 * for. STALE: the source could not be read. LATE: the source has not answered yet.
 */
export const READ_STATES = ['LIVE', 'CACHED', 'REFRESHING', 'SNAPSHOT', 'STALE', 'LATE'] as const
export type ReadState = (typeof READ_STATES)[number]

/**
 * One value of the land registry and how fresh it is. `known` is false when the registry answered that it has no such thing, null when
 * nothing is known: then `value` and `asOf` are null too.
 */
export interface FreshRead<Value> {
  readonly value: Value | null
  readonly known: boolean | null
  readonly asOf: Date | null
  readonly state: ReadState
  /** A sentence in Vietnamese; null for LIVE and CACHED. */
  readonly staleBecause: string | null
  /** Left out: every code could be said in the other side's words. */
  readonly missing?: MissingMapping
}

/** Thiếu ánh xạ: for want of it the value was not asked for, or a part of it stands in codes of the other side. */
export interface MissingMapping {
  /** `KIND:code`. */
  readonly field: string
  /** A sentence in Vietnamese, without its full stop. */
  readonly sentence: string
}
